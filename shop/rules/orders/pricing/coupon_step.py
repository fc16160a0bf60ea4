"""The coupon's step of a price: after the unit prices, before the points offset."""

from dataclasses import dataclass

from shop.rules.campaigns.coupons import CouponDiscount, coupon_discount
from shop.rules.orders.pricing.quote import AppliedCoupon, BillRow, QuoteLine
from shop.rules.orders.splitting import largest_remainder


@dataclass(frozen=True, slots=True)
class CouponStep:
    """What the coupon takes off in all and off each line; nothing without a coupon, or when it cannot be used."""

    code: str | None
    cents: int
    line_cents: tuple[int, ...]
    rows: tuple[BillRow, ...]


def coupon_step(lines: tuple[QuoteLine, ...], coupon: AppliedCoupon | None) -> CouponStep:
    """Split the coupon over the lines it covers, by their prices, so that the parts add up to it exactly."""
    if coupon is None:
        return _nothing(lines)
    discount = discount_on(lines, coupon)
    if discount.cents == 0:
        return _nothing(lines)
    parts = largest_remainder(discount.cents, _weights(lines, coupon))
    row = BillRow("coupon", {"coupon": coupon.terms.name}, 0, -discount.cents, discount.reasons)
    return CouponStep(coupon.code, discount.cents, parts, (row,))


def discount_on(lines: tuple[QuoteLine, ...], coupon: AppliedCoupon) -> CouponDiscount:
    """What a coupon takes off these lines."""
    return coupon_discount(coupon.terms, sum(_weights(lines, coupon)))


def _weights(lines: tuple[QuoteLine, ...], coupon: AppliedCoupon) -> list[int]:
    return [line.unit_cents * line.quantity if line.variant_id in coupon.variant_ids else 0 for line in lines]


def _nothing(lines: tuple[QuoteLine, ...]) -> CouponStep:
    return CouponStep(None, 0, tuple(0 for _line in lines), ())
