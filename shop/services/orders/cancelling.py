"""A member takes an order back before it is on its way: points, goods, limits and cash return."""

from datetime import datetime

from sqlalchemy import bindparam, select

from shop.books.orders.endings import end_unpaid
from shop.books.orders.refunds import RefundWish, refund
from shop.books.points import accounts
from shop.books.rulebooks import occasion_at
from shop.errors import NotFound, OrderMoved
from shop.extensions import db
from shop.models import Order, OrderLine
from shop.transaction import transaction

MINE = select(Order.id, Order.state, Order.total_cents).where(
    Order.number == bindparam("number"), Order.member_id == bindparam("member_id")
)
STATE = select(Order.state, Order.close_reason).where(Order.id == bindparam("order_id"))
LEFT = select(OrderLine.id, OrderLine.quantity, OrderLine.refunded_quantity).where(
    OrderLine.order_id == bindparam("order_id")
)


def cancel_order(number: str, member_id: int, now: datetime) -> None:
    """Cancel an order that is unpaid, or paid and not yet shipped or handed over.

    An unpaid order lets go of what was set aside; a paid one gives points back to their lots and cash by the way it
    came.  A repeat changes nothing.  Raises NotFound, and OrderMoved when it is too late.
    """
    with transaction() as session:
        order = session.execute(MINE, {"number": number, "member_id": member_id}).one_or_none()
        if order is None:
            raise NotFound
        accounts.lock(member_id)
        state = session.execute(STATE, {"order_id": order.id}).one()
        if state.state == "placed":
            end_unpaid(order.id, "cancel", actor="member", now=now)
        elif state.state == "paid":
            _refund_everything(order.id, now)
        elif state.close_reason != "cancel":
            raise OrderMoved


def _refund_everything(order_id: int, now: datetime) -> None:
    rows = db.session.execute(LEFT, {"order_id": order_id}).all()
    take = {row.id: row.quantity - row.refunded_quantity for row in rows}
    wish = RefundWish(
        take=take,
        refund_shipping=True,
        goods_back=frozenset(take),
        actor="member",
        closing_event="cancel",
    )
    refund(order_id, wish, f"cancel:{order_id}", occasion_at(now))
