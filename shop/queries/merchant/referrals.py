"""Invitations as the back office sees them: who invited whom, how far it is, and what was refused and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased

from shop.extensions import db
from shop.models import Member, Referral, Staff

PAGE = 50
STATES = ("refused", "registered", "paid", "reversed")
Friend = aliased(Member)
LIST: Select[*tuple[Any, ...]] = (
    select(
        Referral.id,
        Referral.referrer_id,
        Member.name.label("referrer_name"),
        Referral.friend_id,
        Friend.name.label("friend_name"),
        Referral.state,
        Referral.refused_for,
        Referral.bound_at,
        Referral.allowed_at,
        Staff.name.label("allowed_by"),
    )
    .join(Member, Member.id == Referral.referrer_id)
    .join(Friend, Friend.id == Referral.friend_id)
    .outerjoin(Staff, Staff.id == Referral.allowed_by_staff_id)
    .where(Referral.state == bindparam("state"), Referral.id < bindparam("before"))
    .order_by(Referral.id.desc())
    .limit(PAGE + 1)
)
COUNTS = select(Referral.state, func.count().label("referrals")).group_by(Referral.state)
NO_END = 2**31


@dataclass(frozen=True)
class ReferralLine:
    """One invitation; ``allowed_by`` let it count after it had been refused for ``refused_for``."""

    id: int
    referrer_id: int
    referrer_name: str
    friend_id: int
    friend_name: str
    state: str
    refused_for: str | None
    bound_at: datetime
    allowed_at: datetime | None
    allowed_by: str | None


@dataclass(frozen=True)
class ReferralList:
    """The invitations of one state; more of them lie ``before`` the last (None: these are all)."""

    lines: tuple[ReferralLine, ...]
    before: int | None


def referral_list(state: str, before: int | None) -> ReferralList:
    """The invitations of one state, the latest first."""
    rows = db.session.execute(LIST, {"state": state, "before": before or NO_END}).all()
    lines = tuple(ReferralLine(*row) for row in rows[:PAGE])
    return ReferralList(lines, lines[-1].id if len(rows) > PAGE else None)


def referral_counts() -> dict[str, int]:
    """How many invitations stand in each state."""
    return {row.state: row.referrals for row in db.session.execute(COUNTS)}
