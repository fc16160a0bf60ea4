"""Invitations: what a member sees of their friends, and which ones are due."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, cast, func, select

from shop.books.rulebooks import occasion_at
from shop.extensions import db
from shop.models import Deed, Member, PointsEntry, Purchase, Referral

FRIEND_ORDERED, INVITED = "friend_ordered", "invited"
SHOWN = 50


@dataclass(frozen=True)
class Friend:
    """A friend who came: how far it is, and the points that it brought.

    ``state`` waiting, pending, paid, reversed, or refused for ``refused_for``.
    """

    name: str
    joined_at: datetime
    state: str
    points: int
    refused_for: str | None = None


@dataclass(frozen=True)
class DueReferral:
    """An invitation whose friend completed a first purchase, or whose first purchase went back."""

    id: int
    referrer_id: int
    friend_id: int
    state: str
    is_due: bool
    is_void: bool

    @property
    def key(self) -> str:
        """What deeds of this invitation are known by."""
        return f"referral:{self.id}"


def invitation_code(member_id: int) -> str | None:
    """The member's code, once there is one."""
    return db.session.scalar(select(Member.invitation_code).where(Member.id == member_id))


def friends_of(member_id: int) -> tuple[Friend, ...]:
    """The member's friends, the latest first, with masked names."""
    bought = (
        select(func.count())
        .where(Purchase.member_id == Referral.friend_id)
        .correlate(Referral)
        .scalar_subquery()
    )
    points = (
        select(func.coalesce(func.sum(PointsEntry.points), 0))
        .where(PointsEntry.reference == "deed:" + cast(Deed.id, String) + ":award:1")
        .correlate(Deed)
        .scalar_subquery()
    )
    statement = (
        select(
            Member.name,
            Referral.bound_at,
            Referral.state,
            Referral.refused_for,
            bought.label("purchases"),
            points.label("points"),
        )
        .join(Member, Member.id == Referral.friend_id)
        .outerjoin(
            Deed,
            (Deed.event == FRIEND_ORDERED) & (Deed.key == "referral:" + cast(Referral.id, String)),
        )
        .where(Referral.referrer_id == member_id)
        .order_by(Referral.id.desc())
        .limit(SHOWN)
    )
    return tuple(
        Friend(
            _masked(row.name),
            row.bound_at,
            _state(row.state, row.purchases),
            int(row.points or 0),
            row.refused_for if row.state == "refused" else None,
        )
        for row in db.session.execute(statement)
    )


def referral_of_friend(friend_id: int, now: datetime) -> DueReferral | None:
    """How a friend's invitation stands now; None for a member who was not invited."""
    row = db.session.execute(
        select(Referral.id, Referral.referrer_id, Referral.state).where(Referral.friend_id == friend_id)
    ).one_or_none()
    if row is None:
        return None
    first = db.session.execute(
        select(Purchase.cents, Purchase.refunded_cents, Purchase.paid_at, Purchase.credited_at)
        .where(Purchase.member_id == friend_id, Purchase.credited_at.is_not(None))
        .order_by(Purchase.credited_at, Purchase.id)
        .limit(1)
    ).one_or_none()
    is_back = first is not None and first.cents > 0 and first.refunded_cents >= first.cents
    days = occasion_at(now).rulebook.returns.referral_days
    return DueReferral(
        row.id,
        row.referrer_id,
        friend_id,
        row.state,
        is_due=row.state == "registered" and first is not None and not is_back,
        is_void=row.state == "paid"
        and is_back
        and first is not None
        and now <= first.paid_at + timedelta(days=days),
    )


def _state(state: str, purchases: int) -> str:
    if state == "registered":
        return "pending" if purchases else "waiting"
    return state


def _masked(name: str) -> str:
    return name[:1] + "*" * min(2, max(1, len(name) - 1))
