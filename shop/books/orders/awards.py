"""An order is received: what was promised when it was placed is credited now, entry by entry, with its reasons."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from shop.books import month_reversals, outbox, purchases
from shop.books.orders import growth, moves, paid_orders
from shop.books.points import accounts
from shop.books.points.awarding import Source
from shop.books.rulebooks import occasion_under
from shop.extensions import db
from shop.models import Order
from shop.rules.orders.refunding import awards_after_refunds
from shop.rules.points.earning import Awards, credited_at

ORDER = select(Order.number, Order.member_id, Order.rulebook_version).where(Order.id == bindparam("order_id"))


def mark_received(
    order_id: int, event: str, *, actor: str, now: datetime, staff_id: int | None = None, reason: str = ""
) -> bool:
    """Move an order to received by ``receive``, ``hand_over`` or ``deliver``, and credit what its quote promised.

    The points come under the rulebook version of the order (a promise is kept), after its waiting days.  What was
    refunded before counts no more.  False when the order was in no state that allows the event: nothing changed.
    """
    order = db.session.execute(ORDER, {"order_id": order_id}).one()
    accounts.lock(order.member_id)
    if not moves.move(order_id, event, actor=actor, now=now, staff_id=staff_id, reason=reason):
        return False
    _credit_awards(order_id, order, now)
    growth.add(order.member_id, growth.growth_of(order_id))
    outbox.put("order_received", f"order_received:{order_id}", now, {"order_id": order_id})
    return True


def _credit_awards(order_id: int, order: Any, now: datetime) -> None:
    """Book what was decided at payment, if that has not been done then."""
    occasion = occasion_under(order.rulebook_version, now)
    purchase = purchases.of_order(order_id)
    if purchase is None or purchase.is_credited:
        return
    awards = purchase.awards.awards
    left = awards_after_refunds(awards, paid_orders.load(order_id, occasion))
    awards, left = month_reversals.without_fallen(purchase.purchase_id, awards, left)
    source = Source(
        member_id=order.member_id,
        reference=f"order:{order.number}",
        available_at=credited_at(now, occasion.rulebook.earning),
        order_id=order_id,
        purchase_id=purchase.purchase_id,
    )
    purchases.credit(purchase.purchase_id, Awards(awards), left, source, occasion)
