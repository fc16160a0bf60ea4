"""The one price: product page, cart, checkout and the stored order all ask here.

Fixed order: unit price, coupon, points offset, freight.  What comes later (flash price, thresholds) has its place
between the first two.
"""

from dataclasses import fields

from shop.rules.orders.pricing.coupon_step import CouponStep, coupon_step
from shop.rules.orders.pricing.offset_step import OffsetStep, offset_step
from shop.rules.orders.pricing.quote import BillRow, PricedLine, Quote, QuoteLine, QuoteRequest
from shop.rules.points.earning import Awards, evaluate
from shop.rules.points.occurrences import BoughtLine, Occurrence
from shop.rules.reasons import because

NOTHING_EARNED = Awards(())
"""What costs points alone is no purchase: no rule gives anything for it."""


def price(request: QuoteRequest) -> Quote:
    """Price a request.  Pure: the same request gives the same quote.

    A wish for more offset than is allowed is cut to what is (see ``offset_limits``), never refused.  Points missing
    for the goods themselves are told in ``points_missing``; the caller decides whether that stops the order.
    """
    goods_points = sum(line.unit_points * line.quantity for line in request.lines)
    goods_cents = sum(line.unit_cents * line.quantity for line in request.lines)
    coupon = coupon_step(request.lines, request.coupon)
    offset = offset_step(request, goods_points, goods_cents, coupon)
    lines = _priced_lines(request.lines, coupon, offset)
    paid_shipping_cents = offset.freight_cents - offset.shipping_cents
    total_cents = goods_cents - coupon.cents - offset.cents + offset.freight_cents
    purchase = purchase_of(lines, paid_shipping_cents, request)
    return Quote(
        lines=lines,
        rows=(
            *(_line_row(line) for line in lines),
            *coupon.rows,
            *offset.rows,
            BillRow("shipping", {"way": request.way}, 0, offset.freight_cents, offset.freight_reasons),
        ),
        way=request.way,
        goods_points=goods_points,
        goods_cents=goods_cents,
        offset_points=offset.points,
        offset_cents=offset.cents,
        shipping_cents=offset.freight_cents,
        total_points=goods_points + offset.points,
        total_cents=total_cents,
        points_missing=max(0, goods_points - request.points_available),
        earn=evaluate(purchase, request.rulebook) if total_cents else NOTHING_EARNED,
        offset_limits=offset.limits,
        rulebook_version=request.rulebook_version,
        at=request.at,
        coupon_code=coupon.code,
        coupon_cents=coupon.cents,
        tier_code=request.member.tier_code,
        shipping_offset_points=offset.shipping_points,
        shipping_offset_cents=offset.shipping_cents,
        points_kind=request.points_kind,
    )


def purchase_of(lines: tuple[PricedLine, ...], shipping_cents: int, request: QuoteRequest) -> Occurrence:
    """The purchase that these lines and so much freight paid in cash would be, paid at the moment of the request."""
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
            is_gift=line.gift is not None,
        )
        for line in lines
    )


def _priced_lines(
    lines: tuple[QuoteLine, ...], coupon: CouponStep, offset: OffsetStep
) -> tuple[PricedLine, ...]:
    return tuple(
        PricedLine(
            **{each.name: getattr(line, each.name) for each in fields(line)},
            line_points=line.unit_points * line.quantity,
            line_cents=line.unit_cents * line.quantity,
            offset_points=line_offset_points,
            offset_cents=line_offset_cents,
            paid_cents=line.unit_cents * line.quantity - line_coupon_cents - line_offset_cents,
            coupon_cents=line_coupon_cents,
        )
        for line, line_coupon_cents, line_offset_points, line_offset_cents in zip(
            lines, coupon.line_cents, offset.line_points, offset.line_cents, strict=True
        )
    )


def _line_row(line: PricedLine) -> BillRow:
    params: dict[str, int | str] = {
        "variant_id": line.variant_id,
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
    }
    if line.gift:
        came = because("gift_comes", name=line.gift.name, quantity_min=line.gift.quantity_min)
        return BillRow("gift", params, 0, 0, (came,))
    reason = because(
        "unit_price", quantity=line.quantity, unit_points=line.unit_points, unit_cents=line.unit_cents
    )
    return BillRow("line", params, line.line_points, line.line_cents, (reason,))
