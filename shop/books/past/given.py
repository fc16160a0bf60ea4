"""Movements that no rule of earning decides: gifts and prizes, spendings and holds, and what came back of them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from shop.books.past.ends import LAST, Ends
from shop.books.rulebooks import occasion_under
from shop.extensions import db
from shop.models import Deed, Hold, Lot, PointsAccount, PointsEntry, is_main_account, is_main_entry
from shop.rules.points.simulation import (
    Captured,
    Event,
    Given,
    Held,
    OpeningLot,
    Released,
    Restored,
    Spent,
    Undone,
)

Placed = tuple[datetime, int, Event]
SINCE = bindparam("since", type_=PointsEntry.occurred_at.type)
DECIDED = ("order:", "purchase:", "signin:", "signin-milestone:", "signin-month:", "deed:")
"""References of earnings that are replayed from their causes."""
MERGED = ("merge:", "part:")
"""Lots that move between two accounts are replayed from the merge."""
UNDONE_FILE = "import-undo:"
GIVEN = 2**40
"""Added to the entry's id, so that what was given has a number that no purchase has."""
ENTRIES = (
    select(
        PointsEntry.id,
        PointsAccount.member_id,
        PointsEntry.points,
        PointsEntry.kind,
        PointsEntry.reference,
        PointsEntry.source_class,
        PointsEntry.occurred_at,
        PointsEntry.corrects_entry_id,
        PointsEntry.rulebook_version,
        Lot.id.label("lot_id"),
        Lot.available_at,
        Lot.thawed_available_at,
        Lot.expires_at,
        Lot.extension,
        Lot.extension_days,
        Lot.extensions_left,
    )
    .join(PointsAccount, (PointsAccount.id == PointsEntry.account_id) & is_main_account)
    .outerjoin(Lot, Lot.entry_id == PointsEntry.id)
    .where(PointsEntry.occurred_at >= SINCE, PointsEntry.kind != "expire")
    .order_by(PointsEntry.id)
)
HOLDS = (
    select(
        Hold.id,
        Hold.reference,
        Hold.points,
        Hold.state,
        Hold.created_at,
        Hold.ended_at,
        PointsAccount.member_id,
    )
    .join(PointsAccount, (PointsAccount.id == Hold.account_id) & is_main_account)
    .where((Hold.ended_at >= SINCE) | (Hold.ended_at.is_(None)))
    .order_by(Hold.id)
)
REVERSED = select(Deed.id, Deed.member_id, Deed.reversed_at).where(Deed.reversed_at >= SINCE)
ASKED_BACK = (
    select(PointsEntry.reference, func.sum(-PointsEntry.points).label("points"))
    .where(
        PointsEntry.kind == "claw_back",
        is_main_entry,
        PointsEntry.reference.startswith("deed:"),
        PointsEntry.occurred_at >= SINCE,
    )
    .group_by(PointsEntry.reference)
)


def movements_since(start: datetime, ends: Ends) -> Iterator[Placed]:
    """Gifts, spendings and returns, each with its place in the book; and what was set aside for a while."""
    holds = db.session.execute(HOLDS, {"since": start}).all()
    captured = {f"{row.reference}:redeem": row for row in holds if row.state == "captured"}
    for each in holds:
        yield from _around(each, start)
    for row in db.session.execute(ENTRIES, {"since": start}).all():
        hold = captured.get(row.reference)
        if hold is not None:
            if (
                hold.created_at == hold.ended_at
            ):  # set aside and taken in one breath: at its place in the book
                yield hold.created_at, row.id, _held(hold)
            yield (
                row.occurred_at,
                row.id,
                Captured(at=row.occurred_at, member_id=row.member_id, key=hold.id, entry=row.id),
            )
        elif (event := _event(row, ends)) is not None:
            yield event.at, row.id, event
    yield from _undone_since(start)


def deed_key(deed_id: int) -> int:
    """The number of a deed, apart from those of purchases."""
    return -deed_id


def _around(hold: Any, start: datetime) -> Iterator[Placed]:
    """A hold that ended later than it began, or has not ended; without its capture, which is an entry."""
    if hold.created_at >= start and hold.created_at != hold.ended_at:
        yield hold.created_at, LAST, _held(hold)
    if hold.state in ("voided", "expired"):
        if hold.created_at == hold.ended_at:
            yield hold.created_at, LAST, _held(hold)
        yield hold.ended_at, LAST, Released(at=hold.ended_at, member_id=hold.member_id, key=hold.id)


def _held(hold: Any) -> Held:
    return Held(at=hold.created_at, member_id=hold.member_id, key=hold.id, points=hold.points)


def _event(row: Any, ends: Ends) -> Event | None:
    if row.reference.startswith(MERGED):
        return None
    if row.kind == "restore":
        return _restored(row)
    if row.kind == "redeem" or (row.kind == "adjust" and row.points < 0):
        return Spent(
            at=row.occurred_at,
            member_id=row.member_id,
            key=row.id,
            points=-row.points,
            is_by_hand=row.kind == "adjust",
        )
    if row.reference.startswith(UNDONE_FILE):
        key = GIVEN + row.corrects_entry_id
        return Undone(at=row.occurred_at, member_id=row.member_id, key=key, points=-row.points)
    if row.points > 0 and not row.reference.startswith(DECIDED):
        return _given(row, ends)
    return None


def _restored(row: Any) -> Restored:
    grace_days = occasion_under(row.rulebook_version, row.occurred_at).rulebook.returns.grace_days
    return Restored(
        at=row.occurred_at,
        member_id=row.member_id,
        key=row.corrects_entry_id,
        points=row.points,
        grace_days=grace_days,
    )


def _given(row: Any, ends: Ends) -> Given:
    lot = None
    if (
        row.kind != "earn"
    ):  # who gave points may have said when they end; what was earned ends as the rules say
        lot = OpeningLot(
            row.lot_id,
            row.points,
            row.occurred_at,
            ends.first_end(row.lot_id, row.expires_at),
            row.occurred_at,
            extension=row.extension,
            extension_days=row.extension_days,
            extensions_left=ends.extensions_left(row.lot_id, row.extensions_left),
        )
    return Given(
        at=row.occurred_at,
        member_id=row.member_id,
        key=GIVEN + row.id,
        points=row.points,
        source_class=row.source_class or "grant",
        counts_as_earned=row.kind == "earn",
        waits_when_frozen=row.kind in ("earn", "grant"),
        available_at=ends.available_at(row.member_id, row),
        lot=lot,
    )


def _undone_since(start: datetime) -> Iterator[Placed]:
    asked: dict[int, int] = {}
    for row in db.session.execute(ASKED_BACK, {"since": start}):
        deed_id = int(row.reference.split(":")[1])
        asked[deed_id] = asked.get(deed_id, 0) + int(row.points)
    for deed in db.session.execute(REVERSED, {"since": start}):
        assert deed.reversed_at is not None, "the statement asks for them"
        points = asked.get(deed.id, 0)
        event = Undone(at=deed.reversed_at, member_id=deed.member_id, key=deed_key(deed.id), points=points)
        yield event.at, LAST, event
