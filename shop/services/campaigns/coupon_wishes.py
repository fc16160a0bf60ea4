"""Coupons that are redeemed by themselves, for members who asked for it (P13)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.books import outbox
from shop.books.coupons import issuing, templates, wishes
from shop.books.coupons.issuing import Issue
from shop.books.coupons.templates import Template
from shop.books.points import accounts
from shop.books.rulebooks import Occasion, occasion_at
from shop.errors import CouponLimitReached, CouponNotOffered, CouponSoldOut, InsufficientPoints, NotFound
from shop.models import RulebookVersion
from shop.rules.campaigns.coupons import LAPSE_AHEAD_DAYS, UNDO
from shop.rules.reasons import Reason, because
from shop.transaction import transaction

BATCH = 500
PER_MEMBER_MAX = 50
REFUSALS = (CouponLimitReached, CouponNotOffered, CouponSoldOut, InsufficientPoints)
ANY_RULEBOOK = select(RulebookVersion.id).limit(1)
Due = Callable[[Occasion, int], Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class _Cause:
    """Why a coupon comes by itself: because its price was reached, or because points lapse soon."""

    origin: str
    due: Due


REACHED = _Cause("reached", wishes.due_on_reaching)
LAPSING = _Cause("lapsing", wishes.due_before_lapse)


def keep_wish(
    member_id: int, template_code: str, *, on_reaching: bool, before_lapse: bool, now: datetime
) -> None:
    """Keep what a member wants redeemed by itself.  A repeat changes nothing.

    Raises NotFound, and CouponNotOffered when the merchant does not allow it for this coupon.  To want nothing any more
    is always allowed.
    """
    with transaction():
        accounts.lock(member_id)
        template = templates.by_code(template_code)
        if template is None or template.state == "draft":
            raise NotFound
        if (on_reaching or before_lapse) and not _may_come_by_itself(template):
            raise CouponNotOffered
        wishes.keep(member_id, template.id, on_reaching=on_reaching, before_lapse=before_lapse, now=now)


def turn_on_reaching(now: datetime) -> int:
    """Redeem a coupon for each step of its price that a member has reached.  Returns how many.

    Each coupon is a transaction of its own, under the member's lock.  Safe to run twice and on two machines.
    """
    return _turn_all(REACHED, now)


def turn_before_lapse(now: datetime) -> int:
    """Redeem coupons for points that lapse within seven days, where these are worth a whole one.  Returns how many."""
    return _turn_all(LAPSING, now)


def _turn_all(cause: _Cause, now: datetime) -> int:
    with transaction() as session:
        if session.scalar(ANY_RULEBOOK) is None:
            return 0
        due = cause.due(occasion_at(now), BATCH)
    turned = 0
    for member_id, template_id in due:
        for _step in range(PER_MEMBER_MAX):
            if not _turn_once(cause, member_id, template_id, now):
                break
            turned += 1
    return turned


def _turn_once(cause: _Cause, member_id: int, template_id: int, now: datetime) -> bool:
    """One coupon, if the wish still stands and the points are still there."""
    try:
        with transaction():
            return _turn(cause, member_id, template_id, occasion_at(now))
    except REFUSALS:  # somebody was faster, or the points are not enough after all: nothing was written
        return False


def _turn(cause: _Cause, member_id: int, template_id: int, occasion: Occasion) -> bool:
    account = accounts.lock(member_id)
    wish = wishes.wish_of(member_id, template_id)
    template = templates.by_id(template_id)
    if wish is None or template.price_points is None or not _may_come_by_itself(template):
        return False
    is_wanted = wish.on_reaching if cause is REACHED else wish.before_lapse
    points = _points_for(cause, member_id, occasion)
    if not is_wanted or points < template.price_points:
        return False
    issue = Issue(
        member_id=member_id,
        reference=f"coupon-wish:{member_id}:{template_id}:{wish.turned + 1}",
        origin=cause.origin,
        undo_until_at=occasion.now + UNDO,
    )
    issued = issuing.redeem(account, template, issue, (_reason(cause, template, points),), occasion)
    wishes.count_turned(member_id, template_id)
    payload = {"coupon_id": issued.id}
    outbox.put("coupon_turned", f"coupon_turned:{issued.id}", occasion.now, payload)
    return True


def _points_for(cause: _Cause, member_id: int, occasion: Occasion) -> int:
    if cause is REACHED:
        return wishes.spendable(member_id, occasion.now)
    return wishes.spendable(member_id, occasion.now, until=wishes.lapsing_by(occasion))


def _reason(cause: _Cause, template: Template, points: int) -> Reason:
    if cause is REACHED:
        return because("coupon_redeemed_by_itself", coupon=template.name, reached_points=points)
    return because("coupon_redeemed_before_lapse", coupon=template.name, days=LAPSE_AHEAD_DAYS)


def _may_come_by_itself(template: Template) -> bool:
    return template.state == "on" and template.is_automatic and template.price_points is not None
