"""Growth: what raises a member's tier.  It follows the cash paid for goods that were received, net of refunds."""

from sqlalchemy import bindparam, func, select, update

from shop.extensions import db
from shop.models import Member, Order, OrderLine
from shop.rules.points.tiers import growth_from_paid_cents

QUIET = {"synchronize_session": False}
NET_CENTS = select(func.coalesce(func.sum(OrderLine.paid_cents - OrderLine.refunded_cents), 0)).where(
    OrderLine.order_id == bindparam("order_id")
)
RECEIVED = select(Order.received_at).where(Order.id == bindparam("order_id"))
ADD = (
    update(Member).where(Member.id == bindparam("of_member")).values(growth=Member.growth + bindparam("more"))
)


def growth_of(order_id: int) -> int:
    """The growth that an order stands for now: nothing before it was received."""
    if db.session.scalar(RECEIVED, {"order_id": order_id}) is None:
        return 0
    return growth_from_paid_cents(int(db.session.scalar(NET_CENTS, {"order_id": order_id}) or 0))


def add(member_id: int, growth: int) -> None:
    """Raise or, after a refund, lower a member's growth.  The tier itself is checked by a reaction."""
    if growth:
        db.session.execute(ADD, {"of_member": member_id, "more": growth}, execution_options=QUIET)
