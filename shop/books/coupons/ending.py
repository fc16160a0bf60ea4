"""A coupon ends unused: its points come back, or its time is over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from shop.books.coupons import journal, templates
from shop.books.points import entries
from shop.books.points.entries import Line
from shop.books.rulebooks import Occasion, occasion_under
from shop.errors import CouponNotReturnable
from shop.extensions import db
from shop.models import Coupon, PointsEntry
from shop.rules.reasons import because

QUIET = {"synchronize_session": False}
MINE = (
    select(
        Coupon.id,
        Coupon.template_id,
        Coupon.state,
        Coupon.origin,
        Coupon.points,
        Coupon.entry_id,
        Coupon.is_refundable,
        Coupon.undo_until_at,
        Coupon.expires_at,
        Coupon.terms,
        PointsEntry.rulebook_version,
    )
    .outerjoin(PointsEntry, PointsEntry.id == Coupon.entry_id)
    .where(Coupon.code == bindparam("code"), Coupon.member_id == bindparam("member_id"))
)
GIVE_BACK = (
    update(Coupon)
    .where(
        Coupon.id == bindparam("of_coupon"), Coupon.state == "unused", Coupon.expires_at > bindparam("moment")
    )
    .values(state="given_back")
)
DUE = (
    select(Coupon.id)
    .where(Coupon.state == "unused", Coupon.expires_at <= bindparam("moment"))
    .order_by(Coupon.expires_at, Coupon.id)
    .limit(bindparam("limit"))
)
EXPIRE = (
    update(Coupon)
    .where(
        Coupon.id == bindparam("of_coupon"),
        Coupon.state == "unused",
        Coupon.expires_at <= bindparam("moment"),
    )
    .values(state="expired")
)


@dataclass(frozen=True)
class GivenBack:
    """Points that came back for a coupon.  ``is_repeat``: they had come back before."""

    points: int
    template_id: int
    origin: str
    is_repeat: bool


def mine(code: str, member_id: int) -> Any:
    """A member's own coupon; another member's does not exist."""
    return db.session.execute(MINE, {"code": code, "member_id": member_id}).one_or_none()


def may_be_returned(coupon: Any, now: datetime) -> bool:
    """Whether its points can come back now: paid with points, unused, unexpired, and allowed or young enough to undo."""
    is_open = coupon.state == "unused" and coupon.expires_at > now and coupon.points > 0
    can_undo = coupon.undo_until_at is not None and now < coupon.undo_until_at
    return bool(is_open and (coupon.is_refundable or can_undo))


def give_back(code: str, member_id: int, occasion: Occasion) -> GivenBack | None:
    """Give an unused coupon back: its points return to the lots they came from.  The caller has locked the account.

    None for a coupon that is not this member's.  A repeat changes nothing.  Raises CouponNotReturnable.
    """
    coupon = mine(code, member_id)
    if coupon is None:
        return None
    if coupon.state == "given_back":
        return GivenBack(coupon.points, coupon.template_id, coupon.origin, is_repeat=True)
    values = {"of_coupon": coupon.id, "moment": occasion.now}
    if not may_be_returned(coupon, occasion.now) or not _changed(GIVE_BACK, values):
        raise CouponNotReturnable
    under = occasion_under(coupon.rulebook_version, occasion.now)
    reasons = (because("coupon_given_back", coupon=coupon.terms["name"]),)
    line = Line("restore", "redeemed", f"coupon:{coupon.id}:restore", reasons)
    grace_days = under.rulebook.returns.grace_days
    entries.restore(member_id, coupon.entry_id, coupon.points, line, under, grace_days)
    journal.write(coupon.id, "give_back", "unused", "given_back", occasion.now)
    templates.count_out(member_id, coupon.template_id)
    templates.put_back(coupon.template_id)
    return GivenBack(coupon.points, coupon.template_id, coupon.origin, is_repeat=False)


def sweep(now: datetime, limit: int) -> int:
    """Record at most ``limit`` unused coupons whose time is over.  Safe to run twice and on two machines."""
    due = list(db.session.scalars(DUE, {"moment": now, "limit": limit}))
    swept = 0
    for coupon_id in sorted(due):
        if _changed(EXPIRE, {"of_coupon": coupon_id, "moment": now}):
            journal.write(coupon_id, "expire", "unused", "expired", now)
            swept += 1
    return swept


def _changed(statement: Any, values: dict[str, object]) -> bool:
    result = db.session.execute(statement, values, execution_options=QUIET)
    return bool(result.rowcount)  # type: ignore[attr-defined]
