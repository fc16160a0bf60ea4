"""The freight's step of a price: after the offset, as the bill shows it."""

from shop.rules.orders.pricing.quote import QuoteRequest
from shop.rules.reasons import Reason, because


def freight(request: QuoteRequest, goods_cents: int, paid_goods_cents: int) -> tuple[int, tuple[Reason, ...]]:
    """The freight in cents with its reasons.  It is free from a cash part on that is counted after the offset.

    The less is paid for goods, the rather it is charged, and it is always the same fee.
    """
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
