"""Purchases of every channel and their returns, as a replay decides them anew."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from shop.books.past import fallen
from shop.books.past.fallen import LAST
from shop.books.past.standing import Merges
from shop.extensions import db
from shop.models import (
    Category,
    Order,
    PointsEntry,
    Product,
    Purchase,
    PurchaseLine,
    PurchaseRefund,
    Refund,
    Variant,
    is_main_entry,
)
from shop.rules.orders.pricing import bought_lines, quote_from_document
from shop.rules.points.occurrences import BoughtLine
from shop.rules.points.simulation import Bought, Counted, Credited, Event, Returned

SINCE = bindparam("since", type_=Purchase.paid_at.type)
IN_TIME = or_(
    Purchase.credited_at >= SINCE,
    (Purchase.order_id.is_not(None)) & (Purchase.credited_at.is_(None) | (Purchase.paid_at >= SINCE)),
)
"""What is decided anew: purchases of before as well, when their points came later or are still to come."""
PURCHASES = (
    select(
        Purchase.id,
        Purchase.member_id,
        Purchase.order_id,
        Purchase.channel,
        Purchase.tier_code,
        Purchase.shipping_cents,
        Purchase.refunded_cents,
        Purchase.awards,
        Purchase.rulebook_version,
        Purchase.placed_at,
        Purchase.paid_at,
        Purchase.credited_at,
        Order.quote,
    )
    .outerjoin(Order, Order.id == Purchase.order_id)
    .where(IN_TIME)
    .order_by(Purchase.id)
)
LINES = (
    select(
        PurchaseLine.purchase_id,
        PurchaseLine.cents,
        PurchaseLine.quantity,
        PurchaseLine.sku,
        PurchaseLine.category,
    )
    .join(Purchase, Purchase.id == PurchaseLine.purchase_id)
    .where(IN_TIME)
    .order_by(PurchaseLine.purchase_id, PurchaseLine.number)
)
OF_SKUS = (
    select(Variant.sku, Category.slug.label("category"), Product.tags)
    .join(Product, Product.id == Variant.product_id)
    .outerjoin(Category, Category.id == Product.category_id)
)
RECEIVED = (
    select(Order.member_id, Order.received_at, Order.state, Purchase.id.label("purchase_id"))
    .outerjoin(Purchase, Purchase.order_id == Order.id)
    .where(Order.received_at >= SINCE, Order.total_points + Order.total_cents > 0)
    .order_by(Order.id)
)
ENTRIES = (
    select(
        PointsEntry.id,
        PointsEntry.purchase_id,
        PointsEntry.points,
        PointsEntry.reference,
        PointsEntry.reasons,
    )
    .where(PointsEntry.purchase_id.is_not(None), PointsEntry.kind == "earn", PointsEntry.occurred_at >= SINCE)
    .order_by(PointsEntry.id)
)
EARNED = (
    select(func.coalesce(func.sum(PointsEntry.points), 0))
    .where(PointsEntry.purchase_id == Purchase.id, PointsEntry.kind == "earn", is_main_entry)
    .correlate(Purchase)
    .scalar_subquery()
    .label("earned")
)
OWED = (
    select(PointsEntry.reference, func.sum(PointsEntry.debt_points).label("points"))
    .where(
        PointsEntry.kind == "claw_back",
        is_main_entry,
        PointsEntry.debt_points > 0,
        PointsEntry.reference.like("refund:%:claw:%"),
        PointsEntry.occurred_at >= SINCE,
    )
    .group_by(PointsEntry.reference)
)
ORDER_RETURNS = (
    select(
        Purchase.id.label("key"),
        Purchase.member_id,
        Purchase.rulebook_version,
        Purchase.credited_at,
        (Refund.cents + Refund.deducted_cents - Refund.shipping_cents).label("cents"),
        Refund.clawed_points.label("taken"),
        Refund.id.label("refund_id"),
        Refund.waived_points.label("let_go"),
        (Refund.cents + Refund.deducted_cents).label("cash_back"),
        Refund.created_at.label("at"),
        EARNED,
    )
    .join(Purchase, Purchase.order_id == Refund.order_id)
    .where(Refund.created_at >= SINCE, Refund.created_at >= Purchase.paid_at, Refund.reason != "paid_late")
)
OTHER_RETURNS = (
    select(
        Purchase.id.label("key"),
        Purchase.member_id,
        Purchase.rulebook_version,
        Purchase.credited_at,
        PurchaseRefund.cents,
        (PurchaseRefund.clawed_points + PurchaseRefund.debt_points + PurchaseRefund.waived_points).label(
            "taken"
        ),
        PurchaseRefund.debt_points.label("owed"),
        PurchaseRefund.waived_points.label("let_go"),
        PurchaseRefund.at,
        EARNED,
    )
    .join(Purchase, Purchase.id == PurchaseRefund.purchase_id)
    .where(PurchaseRefund.at >= SINCE)
)
FIRST = 0
"""Places at one moment: a purchase is decided before its entries are booked, a return follows them."""


def purchases_since(start: datetime, merges: Merges) -> Iterator[tuple[datetime, int, Event]]:
    """Each purchase three times: when its awards are decided, when they were booked, and when it counts for the tier.

    An order of the mall is decided when it is paid; what another shop reports is decided and booked at once.
    """
    values = {"since": start}
    lines = _lines(values)
    booked: dict[int, list[Any]] = defaultdict(list)
    for entry in db.session.execute(ENTRIES, values):
        booked[entry.purchase_id or 0].append(entry)
    left_out = fallen.left_out()
    for row in db.session.execute(PURCHASES, values).all():
        entries = booked[row.id]
        place = entries[0].id if entries else LAST
        is_reported = row.order_id is None
        decided_at = row.credited_at if is_reported else row.paid_at
        yield (
            decided_at,
            place if is_reported else FIRST,
            _bought(row, decided_at, lines.get(row.id, ()), merges),
        )
        if row.credited_at is not None:
            yield row.credited_at, place, _credited(row, entries, left_out.get(row.id, {}), merges)
        if is_reported:
            yield (
                row.credited_at,
                place,
                _counted(row.credited_at, row.paid_at, row.member_id, row.id, merges),
            )
    for order in db.session.execute(RECEIVED, values).all():
        at: Any = order.received_at
        if order.purchase_id is not None or order.state == "received":
            yield at, LAST, _counted(at, at, order.member_id, order.purchase_id, merges)


def returns_since(start: datetime, merges: Merges) -> Iterator[tuple[datetime, int, Event]]:
    """Each refund of a purchase."""
    values = {"since": start}
    owed: dict[int, int] = defaultdict(int)
    for debt in db.session.execute(OWED, values):
        owed[int(debt.reference.split(":")[1])] += int(debt.points)
    for row in db.session.execute(ORDER_RETURNS, values).all():
        yield row.at, LAST, _returned(row, owed[row.refund_id], int(row.cash_back), merges)
    for row in db.session.execute(OTHER_RETURNS, values).all():
        yield row.at, LAST, _returned(row, int(row.owed), 0, merges)


def _lines(values: dict[str, datetime]) -> dict[int, list[BoughtLine]]:
    """Lines as the rules saw them: a SKU of ours brings its category and tags, as they are now."""
    rows = db.session.execute(LINES, values).all()
    known = {row.sku: row for row in db.session.execute(OF_SKUS)} if any(row.sku for row in rows) else {}
    lines: dict[int, list[BoughtLine]] = defaultdict(list)
    for row in rows:
        ours = known.get(row.sku)
        lines[row.purchase_id].append(
            BoughtLine(
                cents=row.cents,
                quantity=row.quantity,
                sku=row.sku,
                category=row.category or (ours.category if ours else None),
                tags=tuple(ours.tags.split()) if ours else (),
            )
        )
    return lines


def _bought(row: Any, decided_at: datetime, lines: Sequence[BoughtLine], merges: Merges) -> Bought:
    if row.quote is not None:
        lines = bought_lines(quote_from_document(row.quote).lines)
    return Bought(
        at=decided_at,
        member_id=merges.owner(row.id, row.member_id, decided_at),
        key=row.id,
        paid_at=row.paid_at,
        placed_at=row.placed_at,
        lines=tuple(lines),
        shipping_cents=row.shipping_cents,
        channel=row.channel,
        tier_code=row.tier_code,
        decided_version=row.rulebook_version,
    )


def _credited(row: Any, entries: list[Any], left_out: dict[int, int], merges: Merges) -> Credited:
    decided = tuple(award["points"] for award in row.awards)
    left = None
    if row.refunded_cents or left_out:
        left = tuple(
            max(0, _left(number, points, entries) - left_out.get(number, 0))
            for number, points in enumerate(decided, start=1)
        )
    return Credited(
        at=row.credited_at,
        member_id=merges.owner(row.id, row.member_id, row.credited_at),
        key=row.id,
        version=row.rulebook_version,
        waits_from=row.credited_at if row.order_id is not None else row.paid_at,
        left_points=left,
        decided_points=decided,
    )


def _counted(at: datetime, counted_at: datetime, member_id: int, key: int | None, merges: Merges) -> Counted:
    owner = merges.owner(key, member_id, at) if key is not None else member_id
    return Counted(at=at, member_id=owner, counted_at=counted_at, key=key)


def _returned(row: Any, owed: int, cash_back: int, merges: Merges) -> Returned:
    return Returned(
        at=row.at,
        member_id=merges.owner(row.key, row.member_id, row.at),
        key=row.key,
        earned=int(row.earned),
        taken=int(row.taken),
        cents=int(row.cents),
        version=row.rulebook_version,
        owed=owed,
        let_go=int(row.let_go),
        cash_back=cash_back,
        credited_at=row.credited_at,
    )


def _left(number: int, points: int, entries: list[Any]) -> int:
    """What a refund before the booking left of an award; without one, or after it, all of it; without an entry nothing."""
    for entry in entries:
        if entry.reference.endswith(f":award:{number}"):
            for reason in entry.reasons:
                if reason["code"] == "refunded_before_receipt":
                    return points - int(reason["params"]["points"])
            return points
    return 0
