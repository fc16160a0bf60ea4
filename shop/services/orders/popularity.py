"""How often a product was redeemed: what the shelf sorts by and shows."""

from sqlalchemy import bindparam, func, select, update

from shop.models import OrderLine, Product
from shop.transaction import transaction

TAKEN = (
    select(OrderLine.product_id, func.sum(OrderLine.quantity).label("units"))
    .where(OrderLine.order_id == bindparam("order_id"), OrderLine.gift_id.is_(None))
    .group_by(OrderLine.product_id)
    .order_by(OrderLine.product_id)
)
COUNT = (
    update(Product)
    .where(Product.id == bindparam("counted_product"))
    .values(redeemed_count=Product.redeemed_count + bindparam("units"))
)


def count_redeemed(order_id: int) -> None:
    """Add the units of a paid order to its products' counts.  Not in the order's own transaction: the row is everybody's.

    Each call counts again: the outbox calls it once for each order.
    """
    with transaction() as session:
        for row in session.execute(TAKEN, {"order_id": order_id}).all():
            values = {"counted_product": row.product_id, "units": int(row.units)}
            session.execute(COUNT, values, execution_options={"synchronize_session": False})
