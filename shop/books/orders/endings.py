"""An order ends unpaid: everything that was set aside for it is let go, exactly once."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from shop.books import outbox, purchase_counts, stock
from shop.books.coupons import using
from shop.books.orders import moves
from shop.books.orders.paying import hold_reference
from shop.books.points import accounts, holds
from shop.extensions import db
from shop.models import Order, OrderLine, Payment

QUIET = {"synchronize_session": False}
ORDER = select(Order.number, Order.member_id, Order.coupon_cents).where(Order.id == bindparam("order_id"))
COUNTED = (
    select(OrderLine.product_id, OrderLine.limit_period, OrderLine.quantity)
    .where(OrderLine.order_id == bindparam("order_id"), OrderLine.limit_period.is_not(None))
    .order_by(OrderLine.product_id)
)
CLOSE_PAYMENTS = (
    update(Payment)
    .where(Payment.order_id == bindparam("of_order"), Payment.state == "pending")
    .values(state="closed", closed_at=bindparam("ended"))
)


def end_unpaid(
    order_id: int,
    event: str,
    *,
    actor: str,
    now: datetime,
    staff_id: int | None = None,
    reason: str = "",
) -> bool:
    """End a placed order by ``cancel`` or ``time_out``: points, coupon, limits and stock go back, open payments close.

    False when the order is not placed any more (paid, or ended before): nothing changed.
    """
    number, member_id, coupon_cents = db.session.execute(ORDER, {"order_id": order_id}).one()
    accounts.lock(member_id)
    moved = moves.move(
        order_id, event, actor=actor, now=now, staff_id=staff_id, reason=reason, only_from="placed"
    )
    if not moved:
        return False
    holds.void(hold_reference(number), now, state="expired" if event == "time_out" else "voided")
    if coupon_cents:
        using.release(order_id, now)
    _give_counts_back(order_id, member_id)
    db.session.execute(CLOSE_PAYMENTS, {"of_order": order_id, "ended": now}, execution_options=QUIET)
    stock.release(order_id, now)
    payload = {"order_id": order_id, "reason": event}
    outbox.put("order_closed", f"order_closed:{order_id}", now, payload)
    return True


def _give_counts_back(order_id: int, member_id: int) -> None:
    for row in db.session.execute(COUNTED, {"order_id": order_id}).all():
        purchase_counts.count_out(member_id, row.product_id, row.limit_period, row.quantity)
