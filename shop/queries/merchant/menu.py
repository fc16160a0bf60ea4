"""What waits for somebody of the back office: the counts beside the menu and on the dashboard."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from shop.extensions import db
from shop.models import Approval, Order
from shop.models.merchant.approval import DECIDERS

is_shipped = Order.way == "shipping"
WAITING = select(
    func.coalesce(func.sum(case((is_shipped, 1), else_=0)), 0),
    func.coalesce(func.sum(case((is_shipped, 0), else_=1)), 0),
    func.min(case((is_shipped, Order.paid_at))),
).where(Order.state == "paid")


@dataclass(frozen=True)
class Waiting:
    """Paid orders that nobody has sent or handed over yet."""

    to_ship: int
    to_pick_up: int
    oldest_to_ship_at: datetime | None

    @property
    def orders(self) -> int:
        return self.to_ship + self.to_pick_up


def waiting_orders() -> Waiting:
    """Count the paid orders by their way, in one statement on the index of states."""
    return Waiting(*db.session.execute(WAITING).one())


@dataclass(frozen=True)
class MenuCounts:
    """What the menu says beside its lines."""

    orders: int
    approvals: int


def menu_counts(role: str) -> MenuCounts:
    """Paid orders, and what waits for somebody of this role to approve: one statement for the whole menu."""
    kinds = [kind for kind, roles in DECIDERS.items() if role in roles]
    orders = select(func.count()).select_from(Order).where(Order.state == "paid")
    approvals = select(func.count()).select_from(Approval)
    approvals = approvals.where(Approval.state == "waiting", Approval.kind.in_(kinds))
    statement = select(orders.scalar_subquery(), approvals.scalar_subquery())
    return MenuCounts(*db.session.execute(statement).one())
