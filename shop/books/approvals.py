"""The book of what waits for a second person: asked once, decided once, by somebody else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from shop.errors import ApprovalDecided, ApprovalOfOwn, NotAllowed, NotFound
from shop.extensions import db
from shop.models import Approval, Staff
from shop.models.columns import JsonObject
from shop.models.merchant.approval import DECIDERS

WAITS = timedelta(days=14)
QUIET = {"synchronize_session": False}


@dataclass(frozen=True)
class Asked:
    """What somebody asked for."""

    id: int
    kind: str
    subject: str
    payload: JsonObject
    asked_by_staff_id: int | None
    reason: str


def ask(
    kind: str,
    subject: str,
    payload: JsonObject,
    *,
    key: str,
    reason: str,
    staff_id: int | None,
    now: datetime,
) -> int:
    """Write down what is asked for.  The same key again writes nothing and returns the first."""
    full_key = f"{kind}:{key}"
    if first := db.session.scalar(select(Approval.id).where(Approval.key == full_key)):
        return first
    row = {
        "kind": kind,
        "state": "waiting",
        "subject": subject,
        "payload": payload,
        "key": full_key,
        "asked_by_staff_id": staff_id,
        "asked_at": now,
        "reason": reason,
        "expires_at": now + WAITS,
        "decision_reason": "",
    }
    return int(db.session.execute(insert(Approval).values(row).returning(Approval.id)).scalar_one())


def is_known(kind: str, key: str) -> bool:
    """Whether this was asked for before."""
    return db.session.scalar(select(Approval.id).where(Approval.key == f"{kind}:{key}")) is not None


def is_waiting(kind: str) -> bool:
    """Whether anything of the kind waits."""
    statement = select(Approval.id).where(Approval.state == "waiting", Approval.kind == kind).limit(1)
    return db.session.scalar(statement) is not None


def take_up(approval_id: int, now: datetime) -> Asked:
    """Lock what waits.  Raises NotFound, and ApprovalDecided when somebody was first or its time is over."""
    statement = select(Approval).where(Approval.id == approval_id).with_for_update()
    row = db.session.execute(statement, execution_options={"populate_existing": True}).scalar_one_or_none()
    if row is None:
        raise NotFound
    if row.state != "waiting" or row.expires_at <= now:
        raise ApprovalDecided
    return Asked(row.id, row.kind, row.subject, dict(row.payload), row.asked_by_staff_id, row.reason)


def admit(asked: Asked, staff_id: int) -> None:
    """Raises ApprovalOfOwn for the person who asked, and NotAllowed for a role that may not decide this."""
    if asked.asked_by_staff_id == staff_id:
        raise ApprovalOfOwn
    statement = select(Staff.role).where(Staff.id == staff_id, Staff.state == "active")
    if db.session.scalar(statement) not in DECIDERS[asked.kind]:
        raise NotAllowed


def decide(
    approval_id: int,
    state: str,
    *,
    staff_id: int | None,
    reason: str,
    now: datetime,
    result: JsonObject | None = None,
) -> None:
    """End the waiting, once.  Raises ApprovalDecided."""
    statement = (
        update(Approval)
        .where(Approval.id == approval_id, Approval.state == "waiting")
        .values(
            state=state, decided_by_staff_id=staff_id, decided_at=now, decision_reason=reason, result=result
        )
    )
    if db.session.execute(statement, execution_options=QUIET).rowcount == 0:  # type: ignore[attr-defined]
        raise ApprovalDecided


def expire(now: datetime) -> int:
    """End what has waited too long.  Returns how many."""
    statement = (
        update(Approval)
        .where(Approval.state == "waiting", Approval.expires_at <= now)
        .values(state="expired", decided_at=now)
    )
    return int(db.session.execute(statement, execution_options=QUIET).rowcount)  # type: ignore[attr-defined]
