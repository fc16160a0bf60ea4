"""Purchases of every channel and their returns, as a replay decides them anew."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from shop.extensions import db
from shop.models import MonthReversal, Order, PointsEntry, Purchase, PurchaseLine, PurchaseRefund, Refund
from shop.rules.orders.pricing import bought_lines, quote_from_document
from shop.rules.points.occurrences import BoughtLine
from shop.rules.points.simulation import Bought, Credited, Event, FellShort, Returned

SINCE = bindparam("since", type_=Purchase.paid_at.type)
PURCHASES = (
    select(
        Purchase.id,
        Purchase.member_id,
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
    .where(or_(Purchase.paid_at >= SINCE, Purchase.credited_at >= SINCE, Purchase.credited_at.is_(None)))
    .order_by(Purchase.id)
)
LINES = select(PurchaseLine).order_by(PurchaseLine.purchase_id, PurchaseLine.number)
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
CREDITED = (
    select(PointsEntry.purchase_id, func.sum(PointsEntry.points).label("points"))
    .where(PointsEntry.purchase_id.is_not(None), PointsEntry.kind == "earn")
    .group_by(PointsEntry.purchase_id)
    .subquery()
)
ORDER_RETURNS = (
    select(
        Purchase.id.label("key"),
        Purchase.member_id,
        Purchase.cents.label("paid_cents"),
        Purchase.refunded_cents,
        Purchase.rulebook_version,
        (Refund.cents + Refund.deducted_cents - Refund.shipping_cents).label("cents"),
        Refund.clawed_points.label("taken"),
        Refund.created_at.label("at"),
        func.coalesce(CREDITED.c.points, 0).label("earned"),
    )
    .join(Purchase, Purchase.order_id == Refund.order_id)
    .outerjoin(CREDITED, CREDITED.c.purchase_id == Purchase.id)
    .where(Refund.created_at >= SINCE, Refund.created_at >= Purchase.paid_at, Refund.reason != "paid_late")
)
OTHER_RETURNS = (
    select(
        Purchase.id.label("key"),
        Purchase.member_id,
        Purchase.cents.label("paid_cents"),
        Purchase.refunded_cents,
        Purchase.rulebook_version,
        PurchaseRefund.cents,
        (PurchaseRefund.clawed_points + PurchaseRefund.debt_points + PurchaseRefund.waived_points).label(
            "taken"
        ),
        PurchaseRefund.at,
        func.coalesce(CREDITED.c.points, 0).label("earned"),
    )
    .join(Purchase, Purchase.id == PurchaseRefund.purchase_id)
    .outerjoin(CREDITED, CREDITED.c.purchase_id == Purchase.id)
    .where(PurchaseRefund.at >= SINCE)
)
FELL_SHORT = (
    select(
        MonthReversal.purchase_id,
        MonthReversal.award,
        MonthReversal.entry_id,
        MonthReversal.points,
        MonthReversal.at,
        Purchase.member_id,
        Purchase.rulebook_version,
        Purchase.awards,
    )
    .join(Purchase, Purchase.id == MonthReversal.purchase_id)
    .order_by(MonthReversal.id)
)
FIRST, LAST = 0, 2**62
"""Places at one moment: a purchase is decided before its entries are booked, a return follows them."""


def purchases_since(start: datetime) -> Iterator[tuple[datetime, int, Event]]:
    """Each purchase twice: when it was paid, and when its awards were booked."""
    values = {"since": start}
    lines: dict[int, list[PurchaseLine]] = defaultdict(list)
    for line in db.session.scalars(LINES):
        lines[line.purchase_id].append(line)
    booked: dict[int, list[Any]] = defaultdict(list)
    for entry in db.session.execute(ENTRIES, values):
        booked[entry.purchase_id or 0].append(entry)
    left_out: dict[int, dict[int, int]] = defaultdict(dict)
    for gone in db.session.execute(FELL_SHORT.where(MonthReversal.entry_id.is_(None))):
        sums = left_out[gone.purchase_id]
        sums[gone.award] = sums.get(gone.award, 0) + gone.points
    for row in db.session.execute(PURCHASES, values).all():
        yield row.paid_at, FIRST, _bought(row, lines[row.id])
        if row.credited_at is not None:
            entries = booked[row.id]
            yield (
                row.credited_at,
                entries[0].id if entries else LAST,
                _credited(row, entries, left_out[row.id]),
            )


def fallen_since(start: datetime) -> Iterator[tuple[datetime, int, Event]]:
    """Each award by threshold of a month that a return took back after it was credited."""
    credited = FELL_SHORT.where(MonthReversal.entry_id.is_not(None), MonthReversal.at >= SINCE)
    for row in db.session.execute(credited, {"since": start}).all():
        event = FellShort(
            at=row.at,
            member_id=row.member_id,
            key=row.purchase_id,
            rule=row.awards[row.award - 1]["rule"],
            points=row.points,
            version=row.rulebook_version,
        )
        yield row.at, LAST, event


def returns_since(start: datetime) -> Iterator[tuple[datetime, int, Event]]:
    """Each refund of a purchase."""
    for statement in (ORDER_RETURNS, OTHER_RETURNS):
        for row in db.session.execute(statement, {"since": start}).all():
            event = Returned(
                at=row.at,
                member_id=row.member_id,
                key=row.key,
                earned=int(row.earned),
                taken=int(row.taken),
                cents=int(row.cents),
                version=row.rulebook_version,
            )
            yield row.at, LAST, event


def _bought(row: Any, lines: list[PurchaseLine]) -> Bought:
    if row.quote is not None:
        bought = bought_lines(quote_from_document(row.quote).lines)
    else:
        bought = tuple(
            BoughtLine(cents=line.cents, quantity=line.quantity, sku=line.sku, category=line.category)
            for line in lines
        )
    return Bought(
        at=row.paid_at,
        member_id=row.member_id,
        key=row.id,
        placed_at=row.placed_at,
        lines=bought,
        shipping_cents=row.shipping_cents,
        channel=row.channel,
        tier_code=row.tier_code,
        decided_version=row.rulebook_version,
    )


def _credited(row: Any, entries: list[Any], left_out: dict[int, int]) -> Credited:
    decided = tuple(award["points"] for award in row.awards)
    left = None
    if row.refunded_cents or left_out:
        left = tuple(
            max(0, _left(number, points, entries) - left_out.get(number, 0))
            for number, points in enumerate(decided, start=1)
        )
    return Credited(
        at=row.credited_at,
        member_id=row.member_id,
        key=row.id,
        version=row.rulebook_version,
        waits_from=row.credited_at if row.quote is not None else row.paid_at,
        left_points=left,
        decided_points=decided,
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
