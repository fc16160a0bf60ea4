"""Purchases that were decided before a replay begins, as later ones and tiers count them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select

from shop.books.past.standing import Merges
from shop.extensions import db
from shop.models import Order, Purchase
from shop.rules.points.simulation import Bought, Event, OpeningPurchase, Returned
from shop.rules.points.tiers import growth_from_paid_cents

BEFORE = bindparam("before", type_=Purchase.paid_at.type)
ALL = (
    select(
        Purchase.id,
        Purchase.member_id,
        Purchase.order_id,
        Purchase.paid_on,
        Purchase.paid_at,
        Purchase.cents,
        Purchase.refunded_cents,
        Order.received_at,
    )
    .outerjoin(Order, Order.id == Purchase.order_id)
    .order_by(Purchase.id)
)
OF_POINTS = (
    select(Order.member_id, Order.received_at)
    .outerjoin(Purchase, Purchase.order_id == Order.id)
    .where(
        Purchase.id.is_(None),
        Order.state == "received",
        Order.received_at < BEFORE,
        Order.total_points + Order.total_cents > 0,
    )
)


@dataclass(frozen=True)
class Before:
    """By member: purchases, when orders of points alone were received, and the growth that all purchases stand for now."""

    purchases: dict[int, list[OpeningPurchase]] = field(default_factory=lambda: defaultdict(list))
    points_orders: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    growth: dict[int, int] = field(default_factory=lambda: defaultdict(int))


def purchases_before(start: datetime, events: Iterable[Event], merges: Merges) -> Before:
    """Purchases that the replay does not decide itself, with what had gone back of them by then."""
    decided = {event.key for event in events if isinstance(event, Bought)}
    returned: dict[int, int] = defaultdict(int)
    for event in events:
        if isinstance(event, Returned):
            returned[event.key] += event.cents
    before = Before()
    for row in db.session.execute(ALL):
        counted_at = row.received_at if row.order_id is not None else row.paid_at
        owner = merges.owner(row.id, row.member_id, start)
        if counted_at is not None:
            before.growth[owner] += growth_from_paid_cents(row.cents - row.refunded_cents)
        if row.id not in decided:
            refunded = row.refunded_cents - returned[row.id]
            counted_at = counted_at if counted_at is not None and counted_at < start else None
            opening = OpeningPurchase(row.id, row.paid_on, row.cents, refunded, counted_at)
            before.purchases[owner].append(opening)
    for order in db.session.execute(OF_POINTS, {"before": start}):
        if order.received_at is not None:
            before.points_orders[order.member_id].append(order.received_at)
    return before
