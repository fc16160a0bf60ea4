"""Why a basket cannot be ordered as it is: asked before the books' guarded updates decide."""

from shop.books.orders.baskets import Basket, BasketLine, Offer
from shop.errors import (
    LimitReached,
    NotOnSale,
    OrderLimitReached,
    OrderPointsAbove,
    OutOfStock,
    ShopError,
    StockTooLow,
    TierTooLow,
)
from shop.rules.orders.limits import QuantityLimit, is_for_tier_only, order_limits
from shop.rules.orders.pricing import Quote


def quantity_limit(basket: Basket, offer: Offer) -> QuantityLimit:
    """How many pieces of this variant an order could take, and why not more."""
    left = None
    if offer.limit_per_member is not None:
        left = offer.limit_per_member - basket.taken.get(offer.product_id, 0)
    available = offer.available if offer.is_on_sale else 0
    return order_limits(per_order_max=offer.limit_per_order, member_left=left, available=available)


def refusal_of_points(basket: Basket, quote: Quote) -> ShopError | None:
    """Why an order may not take so many points, whoever has them."""
    points_max = basket.occasion.rulebook.orders.points_max
    if points_max is not None and quote.total_points > points_max:
        return OrderPointsAbove(points_max, quote.total_points)
    return None


def refusal_of(basket: Basket, line: BasketLine) -> ShopError | None:
    """Why this line cannot be ordered now; None when it can.  The books' guarded updates decide in the end."""
    offer = line.offer
    if line.gift:
        return None
    if not offer.is_on_sale:
        return NotOnSale()
    if tier_name := missing_tier(basket, offer):
        return TierTooLow(tier_name)
    if offer.available < line.quantity:
        return StockTooLow(offer.title, offer.available) if offer.available > 0 else OutOfStock(offer.title)
    pieces = basket.pieces_of(offer.product_id)
    if offer.limit_per_order is not None and pieces > offer.limit_per_order:
        return OrderLimitReached(offer.title, offer.limit_per_order)
    if offer.limit_per_member is not None:
        left = max(0, offer.limit_per_member - basket.taken.get(offer.product_id, 0))
        if pieces > left:
            return LimitReached(offer.title, offer.limit_per_member, left)
    return None


def missing_tier(basket: Basket, offer: Offer) -> str | None:
    """The name of the tier that this product asks for and the customer has not reached; None when it is open."""
    if offer.tier_code_min is None or not is_for_tier_only(offer.tier_until, basket.occasion.now):
        return None
    tiers = basket.occasion.rulebook.tiers
    codes = [tier.code for tier in tiers]
    if offer.tier_code_min not in codes:
        return None  # the tier was taken out of the rulebook: nobody can be asked for it
    asked = codes.index(offer.tier_code_min)
    code = basket.customer.tier_code
    reached = codes.index(code) if code in codes else 0
    return tiers[asked].name if reached < asked else None
