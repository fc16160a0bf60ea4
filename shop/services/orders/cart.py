"""What a member does with the cart.  Nothing is promised by it: price and stock are looked up again at the checkout."""

from datetime import datetime

from sqlalchemy import bindparam, select

from shop.books.orders import carts
from shop.books.points import accounts
from shop.errors import CartFull, NotFound, NotOnSale
from shop.models import CartItem, Product, Variant
from shop.rules.orders.limits import QUANTITY_MAX
from shop.transaction import transaction

FOUND = (
    select(Variant.id, Variant.state, Product.state.label("product_state"), CartItem.quantity)
    .join(Product, Product.id == Variant.product_id)
    .outerjoin(CartItem, (CartItem.variant_id == Variant.id) & (CartItem.member_id == bindparam("member_id")))
    .where(Variant.sku == bindparam("sku"))
)


def add_to_cart(member_id: int, sku: str, quantity: int, now: datetime) -> None:
    """Add pieces of a variant to what the cart holds of it, up to ``QUANTITY_MAX``.

    Raises NotFound, NotOnSale, and CartFull when a further variant finds no room.
    """
    with transaction() as session:
        accounts.lock(member_id)  # two taps at once: the second one sees the first
        found = session.execute(FOUND, {"member_id": member_id, "sku": sku}).one_or_none()
        if found is None:
            raise NotFound
        if found.state != "active" or found.product_state != "on_sale":
            raise NotOnSale
        if found.quantity is None and carts.is_full(member_id):
            raise CartFull
        carts.put(member_id, found.id, min(QUANTITY_MAX, (found.quantity or 0) + quantity), now)


def change_quantity(member_id: int, sku: str, quantity: int, now: datetime) -> None:
    """Let the cart hold so many pieces; 0 takes the variant out.  A repeat changes nothing.

    Raises NotFound when the cart holds no such variant, unless it is to be taken out anyway.
    """
    with transaction() as session:
        accounts.lock(member_id)  # two taps at once: the second one sees the first
        found = session.execute(FOUND, {"member_id": member_id, "sku": sku}).one_or_none()
        if found is None or (found.quantity is None and quantity > 0):
            raise NotFound
        carts.put(member_id, found.id, quantity, now)
