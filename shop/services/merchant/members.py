"""Suspending a member and letting them back in: with a reason, in the audit trail."""

from datetime import datetime

from sqlalchemy import select, update

from shop.books import audit
from shop.errors import InvalidInput, NotFound
from shop.models import Member
from shop.transaction import transaction

REASON_LENGTH_MAX = 200
QUIET = {"synchronize_session": False}


def suspend_member(member_id: int, *, reason: str, staff_id: int, now: datetime) -> None:
    """Close a member's account for now: points, orders and messages stay as they are.  A repeat changes nothing.

    Raises InvalidInput without a reason, NotFound.
    """
    _change_state(member_id, "active", "suspended", reason, staff_id, now)


def resume_member(member_id: int, *, reason: str, staff_id: int, now: datetime) -> None:
    """Open a suspended account again.  A repeat changes nothing.  Raises InvalidInput without a reason, NotFound."""
    _change_state(member_id, "suspended", "active", reason, staff_id, now)


def _change_state(member_id: int, before: str, after: str, reason: str, staff_id: int, now: datetime) -> None:
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH_MAX:
        raise InvalidInput
    with transaction() as session:
        changed = session.execute(
            update(Member).where(Member.id == member_id, Member.state == before).values(state=after),
            execution_options=QUIET,
        )
        if changed.rowcount == 0:  # type: ignore[attr-defined]
            if session.scalar(select(Member.id).where(Member.id == member_id)) is None:
                raise NotFound
            return
        audit.record(
            staff_id=staff_id,
            action="member.suspend" if after == "suspended" else "member.resume",
            subject=f"member:{member_id}",
            now=now,
            before={"state": before},
            after={"state": after},
            reason=reason,
        )
