"""An order as the rules of refunding see it: what was paid, what went back, what was awarded."""

from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from shop.books.rulebooks import Occasion
from shop.extensions import db
from shop.models import Order, OrderLine, PointsEntry, Purchase, Refund
from shop.rules.orders.pricing import gift_from
from shop.rules.orders.refunding import AwardedEntry, PaidLine, PaidOrder
from shop.rules.points.award_documents import awards_from_documents
from shop.rules.points.earning import Award

ORDER = (
    select(
        Order.shipping_cents,
        Order.shipping_offset_points,
        Order.shipping_offset_cents,
        Order.refunded_shipping_points,
        Order.refunded_shipping_cents,
        Order.quote,
        Purchase.awards,
    )
    .outerjoin(Purchase, Purchase.order_id == Order.id)
    .where(Order.id == bindparam("order_id"))
)
WAIVED = select(func.coalesce(func.sum(Refund.waived_points), 0)).where(
    Refund.order_id == bindparam("order_id")
)
LINES = (
    select(
        OrderLine.id.label("line_id"),
        OrderLine.variant_id,
        OrderLine.quantity,
        OrderLine.refunded_quantity,
        OrderLine.line_points.label("points_paid"),
        OrderLine.refunded_points.label("points_refunded"),
        OrderLine.offset_points.label("offset_points_paid"),
        OrderLine.refunded_offset_points.label("offset_points_refunded"),
        OrderLine.paid_cents.label("cents_paid"),
        OrderLine.refunded_cents.label("cents_refunded"),
    )
    .where(OrderLine.order_id == bindparam("order_id"))
    .order_by(OrderLine.id)
)
Clawed = aliased(PointsEntry)
ENTRIES = (
    select(
        PointsEntry.id.label("entry_id"),
        PointsEntry.points,
        PointsEntry.reference,
        func.coalesce(func.sum(-Clawed.points), 0).label("clawed_points"),
    )
    .outerjoin(Clawed, (Clawed.corrects_entry_id == PointsEntry.id) & (Clawed.kind == "claw_back"))
    .where(PointsEntry.order_id == bindparam("order_id"), PointsEntry.kind == "earn")
    .group_by(PointsEntry.id, PointsEntry.points, PointsEntry.reference)
    .order_by(PointsEntry.id)
)


def load(order_id: int, occasion: Occasion) -> PaidOrder:
    """Read an order for a refund plan, under the rulebook version it was placed by."""
    order = db.session.execute(ORDER, {"order_id": order_id}).one()
    values = {"order_id": order_id}
    awards = awards_from_documents(order.awards or order.quote["earn"]).awards
    return PaidOrder(
        lines=tuple(
            PaidLine(**row._mapping, gift=gift_from(quoted))
            for row, quoted in zip(db.session.execute(LINES, values), order.quote["lines"], strict=True)
        ),
        shipping_cents=order.shipping_cents - order.shipping_offset_cents,
        shipping_refunded_cents=order.refunded_shipping_cents,
        awards=tuple(_awarded(row, awards) for row in db.session.execute(ENTRIES, values)),
        waived_points=int(db.session.scalar(WAIVED, values) or 0),
        awards_include_shipping=occasion.rulebook.earning.includes_shipping,
        shipping_points=order.shipping_offset_points,
        shipping_points_refunded=order.refunded_shipping_points,
    )


def _awarded(row: Any, awards: tuple[Award, ...]) -> AwardedEntry:
    """An entry beside the award that it was booked for, which its reference numbers from 1."""
    award = awards[int(row.reference.rpartition(":")[2]) - 1]
    clawed = int(row.clawed_points)
    return AwardedEntry(
        row.entry_id, row.points, clawed, award.points, award.shares, award.threshold, award.points_kind
    )
