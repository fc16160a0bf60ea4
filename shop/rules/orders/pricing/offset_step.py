"""The points that pay for cash, and what they pay: goods first, then the freight where the rulebook allows it."""

from dataclasses import dataclass, replace

from shop.rules.orders.pricing.coupon_step import CouponStep
from shop.rules.orders.pricing.quote import BillRow, QuoteLine, QuoteRequest
from shop.rules.orders.pricing.shipping_step import freight
from shop.rules.orders.splitting import largest_remainder
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.redeeming import OffsetLimits, offset_limits
from shop.rules.reasons import Reason, because


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetStep:
    """``points`` take ``cents`` off in all: off each line, and off the freight (``shipping_points``, ``shipping_cents``).

    ``freight_cents`` is what the freight costs before that.
    """

    limits: OffsetLimits
    points: int
    cents: int
    line_points: tuple[int, ...]
    line_cents: tuple[int, ...]
    shipping_points: int
    shipping_cents: int
    freight_cents: int
    freight_reasons: tuple[Reason, ...]

    @property
    def rows(self) -> tuple[BillRow, ...]:
        """The row of the bill, if any points are used."""
        if self.points == 0:
            return ()
        shipping = (
            (because("offset_pays_shipping", cents=self.shipping_cents),) if self.shipping_cents else ()
        )
        reasons = (*self.limits.reasons, *shipping)
        return (BillRow("offset", {"points": self.points}, self.points, -self.cents, reasons),)


def offset_step(request: QuoteRequest, goods_points: int, goods_cents: int, coupon: CouponStep) -> OffsetStep:
    """Bring the wish within the limits and split it: the cents by price, the points as the cents fell."""
    is_main = request.points_kind == MAIN_KIND
    by_line = _offsettable(request.lines, coupon) if is_main else [0] * len(request.lines)
    goods_to_pay, offsettable = goods_cents - coupon.cents, sum(by_line)
    limits = _limits(request, goods_points, goods_to_pay, offsettable)
    if request.rulebook.offset.pays_shipping and is_main:
        limits = _with_freight(limits, request, (goods_points, goods_cents, goods_to_pay), offsettable)
    points = limits.accepted(request.offset_points_wanted)
    cents = limits.cents_for(points)
    off_goods = min(cents, offsettable)
    freight_cents, freight_reasons = freight(request, goods_cents, goods_to_pay - off_goods)
    line_cents = largest_remainder(off_goods, by_line)
    parts = largest_remainder(points, [*line_cents, cents - off_goods])
    return OffsetStep(
        limits=limits,
        points=points,
        cents=cents,
        line_points=parts[:-1],
        line_cents=line_cents,
        shipping_points=parts[-1],
        shipping_cents=cents - off_goods,
        freight_cents=freight_cents,
        freight_reasons=freight_reasons,
    )


def _with_freight(
    limits: OffsetLimits, request: QuoteRequest, goods: tuple[int, int, int], offsettable: int
) -> OffsetLimits:
    """The limits when points may pay the freight too.

    Whether freight is charged depends on how much is paid for goods.  It counts here if it is charged with all the points
    that the goods alone allow: then it is charged with any more of them as well, so that every step of the slider
    keeps the limits of the bill that belongs to it.
    """
    goods_points, goods_cents, goods_to_pay = goods
    off_goods = limits.cents_for(limits.points_max)
    freight_cents, _reasons = freight(request, goods_cents, goods_to_pay - off_goods)
    if freight_cents == 0:
        return limits
    whole = _limits(request, goods_points, goods_to_pay + freight_cents, offsettable + freight_cents)
    return replace(whole, reasons=tuple(_said_with_freight(reason) for reason in whole.reasons))


def _said_with_freight(reason: Reason) -> Reason:
    """A bound that is of goods and freight together says so."""
    if reason.code == "offset_limited_by_goods":
        return because("offset_limited_by_goods_and_shipping", **reason.params)
    if reason.code == "offset_limited_by_share":
        return because("offset_limited_by_share_with_shipping", **reason.params)
    return reason


def _limits(request: QuoteRequest, goods_points: int, to_pay: int, offsettable: int) -> OffsetLimits:
    """The limits of the offset: what the coupon took off cannot be paid with points once more."""
    return offset_limits(
        goods_cents=to_pay,
        offsettable_cents=offsettable,
        points_available=max(0, request.points_available - goods_points),
        rulebook=request.rulebook,
        at=request.at,
        tier_code=request.member.tier_code,
        categories=[line.category for line in request.lines if line.offset_allowed and line.unit_cents],
    )


def _offsettable(lines: tuple[QuoteLine, ...], coupon: CouponStep) -> list[int]:
    return [
        line.unit_cents * line.quantity - coupon_cents if line.offset_allowed else 0
        for line, coupon_cents in zip(lines, coupon.line_cents, strict=True)
    ]
