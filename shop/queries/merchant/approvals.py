"""What waits for a second person, and what was decided."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from shop.extensions import db
from shop.models import Approval, Member, Staff
from shop.models.merchant.approval import DECIDERS

PAGE_SIZE = 30
NEWEST = 2**62
_asker, _decider = aliased(Staff), aliased(Staff)
ROWS = (
    select(
        Approval,
        _asker.name.label("asked_by"),
        _decider.name.label("decided_by"),
    )
    .outerjoin(_asker, _asker.id == Approval.asked_by_staff_id)
    .outerjoin(_decider, _decider.id == Approval.decided_by_staff_id)
)


@dataclass(frozen=True)
class ApprovalRow:
    """One thing that was asked for.  ``state`` says expired as soon as its time is over."""

    id: int
    kind: str
    state: str
    subject: str
    payload: Mapping[str, Any]
    reason: str
    asked_by_staff_id: int | None
    asked_by: str | None
    asked_at: datetime
    expires_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str
    result: Mapping[str, Any] | None

    @property
    def is_waiting(self) -> bool:
        return self.state == "waiting"


@dataclass(frozen=True)
class ApprovalPage:
    """What waits comes first in ``rows`` of the first page; ``next_before`` continues the rest."""

    rows: tuple[ApprovalRow, ...]
    next_before: int | None


def kinds_for(role: str) -> tuple[str, ...]:
    """The kinds that a role may see and decide."""
    return tuple(kind for kind, roles in DECIDERS.items() if role in roles)


def approvals_for(role: str, before: int | None, now: datetime) -> ApprovalPage:
    """A page of what a role may see: on the first page everything that waits, then what was decided, newest first."""
    kinds = kinds_for(role)
    waiting = _rows(_waits(now), kinds, now) if before is None else ()
    decided = _rows(and_(~_waits(now), Approval.id < (before or NEWEST)), kinds, now, limit=PAGE_SIZE + 1)
    shown = decided[:PAGE_SIZE]
    return ApprovalPage((*waiting, *shown), shown[-1].id if len(decided) > PAGE_SIZE else None)


def approval(approval_id: int, role: str, now: datetime) -> ApprovalRow | None:
    """One of those that a role may see."""
    found = _rows(Approval.id == approval_id, kinds_for(role), now)
    return found[0] if found else None


def waiting_publication(now: datetime) -> ApprovalRow | None:
    """The publication that waits, if any."""
    found = _rows(and_(_waits(now), Approval.kind == "publication"), ("publication",), now)
    return found[0] if found else None


def others_who_may(kind: str, staff_id: int) -> bool:
    """Whether anybody else could approve this kind."""
    statement = select(Staff.id).where(
        Staff.role.in_(DECIDERS[kind]), Staff.state == "active", Staff.id != staff_id
    )
    return db.session.scalar(statement.limit(1)) is not None


def names_of_members(rows: Iterable[ApprovalRow]) -> Mapping[int, str]:
    """Whose points are meant, by the id of the member; one statement for a whole page."""
    ids = {row.payload["member_id"] for row in rows if "member_id" in row.payload}
    if not ids:
        return {}
    statement = select(Member.id, Member.name).where(Member.id.in_(ids))
    return {row.id: row.name for row in db.session.execute(statement)}


def _waits(now: datetime) -> ColumnElement[bool]:
    return and_(Approval.state == "waiting", Approval.expires_at > now)


def _rows(
    which: ColumnElement[bool], kinds: Collection[str], now: datetime, limit: int | None = None
) -> tuple[ApprovalRow, ...]:
    statement = ROWS.where(which, Approval.kind.in_(kinds)).order_by(Approval.id.desc()).limit(limit)
    return tuple(_row(row, now) for row in db.session.execute(statement))


def _row(row: Any, now: datetime) -> ApprovalRow:
    found: Approval = row.Approval
    is_over = found.state == "waiting" and found.expires_at <= now
    return ApprovalRow(
        id=found.id,
        kind=found.kind,
        state="expired" if is_over else found.state,
        subject=found.subject,
        payload=found.payload,
        reason=found.reason,
        asked_by_staff_id=found.asked_by_staff_id,
        asked_by=row.asked_by,
        asked_at=found.asked_at,
        expires_at=found.expires_at,
        decided_by=row.decided_by,
        decided_at=found.decided_at,
        decision_reason=found.decision_reason,
        result=found.result,
    )
