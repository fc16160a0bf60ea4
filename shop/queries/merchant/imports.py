"""Files that were brought along: the list of them, and one with its report."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from shop.books.import_rows import unsealed_rows
from shop.extensions import db
from shop.models import Import, ImportFault, Staff
from shop.rules.merchant.import_states import UNDO_HOURS
from shop.rules.merchant.importing import FIELDS

LISTED_MAX = 50
FAULTS_SHOWN = 100
SAMPLES = 3
NUMBER_OF_SOMEBODY = re.compile(r"(\d{3})\d{4,}")
COLUMNS = (
    Import.id,
    Import.kind,
    Import.state,
    Import.source,
    Import.file_name,
    Import.booking_key,
    Import.digest,
    Import.existing,
    Import.whole_only,
    Import.rows_total,
    Import.rows_done,
    Import.rows_good,
    Import.rows_bad,
    Import.members_count,
    Import.points_total,
    Import.cents_total,
    Import.refusal,
    Import.created_at,
    Import.loaded_at,
    Staff.name.label("staff_name"),
)
ALL = select(*COLUMNS).outerjoin(Staff, Staff.id == Import.staff_id)
LIST = ALL.order_by(Import.id.desc()).limit(LISTED_MAX)
ONE = ALL.where(Import.id == bindparam("import_id"))
TABLE = select(Import.kind, Import.headers, Import.columns, Import.rows_sealed).where(
    Import.id == bindparam("import_id")
)
SOURCES = select(Import.source).where(Import.source != "").distinct().order_by(Import.source).limit(20)
BEFORE = (
    select(Import.id, Import.loaded_at)
    .where(Import.kind == bindparam("kind"), Import.digest == bindparam("digest"), Import.state == "loaded")
    .order_by(Import.id)
    .limit(1)
)
FAULTS = (
    select(
        ImportFault.id,
        ImportFault.row,
        ImportFault.field,
        ImportFault.shown,
        ImportFault.code,
        ImportFault.params,
    )
    .where(ImportFault.import_id == bindparam("import_id"), ImportFault.id > bindparam("after"))
    .order_by(ImportFault.id)
)


@dataclass(frozen=True)
class ImportView:
    """An import as pages show it."""

    id: int
    kind: str
    state: str
    source: str
    file_name: str
    booking_key: str
    digest: str
    existing: str
    whole_only: bool
    rows_total: int
    rows_done: int
    rows_good: int
    rows_bad: int
    members_count: int
    points_total: int
    cents_total: int
    refusal: str | None
    created_at: datetime
    loaded_at: datetime | None
    staff_name: str | None

    @property
    def is_working(self) -> bool:
        return self.state in ("checking", "loading")

    @property
    def is_open(self) -> bool:
        """Whether it can still be given up: of purchases the first may be booked already."""
        if self.kind == "purchases" and self.state == "loading":
            return False
        return self.state in ("mapping", "checking", "checked", "loading")

    @property
    def may_load(self) -> bool:
        return self.state == "checked" and bool(self.rows_good) and not (self.whole_only and self.rows_bad)

    @property
    def is_another(self) -> bool:
        return self.booking_key != self.digest

    @property
    def percent(self) -> int:
        return 100 * self.rows_done // max(1, self.rows_total)

    @property
    def undo_until_at(self) -> datetime | None:
        return self.loaded_at + timedelta(hours=UNDO_HOURS) if self.loaded_at else None

    def may_undo(self, now: datetime) -> bool:
        """Whether there is still time; whether somebody touched it, only the attempt shows."""
        until = self.undo_until_at
        return self.state == "loaded" and until is not None and now <= until


@dataclass(frozen=True)
class Column:
    """A column of the file: what it is called, what it is, and what stands in it."""

    header: str
    field: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class ColumnsView:
    """The columns to name; ``fields`` are what each can be."""

    columns: tuple[Column, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class FaultRow:
    """One mistake, as it is listed."""

    id: int
    row: int
    field: str
    shown: str
    code: str
    params: dict[str, Any]


@dataclass(frozen=True)
class FaultPage:
    """So many mistakes; ``next_after`` is where they go on (None: that is all)."""

    rows: tuple[FaultRow, ...]
    next_after: int | None


def imports_listed() -> tuple[ImportView, ...]:
    """The latest imports, the last one first."""
    return tuple(ImportView(**row._mapping) for row in db.session.execute(LIST))


def import_view(import_id: int) -> ImportView | None:
    """One import; None when there is no such number."""
    row = db.session.execute(ONE, {"import_id": import_id}).one_or_none()
    return ImportView(**row._mapping) if row else None


def columns_of(import_id: int) -> ColumnsView | None:
    """The columns of a file that still is here, with the first cells of each; long numbers are masked."""
    row = db.session.execute(TABLE, {"import_id": import_id}).one_or_none()
    if row is None or row.rows_sealed is None:
        return None
    rows = unsealed_rows(row.rows_sealed)[:SAMPLES]
    columns = tuple(
        Column(header, field, tuple(_masked(each[place]) for each in rows if each[place]))
        for place, (header, field) in enumerate(zip(row.headers, row.columns, strict=True))
    )
    return ColumnsView(columns, FIELDS[row.kind])


def faults_of(import_id: int, after: int = 0, limit: int | None = FAULTS_SHOWN) -> FaultPage:
    """The mistakes of a report in the order of the file."""
    statement = FAULTS.limit(limit + 1) if limit else FAULTS
    found = db.session.execute(statement, {"import_id": import_id, "after": after}).all()
    rows = tuple(FaultRow(**row._mapping) for row in found[:limit])
    more = limit is not None and len(found) > limit
    return FaultPage(rows, rows[-1].id if more else None)


def loaded_before(kind: str, digest: str) -> tuple[int, datetime] | None:
    """The import that loaded this very file, and when."""
    row = db.session.execute(BEFORE, {"kind": kind, "digest": digest}).one_or_none()
    return (row.id, row.loaded_at) if row else None


def known_sources() -> tuple[str, ...]:
    """The systems from which files came."""
    return tuple(db.session.scalars(SOURCES))


def _masked(cell: str) -> str:
    return NUMBER_OF_SOMEBODY.sub(r"\1****", cell[:40])
