"""Printed codes: the batches with what became of them, and the codes that a member used."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, bindparam, cast, func, select
from sqlalchemy.orm import aliased

from shop.extensions import db
from shop.models import CodeBatch, Lot, Member, PointsCode, PointsEntry, Staff
from shop.queries.points.balance import last_day_before
from shop.rules.points.codes import BatchState, state_of

LINES_MAX = 200
USES_SHOWN = 50
MINE_SHOWN = 20
Exporter = aliased(Staff)
USED = (
    select(PointsCode.batch_id, func.count().label("used"))
    .where(PointsCode.used_at.is_not(None))
    .group_by(PointsCode.batch_id)
    .subquery()
)
BATCHES: Select[*tuple[Any, ...]] = (
    select(
        CodeBatch.id,
        CodeBatch.name,
        CodeBatch.points,
        CodeBatch.pieces,
        CodeBatch.length,
        CodeBatch.source_class,
        CodeBatch.expires_at,
        CodeBatch.created_at,
        CodeBatch.created_by_staff_id,
        CodeBatch.exported_at,
        CodeBatch.stopped_at,
        Staff.name.label("created_by"),
        Exporter.name.label("exported_by"),
        func.coalesce(USED.c.used, 0).label("used"),
    )
    .join(Staff, Staff.id == CodeBatch.created_by_staff_id)
    .outerjoin(Exporter, Exporter.id == CodeBatch.exported_by_staff_id)
    .outerjoin(USED, USED.c.batch_id == CodeBatch.id)
    .order_by(CodeBatch.id.desc())
    .limit(LINES_MAX)
)
BATCH = BATCHES.where(CodeBatch.id == bindparam("batch_id"))
USES = (
    select(
        PointsCode.id, PointsCode.used_at, PointsCode.member_id, Member.name, PointsEntry.id.label("entry_id")
    )
    .join(Member, Member.id == PointsCode.member_id)
    .join(PointsEntry, PointsEntry.reference == "code:" + cast(PointsCode.id, String))
    .where(PointsCode.batch_id == bindparam("batch_id"), PointsCode.used_at.is_not(None))
    .order_by(PointsCode.used_at.desc(), PointsCode.id.desc())
    .limit(USES_SHOWN)
)
MINE: Select[*tuple[Any, ...]] = (
    select(
        PointsEntry.id.label("entry_id"),
        CodeBatch.name,
        PointsEntry.points,
        PointsCode.used_at,
        Lot.expires_at,
    )
    .select_from(PointsCode)
    .join(CodeBatch, CodeBatch.id == PointsCode.batch_id)
    .join(PointsEntry, PointsEntry.reference == "code:" + cast(PointsCode.id, String))
    .join(Lot, Lot.entry_id == PointsEntry.id)
    .where(PointsCode.member_id == bindparam("member_id"))
    .order_by(PointsCode.used_at.desc(), PointsCode.id.desc())
    .limit(MINE_SHOWN)
)


@dataclass(frozen=True)
class BatchLine:
    """A batch with its figures: codes used, still good, and lapsed because it was stopped or is over."""

    id: int
    name: str
    points: int
    pieces: int
    length: int
    source_class: str
    last_on: date | None
    created_at: datetime
    created_by_staff_id: int
    created_by: str
    exported_at: datetime | None
    exported_by: str | None
    stopped_at: datetime | None
    state: BatchState
    used: int

    @property
    def budget_points(self) -> int:
        return self.points * self.pieces

    @property
    def used_points(self) -> int:
        return self.points * self.used

    @property
    def left(self) -> int:
        return self.pieces - self.used if self.state in ("open", "new") else 0

    @property
    def lapsed(self) -> int:
        return self.pieces - self.used if self.state in ("stopped", "over") and self.exported_at else 0

    @property
    def used_percent(self) -> int:
        return self.used * 100 // self.pieces


@dataclass(frozen=True)
class CodeUse:
    """Who used a code, and when; ``entry_id`` is what it brought."""

    used_at: datetime
    member_id: int
    member_name: str
    entry_id: int


@dataclass(frozen=True)
class MyCode:
    """A code that a member used; its points last to ``last_on`` (None: for good)."""

    entry_id: int
    batch_name: str
    points: int
    used_at: datetime
    last_on: date | None


def batch_lines(now: datetime) -> tuple[BatchLine, ...]:
    """All batches, the newest first."""
    return tuple(_line(row, now) for row in db.session.execute(BATCHES))


def batch_line(batch_id: int, now: datetime) -> BatchLine | None:
    """One batch; None when there is none."""
    row = db.session.execute(BATCH, {"batch_id": batch_id}).one_or_none()
    return _line(row, now) if row else None


def uses_of(batch_id: int) -> tuple[CodeUse, ...]:
    """The latest uses of a batch's codes."""
    return tuple(
        CodeUse(row.used_at, row.member_id, row.name, row.entry_id)
        for row in db.session.execute(USES, {"batch_id": batch_id})
    )


def codes_of(member_id: int) -> tuple[MyCode, ...]:
    """The codes that a member used, the latest first."""
    return tuple(
        MyCode(row.entry_id, row.name, row.points, row.used_at, last_day_before(row.expires_at))
        for row in db.session.execute(MINE, {"member_id": member_id})
    )


def _line(row: Any, now: datetime) -> BatchLine:
    return BatchLine(
        id=row.id,
        name=row.name,
        points=row.points,
        pieces=row.pieces,
        length=row.length,
        source_class=row.source_class,
        last_on=last_day_before(row.expires_at),
        created_at=row.created_at,
        created_by_staff_id=row.created_by_staff_id,
        created_by=row.created_by,
        exported_at=row.exported_at,
        exported_by=row.exported_by,
        stopped_at=row.stopped_at,
        state=state_of(row.exported_at, row.stopped_at, row.expires_at, now),
        used=row.used,
    )
