"""The dry run: every row is read and compared with the members there are; nothing of it is booked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from shop.books.points.bulk import chunks
from shop.books.rulebooks import Occasion, occasion_at
from shop.crypto import blind_index
from shop.extensions import db, table_of
from shop.models import ImportFault, Member
from shop.phones import international_phone
from shop.rules.merchant.importing import (
    Bounds,
    GrantRow,
    MemberRow,
    RowFault,
    RowsRead,
    read_grants,
    read_members,
)
from shop.rules.merchant.importing.rows import masked
from shop.services.merchant.imports.moves import Brought, forget_faults, move

STEP_ROWS = 1000
Watch = Callable[[int], None]
Row = MemberRow | GrantRow
NEW_FAULT = insert(table_of(ImportFault))


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
        }


def ignore_progress(_done: int) -> None:
    """For small files: they are read in one go."""


def check(file: Brought, now: datetime, watch: Watch = ignore_progress) -> Checked:
    """Read all rows as they would be loaded at this moment.  ``watch`` hears now and then how far it is."""
    read = _read(file, occasion_at(now), watch)
    known = known_members(row.phone for row in read.good)
    good, faults = [], list(read.faults)
    for row in read.good:
        code = _refusal(file, known.get(row.phone))
        if code is None:
            good.append(row)
        else:
            faults.append(RowFault(row.number, "phone", masked("phone", row.phone), code, {}))
    return Checked(good, sorted(faults, key=lambda fault: fault.row), known)


def write_report(file: Brought, checked: Checked) -> None:
    """Keep the figures and every fault, in the caller's transaction."""
    forget_faults(file.id)
    rows = [_fault_row(file.id, fault) for fault in checked.faults]
    if rows:
        db.session.execute(NEW_FAULT, rows)
    move(file.id, "report", rows_done=len(file.rows), refusal=None, **checked.figures)


def known_members(phones: Iterable[str]) -> dict[str, Known]:
    """The members of these phones, by phone."""
    by_index = {blind_index(phone): phone for phone in phones}
    known = {}
    for indexes in chunks(list(by_index)):
        statement = select(Member.phone_index, Member.id, Member.state).where(Member.phone_index.in_(indexes))
        for row in db.session.execute(statement):
            known[by_index[row.phone_index]] = Known(row.id, row.state)
    return known


def _read(file: Brought, occasion: Occasion, watch: Watch) -> RowsRead[Any]:
    def every_so_often(number: int) -> None:
        if number % STEP_ROWS == 0:
            watch(number)

    if file.kind == "grants":
        return read_grants(file.rows, file.fields, international_phone, every_so_often)
    tiers = {name.lower(): tier.code for tier in occasion.rulebook.tiers for name in (tier.name, tier.code)}
    return read_members(
        file.rows, file.fields, Bounds(occasion.today, tiers), international_phone, every_so_often
    )


def _refusal(file: Brought, known: Known | None) -> str | None:
    """Why the shop, as it stands, has no use for a row that is sound in itself."""
    if known is None:
        return "no_such_member" if file.kind == "grants" else None
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
