"""A product prize becomes an order that costs nothing: placed, reserved and paid in one go."""

from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select

from shop.books import stock
from shop.books.orders import baskets, opening
from shop.books.orders.baskets import Basket
from shop.books.orders.paying import mark_paid
from shop.books.rulebooks import Occasion
from shop.books.stock import Wanted
from shop.extensions import db
from shop.models import Variant
from shop.rules.orders.pricing import Quote, Way

SKU_OF = select(Variant.sku).where(Variant.id == bindparam("variant"))


@dataclass(frozen=True)
class Claim:
    """Whose prize it is, what it is, and how it gets to the member."""

    attempt_id: int
    member_id: int
    variant_id: int
    way: Way
    store_id: int | None
    address_sealed: str | None


def basket_for(member_id: int, variant_id: int, occasion: Occasion) -> Basket:
    """The prize as a basket of one piece at no price, without limit and without freight."""
    sku = db.session.execute(SKU_OF, {"variant": variant_id}).scalar_one()
    basket = baskets.basket_of({sku: 1}, member_id, occasion)
    line = basket.lines[0]
    offer = replace(line.offer, price_points=0, price_cents=0, limit_per_member=None)
    return replace(basket, lines=(replace(line, offer=offer),))


def open_prize_order(claim: Claim, basket: Basket) -> int:
    """Place and pay the order of a claimed prize.  Raises SoldOut when the shop has none left.  Returns its id."""
    occasion = basket.occasion
    header = opening.Header(
        number=opening.new_number(occasion.today),
        member_id=claim.member_id,
        way=claim.way,
        store_id=claim.store_id,
        address_sealed=claim.address_sealed,
        note="",
        idempotency_key=f"prize:{claim.attempt_id}",
        request_hash="",
        pay_by_at=occasion.now,
    )
    order_id = opening.open_order(basket, _quote_without_freight(basket, claim.way), header)
    line = basket.lines[0]
    stock.reserve(order_id, [Wanted(line.offer.variant_id, 1, line.offer.title)], occasion.now)
    mark_paid(order_id, occasion, actor="member")
    return order_id


def _quote_without_freight(basket: Basket, way: Way) -> Quote:
    """Goods that need no shipping cost none: the shop sends its prizes at its own expense."""
    line = basket.lines[0]
    freed = replace(line, offer=replace(line.offer, kind="virtual"))
    return baskets.quote_of(replace(basket, lines=(freed,)), way, 0)
