"""What a member is told about an order or a refund: the few values that the messages need."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import bindparam, func, select

from shop.extensions import db
from shop.models import Lot, Order, PointsEntry, Refund, is_main_entry

ORDER = select(
    Order.number, Order.member_id, Order.way, Order.carrier, Order.tracking_number, Order.paid_at
).where(Order.id == bindparam("order_id"))
EARNED = (
    select(func.coalesce(func.sum(PointsEntry.points), 0), func.max(Lot.available_at))
    .join(Lot, Lot.entry_id == PointsEntry.id)
    .where(PointsEntry.order_id == bindparam("order_id"), PointsEntry.kind == "earn", is_main_entry)
)
REFUND = (
    select(Order.number, Order.member_id, Refund.points, Refund.cents, Refund.reason)
    .join(Order, Order.id == Refund.order_id)
    .where(Refund.id == bindparam("refund_id"))
)


@dataclass(frozen=True)
class OrderNews:
    number: str
    member_id: int
    way: str
    carrier: str | None
    tracking_number: str | None
    paid_at: datetime | None


@dataclass(frozen=True)
class Earned:
    """What a received order brings, and from which day on it can be spent."""

    points: int
    available_on: date | None


@dataclass(frozen=True)
class RefundNews:
    number: str
    member_id: int
    points: int
    cents: int
    reason: str


def order_news(order_id: int) -> OrderNews:
    """The order that something happened to."""
    return OrderNews(*db.session.execute(ORDER, {"order_id": order_id}).one())


def earned_by(order_id: int) -> Earned:
    """The awards of a received order."""
    points, available_at = db.session.execute(EARNED, {"order_id": order_id}).one()
    zone: ZoneInfo = current_app.config["SHOP_ZONE"]
    return Earned(int(points), available_at.astimezone(zone).date() if available_at else None)


def refund_news(refund_id: int) -> RefundNews:
    """The refund that was made."""
    return RefundNews(*db.session.execute(REFUND, {"refund_id": refund_id}).one())
