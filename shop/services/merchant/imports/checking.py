"""The dry run: every row is read and compared with the members there are; nothing of it is booked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select

from shop.books.points.bulk import chunks
from shop.books.purchase_reports import OLDEST
from shop.books.rulebooks import Occasion, occasion_at
from shop.crypto import blind_index
from shop.extensions import db, table_of
from shop.models import ImportFault, Member, RulebookVersion, Store
from shop.phones import international_phone
from shop.rules.merchant.importing import (
    Bounds,
    GrantRow,
    MemberRow,
    PurchaseRow,
    RowFault,
    RowsRead,
    Till,
    read_grants,
    read_members,
    read_purchases,
)
from shop.rules.merchant.importing.rows import masked
from shop.services.merchant.imports.moves import Brought, forget_faults, move
from shop.services.merchant.imports.receipts import name_of, receipts_known

STEP_ROWS = 1000
Watch = Callable[[int], None]
Row = MemberRow | GrantRow | PurchaseRow
NEW_FAULT = insert(table_of(ImportFault))
FIRST_RULES = select(func.min(RulebookVersion.effective_at)).where(RulebookVersion.withdrawn_at.is_(None))
STORES = select(Store.id, Store.name).order_by(Store.id.desc())
EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Known:
    """A member who is there already."""

    member_id: int
    state: str


@dataclass(frozen=True)
class Checked:
    """What a load would book, and what it would leave out.  ``known`` are the members who are there, by phone."""

    good: Sequence[Row]
    faults: Sequence[RowFault]
    known: dict[str, Known]

    @property
    def bad_rows(self) -> int:
        return len({fault.row for fault in self.faults})

    @property
    def figures(self) -> dict[str, int]:
        """The counts that the report shows."""
        return {
            "rows_good": len(self.good),
            "rows_bad": self.bad_rows,
            "members_count": len({row.phone for row in self.good}),
            "points_total": sum(row.points for row in self.good),
            "cents_total": sum(row.cents for row in self.good if isinstance(row, PurchaseRow)),
        }


def ignore_progress(_done: int) -> None:
    """For small files: they are read in one go."""


def check(file: Brought, now: datetime, watch: Watch = ignore_progress) -> Checked:
    """Read all rows as they would be loaded at this moment.  ``watch`` hears now and then how far it is."""
    read = _read(file, occasion_at(now), watch)
    known = known_members(row.phone for row in read.good)
    receipts = receipts_known(file, read.good) if file.kind == "purchases" else frozenset()
    good, faults = [], list(read.faults)
    for row in read.good:
        if code := _refusal(file, known.get(row.phone)):
            field = "member" if file.kind == "purchases" else "phone"
            faults.append(RowFault(row.number, field, masked(field, row.phone), code, {}))
        elif receipts and name_of(row) in receipts:
            faults.append(
                RowFault(row.number, "receipt", masked("receipt", row.receipt), "receipt_known", {})
            )
        else:
            good.append(row)
    return Checked(good, sorted(faults, key=lambda fault: fault.row), known)


def write_report(file: Brought, checked: Checked) -> None:
    """Keep the figures and every fault, in the caller's transaction."""
    write_faults(file.id, checked.faults)
    move(file.id, "report", rows_done=len(file.rows), refusal=None, **checked.figures)


def write_faults(import_id: int, faults: Sequence[RowFault]) -> None:
    """Keep these faults instead of those that were found before."""
    forget_faults(import_id)
    add_faults(import_id, faults)


def add_faults(import_id: int, faults: Sequence[RowFault]) -> None:
    """Keep these besides the others."""
    if faults:
        db.session.execute(NEW_FAULT, [_fault_row(import_id, fault) for fault in faults])


def known_members(phones: Iterable[str]) -> dict[str, Known]:
    """The members of these phones, by phone; ``#12`` is the member with the number 12."""
    asked = set(phones)
    by_index = {blind_index(phone): phone for phone in asked if not phone.startswith("#")}
    known = _known_numbers(int(phone[1:]) for phone in asked if phone.startswith("#"))
    for indexes in chunks(list(by_index)):
        statement = select(Member.phone_index, Member.id, Member.state).where(Member.phone_index.in_(indexes))
        for row in db.session.execute(statement):
            known[by_index[row.phone_index]] = Known(row.id, row.state)
    return known


def _known_numbers(numbers: Iterable[int]) -> dict[str, Known]:
    known = {}
    for some in chunks(sorted(numbers)):
        for row in db.session.execute(select(Member.id, Member.state).where(Member.id.in_(some))):
            known[f"#{row.id}"] = Known(row.id, row.state)
    return known


def _till(occasion: Occasion) -> Till:
    """A purchase lies within what a counter may report, and not before the first rules of the shop."""
    first = db.session.scalar(FIRST_RULES)
    stores = {row.name.lower(): row.id for row in db.session.execute(STORES)}
    return Till(max(first or EVER, occasion.now - OLDEST), occasion.now, occasion.zone, stores)


def _read(file: Brought, occasion: Occasion, watch: Watch) -> RowsRead[Any]:
    def every_so_often(number: int) -> None:
        if number % STEP_ROWS == 0:
            watch(number)

    if file.kind == "grants":
        return read_grants(file.rows, file.fields, international_phone, every_so_often)
    if file.kind == "purchases":
        return read_purchases(file.rows, file.fields, _till(occasion), international_phone, every_so_often)
    tiers = {name.lower(): tier.code for tier in occasion.rulebook.tiers for name in (tier.name, tier.code)}
    return read_members(
        file.rows, file.fields, Bounds(occasion.today, tiers), international_phone, every_so_often
    )


def _refusal(file: Brought, known: Known | None) -> str | None:
    """Why the shop, as it stands, has no use for a row that is sound in itself."""
    if known is None:
        return None if file.kind == "members" else "no_such_member"
    if known.state != "active":
        return "member_not_active"
    return "already_member" if file.kind == "members" and file.existing == "refuse" else None


def _fault_row(import_id: int, fault: RowFault) -> dict[str, object]:
    return {
        "import_id": import_id,
        "row": fault.row,
        "field": fault.field,
        "shown": fault.shown,
        "code": fault.code,
        "params": dict(fault.params),
    }
