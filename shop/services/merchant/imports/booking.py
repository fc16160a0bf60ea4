"""Good rows become members, entries, lots and messages."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import insert

from shop.books.points import bulk
from shop.books.points.bulk import Credit
from shop.books.rulebooks import Occasion
from shop.extensions import db, table_of
from shop.models import ImportedRow, Message
from shop.models.columns import JsonObject
from shop.rules.merchant.importing import FOREVER, GrantRow, MemberRow
from shop.rules.points.expiry import NEVER, expires_at, start_of_day
from shop.rules.reasons import because
from shop.rules.rulebook import SourceClass
from shop.services.merchant.imports.checking import Checked
from shop.services.merchant.imports.moves import Brought
from shop.services.merchant.imports.newcomers import Newcomer, write_newcomers

NEW_ROW = insert(table_of(ImportedRow))
NEW_MESSAGE = insert(table_of(Message))
A_DAY = timedelta(days=1)


def book_members(
    file: Brought, checked: Checked, newcomers: Sequence[Newcomer], staff_id: int | None, occasion: Occasion
) -> None:
    """Newcomers with an account each, and every balance as a lot of its own."""
    members = {phone: known.member_id for phone, known in checked.known.items()}
    members |= write_newcomers(newcomers)
    rows = cast("Sequence[MemberRow]", checked.good)
    brought = [
        Credit(
            member_id=members[row.phone],
            points=lot.points,
            reference=reference_of(file, row.number, place),
            source_class="grant",
            expires_at=_end_of(lot.last_on, "grant", occasion),
            reasons=(because("imported", source=file.source or file.file_name),),
            staff_id=staff_id,
        )
        for row in rows
        for place, lot in enumerate(row.lots)
    ]
    entry_ids = bulk.credit_all(brought, occasion)
    _write_rows(file, rows, members, entry_ids, {each.phone: each for each in newcomers})
    _greet(file, rows, members, {each.phone for each in newcomers}, occasion.now)


def book_grants(file: Brought, checked: Checked, staff_id: int | None, occasion: Occasion) -> None:
    """Every row an entry with the class that it names."""
    rows = cast("Sequence[GrantRow]", checked.good)
    members = {phone: known.member_id for phone, known in checked.known.items()}
    brought = [
        Credit(
            member_id=members[row.phone],
            points=row.points,
            reference=f"grant-file:{file.booking_key}:{row.number}",
            source_class=row.source_class,
            expires_at=_end_of(None, cast("SourceClass", row.source_class), occasion),
            reasons=(because("granted", reason=row.reason),),
            staff_id=staff_id,
        )
        for row in rows
    ]
    entry_ids = bulk.credit_all(brought, occasion)
    booked = [
        _row(file, row.number, members[row.phone], entry_ids[credit.reference])
        for row, credit in zip(rows, brought, strict=True)
    ]
    db.session.execute(NEW_ROW, booked)
    messages = [
        _message(
            file, each.member_id, "points_granted", each.points, row.number, occasion.now, reason=row.reason
        )
        for row, each in zip(rows, brought, strict=True)
    ]
    db.session.execute(NEW_MESSAGE, messages)


def reference_of(file: Brought, number: int, place: int = 0) -> str:
    """What an entry of an import is booked under; a second and third lot of a row count on."""
    return f"import:{file.id}:{number}" + (f":{place + 1}" if place else "")


def _end_of(last_on: date | None, source_class: SourceClass, occasion: Occasion) -> datetime:
    """Half open: 31 December ends at 00:00 of 1 January.  What the file does not say, the rulebook does."""
    if last_on is None:
        return expires_at(occasion.rulebook.expiry.policy_for(source_class), occasion.now, occasion.zone)
    return NEVER if last_on == FOREVER else start_of_day(last_on + A_DAY, occasion.zone)


def _write_rows(
    file: Brought,
    rows: Sequence[MemberRow],
    members: dict[str, int],
    entry_ids: dict[str, int],
    newcomers: dict[str, Newcomer],
) -> None:
    booked = []
    for row in rows:
        newcomer = newcomers.get(row.phone)
        is_first = newcomer is not None and newcomer.number == row.number
        for place in range(max(1, len(row.lots))):
            entry_id = entry_ids.get(reference_of(file, row.number, place))
            growth = newcomer.growth if newcomer and is_first and place == 0 else 0
            booked.append(
                _row(
                    file, row.number, members[row.phone], entry_id, is_new=newcomer is not None, growth=growth
                )
            )
    db.session.execute(NEW_ROW, booked)


def _row(
    file: Brought, number: int, member_id: int, entry_id: int | None, *, is_new: bool = False, growth: int = 0
) -> JsonObject:
    return {
        "import_id": file.id,
        "row": number,
        "member_id": member_id,
        "entry_id": entry_id,
        "is_new_member": is_new,
        "growth": growth,
    }


def _greet(
    file: Brought, rows: Sequence[MemberRow], members: dict[str, int], new: set[str], now: datetime
) -> None:
    """One message for each member, in this very transaction: no storm of events for the worker."""
    points: dict[str, int] = {}
    for row in rows:
        points[row.phone] = points.get(row.phone, 0) + row.points
    messages = []
    for phone, total in points.items():
        if phone in new:
            kind = "welcome_with_points" if total else "welcome"
        elif total:
            kind = "points_brought"
        else:
            continue
        messages.append(_message(file, members[phone], kind, total, members[phone], now))
    if messages:
        db.session.execute(NEW_MESSAGE, messages)


def _message(
    file: Brought, member_id: int, kind: str, points: int, number: int, now: datetime, **more: str
) -> JsonObject:
    return {
        "member_id": member_id,
        "kind": kind,
        "key": f"import:{file.id}:{number}",
        "params": {"points": points, **more},
        "link": "/rules" if kind == "welcome" else "/member/points",
        "created_at": now,
    }
