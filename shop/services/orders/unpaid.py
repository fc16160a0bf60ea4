"""Orders that end before they are paid: by the member's wish, or because the time is over."""

from datetime import datetime

from sqlalchemy import bindparam, select

from shop.books.orders.endings import end_unpaid
from shop.errors import NotFound, OrderMoved
from shop.models import Order
from shop.transaction import transaction

BATCH = 50
OVERDUE = (
    select(Order.id)
    .where(Order.state == "placed", Order.pay_by_at <= bindparam("now"))
    .order_by(Order.pay_by_at, Order.id)
    .limit(BATCH)
)
MINE = select(Order.id, Order.state, Order.close_reason).where(
    Order.number == bindparam("number"), Order.member_id == bindparam("member_id")
)


def cancel_unpaid_order(number: str, member_id: int, now: datetime, *, reason: str = "") -> None:
    """The member gives an unpaid order up: points, limits and goods go back.  A repeat changes nothing.

    Raises NotFound for another member's order, OrderMoved when it was paid meanwhile.
    """
    with transaction() as session:
        order = session.execute(MINE, {"number": number, "member_id": member_id}).one_or_none()
        if order is None:
            raise NotFound
        ended = end_unpaid(order.id, "cancel", actor="member", now=now, reason=reason)
        if (
            not ended
            and session.execute(MINE, {"number": number, "member_id": member_id}).one().state != "closed"
        ):
            raise OrderMoved


def end_unpaid_orders(now: datetime) -> int:
    """End orders whose time to pay is over, each in a transaction of its own.  Returns how many ended.

    Safe to run twice and on two machines: each order ends once.
    """
    ended = 0
    while overdue := _overdue(now):
        ended += sum(_time_out(order_id, now) for order_id in overdue)
        if len(overdue) < BATCH:
            break
    return ended


def _overdue(now: datetime) -> list[int]:
    with transaction() as session:
        return list(session.scalars(OVERDUE, {"now": now}))


def _time_out(order_id: int, now: datetime) -> bool:
    with transaction():
        return end_unpaid(order_id, "time_out", actor="system", now=now)
