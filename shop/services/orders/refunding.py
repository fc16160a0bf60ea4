"""Staff give an order back, in part or whole, with a reason."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from shop.books import audit
from shop.books.orders.refunds import RefundWish, refund
from shop.books.points import accounts
from shop.books.rulebooks import occasion_at
from shop.errors import KeyReused, NotFound, OrderMoved
from shop.extensions import db
from shop.models import Order, OrderLine, Refund, RefundLine
from shop.transaction import transaction

__all__ = ["RefundWish", "refund_order"]

REFUNDABLE = ("paid", "shipped", "received")
BY_NUMBER = select(Order.id, Order.member_id).where(Order.number == bindparam("number"))
STATE = select(Order.state).where(Order.id == bindparam("order_id"))
DONE = select(Refund.id).where(Refund.reference == bindparam("reference"))
WAIVED = select(Refund.waived_points).where(Refund.id == bindparam("refund_id"))
TAKEN = (
    select(RefundLine.line_id, RefundLine.quantity, OrderLine.gift_id)
    .join(OrderLine, OrderLine.id == RefundLine.line_id)
    .where(RefundLine.refund_id == bindparam("refund_id"))
)


def refund_order(number: str, wish: RefundWish, key: str, now: datetime) -> int:
    """Refund pieces of a paid order.  The same key again answers with the first refund.  Returns the refund's id.

    Raises NotFound, RefundTooLarge, OrderMoved when the order is not paid or is closed, and KeyReused when the key
    came with other pieces before.
    """
    reference = f"staff:{wish.staff_id}:{key}"
    with transaction() as session:
        order = session.execute(BY_NUMBER, {"number": number}).one_or_none()
        if order is None:
            raise NotFound
        accounts.lock(order.member_id)
        if known := session.scalar(DONE, {"reference": reference}):
            _same_or_refuse(int(known), wish)
            return int(known)
        if session.scalar(STATE, {"order_id": order.id}) not in REFUNDABLE:
            raise OrderMoved
        refund_id = refund(order.id, replace(wish, actor="staff"), reference, occasion_at(now))
        after: dict[str, Any] = {
            "refund_id": refund_id,
            "take": {str(line): pieces for line, pieces in wish.take.items()},
        }
        if wish.waive:
            after["waived_points"] = session.scalar(WAIVED, {"refund_id": refund_id})
        audit.record(
            staff_id=wish.staff_id,
            action="order.refund",
            subject=f"order:{number}",
            now=now,
            after=after,
            reason=wish.reason,
        )
        return refund_id


def _same_or_refuse(refund_id: int, wish: RefundWish) -> None:
    """The wish named the goods; gifts may have gone back by themselves."""
    rows = db.session.execute(TAKEN, {"refund_id": refund_id}).all()
    gifts = {row.line_id: row.quantity for row in rows if row.gift_id is not None}
    taken = {row.line_id: row.quantity for row in rows if row.gift_id is None}
    asked = {line_id: pieces for line_id, pieces in wish.take.items() if pieces}
    goods = {line_id: pieces for line_id, pieces in asked.items() if line_id not in gifts}
    if goods != taken or any(gifts[line_id] < asked.get(line_id, 0) for line_id in gifts):
        raise KeyReused
