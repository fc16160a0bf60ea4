"""The one price: product page, cart, checkout and the stored order all ask here.

Fixed order: unit price, coupon, points offset, freight.  What comes later (flash price, thresholds) has its place
between the first two.
"""

from dataclasses import asdict

from shop.rules.orders.pricing.coupon_step import CouponStep, coupon_step
from shop.rules.orders.pricing.quote import BillRow, PricedLine, Quote, QuoteLine, QuoteRequest
from shop.rules.orders.splitting import largest_remainder
from shop.rules.points.earning import evaluate
from shop.rules.points.occurrences import BoughtLine, Occurrence
from shop.rules.points.redeeming import OffsetLimits, offset_limits
from shop.rules.reasons import Reason, because


def price(request: QuoteRequest) -> Quote:
    """Price a request.  Pure: the same request gives the same quote.

    A wish for more offset than is allowed is cut to what is (see ``offset_limits``), never refused.  Points missing
    for the goods themselves are told in ``points_missing``; the caller decides whether that stops the order.
    """
    goods_points = sum(line.unit_points * line.quantity for line in request.lines)
    goods_cents = sum(line.unit_cents * line.quantity for line in request.lines)
    coupon = coupon_step(request.lines, request.coupon)
    limits = _offset_limits(request, goods_points, goods_cents, coupon)
    offset_points = limits.accepted(request.offset_points_wanted)
    offset_cents = limits.cents_for(offset_points)
    lines = _priced_lines(request.lines, coupon, offset_points, offset_cents)
    paid_goods_cents = goods_cents - coupon.cents - offset_cents
    shipping_cents, shipping_reasons = _shipping(request, goods_cents, paid_goods_cents)
    return Quote(
        lines=lines,
        rows=(
            *(_line_row(line) for line in lines),
            *coupon.rows,
            *_offset_rows(offset_points, offset_cents, limits),
            BillRow("shipping", {"way": request.way}, 0, shipping_cents, shipping_reasons),
        ),
        way=request.way,
        goods_points=goods_points,
        goods_cents=goods_cents,
        offset_points=offset_points,
        offset_cents=offset_cents,
        shipping_cents=shipping_cents,
        total_points=goods_points + offset_points,
        total_cents=paid_goods_cents + shipping_cents,
        points_missing=max(0, goods_points - request.points_available),
        earn=evaluate(purchase_of(lines, shipping_cents, request), request.rulebook),
        offset_limits=limits,
        rulebook_version=request.rulebook_version,
        at=request.at,
        coupon_code=coupon.code,
        coupon_cents=coupon.cents,
        tier_code=request.member.tier_code,
    )


def purchase_of(lines: tuple[PricedLine, ...], shipping_cents: int, request: QuoteRequest) -> Occurrence:
    """The purchase that these lines would be, paid at the moment of the request."""
    return Occurrence(
        at=request.at,
        placed_at=request.at,
        zone=request.zone,
        lines=bought_lines(lines),
        shipping_cents=shipping_cents,
        member=request.member,
    )


def bought_lines(lines: tuple[PricedLine, ...]) -> tuple[BoughtLine, ...]:
    """Lines as the rules of earning see them."""
    return tuple(
        BoughtLine(
            cents=line.paid_cents,
            quantity=line.quantity,
            sku=line.sku,
            category=line.category,
            tags=line.tags,
        )
        for line in lines
    )


def _offset_limits(
    request: QuoteRequest, goods_points: int, goods_cents: int, coupon: CouponStep
) -> OffsetLimits:
    """The limits of the offset: what the coupon took off cannot be paid with points once more."""
    return offset_limits(
        goods_cents=goods_cents - coupon.cents,
        offsettable_cents=sum(_offsettable(request.lines, coupon)),
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


def _priced_lines(
    lines: tuple[QuoteLine, ...], coupon: CouponStep, offset_points: int, offset_cents: int
) -> tuple[PricedLine, ...]:
    """Split the offset over the lines that allow it: the cents by price, the points as the cents fell."""
    cents = largest_remainder(offset_cents, _offsettable(lines, coupon))
    points = largest_remainder(offset_points, cents)
    return tuple(
        PricedLine(
            **asdict(line),
            line_points=line.unit_points * line.quantity,
            line_cents=line.unit_cents * line.quantity,
            offset_points=line_offset_points,
            offset_cents=line_offset_cents,
            paid_cents=line.unit_cents * line.quantity - line_coupon_cents - line_offset_cents,
            coupon_cents=line_coupon_cents,
        )
        for line, line_coupon_cents, line_offset_points, line_offset_cents in zip(
            lines, coupon.line_cents, points, cents, strict=True
        )
    )


def _shipping(
    request: QuoteRequest, goods_cents: int, paid_goods_cents: int
) -> tuple[int, tuple[Reason, ...]]:
    """The freight.  It is free from a cash part on that is counted after the offset, as the bill shows it."""
    shipping = request.rulebook.shipping
    if request.way == "pickup":
        return 0, (because("picked_up"),)
    if request.way == "none" or not any(line.needs_shipping for line in request.lines):
        return 0, (because("shipping_not_needed"),)
    if shipping.fee_cents == 0:
        return 0, (because("shipping_not_charged"),)
    if goods_cents == 0 and shipping.free_for_points_only:
        return 0, (because("shipping_free_for_points"),)
    tier = request.rulebook.tier(request.member.tier_code)
    if tier.free_shipping:
        return 0, (because("shipping_free_for_tier", tier_name=tier.name),)
    fee = because("shipping_fee", fee_cents=shipping.fee_cents)
    free_from_cents = shipping.free_from_cents
    if free_from_cents is None:
        return shipping.fee_cents, (fee,)
    if paid_goods_cents >= free_from_cents:
        return 0, (because("shipping_free", free_from_cents=free_from_cents),)
    missing_cents = free_from_cents - paid_goods_cents
    missing = because("shipping_free_missing", missing_cents=missing_cents, free_from_cents=free_from_cents)
    return shipping.fee_cents, (fee, missing)


def _line_row(line: PricedLine) -> BillRow:
    reason = because(
        "unit_price", quantity=line.quantity, unit_points=line.unit_points, unit_cents=line.unit_cents
    )
    params: dict[str, int | str] = {
        "variant_id": line.variant_id,
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
    }
    return BillRow("line", params, line.line_points, line.line_cents, (reason,))


def _offset_rows(offset_points: int, offset_cents: int, limits: OffsetLimits) -> tuple[BillRow, ...]:
    if offset_points == 0:
        return ()
    return (BillRow("offset", {"points": offset_points}, offset_points, -offset_cents, limits.reasons),)
