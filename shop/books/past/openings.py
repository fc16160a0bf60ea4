"""How every member stood at a moment in the past, worked out from entries and allocations."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select

from shop.crypto import unseal
from shop.extensions import db
from shop.models import Allocation, Lot, Member, PointsAccount, PointsEntry, Purchase
from shop.rules.points.simulation import Opening, OpeningLot
from shop.rules.points.tiers import growth_from_paid_cents

BEFORE = bindparam("before", type_=PointsEntry.occurred_at.type)
CHANGED = (
    select(Allocation.lot_id, func.sum(Allocation.points).label("points"))
    .join(PointsEntry, PointsEntry.id == Allocation.entry_id)
    .where(PointsEntry.occurred_at < BEFORE)
    .group_by(Allocation.lot_id)
    .subquery()
)
LOTS = (
    select(
        PointsAccount.member_id,
        Lot.id,
        (Lot.points + func.coalesce(CHANGED.c.points, 0)).label("remaining"),
        Lot.available_at,
        Lot.expires_at,
        Lot.credited_at,
        PointsEntry.purchase_id,
    )
    .join(PointsEntry, PointsEntry.id == Lot.entry_id)
    .join(PointsAccount, PointsAccount.id == Lot.account_id)
    .outerjoin(CHANGED, CHANGED.c.lot_id == Lot.id)
    .where(PointsEntry.occurred_at < BEFORE, Lot.points + func.coalesce(CHANGED.c.points, 0) > 0)
    .order_by(Lot.id)
)
DEBTS = (
    select(PointsAccount.member_id, func.sum(PointsEntry.debt_points).label("debt"))
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .where(PointsEntry.occurred_at < BEFORE)
    .group_by(PointsAccount.member_id)
)
MEMBERS = select(Member.id, Member.growth, Member.birthday_sealed, Member.birthday_changed_on).order_by(
    Member.id
)
CREDITED_SINCE = select(Purchase.member_id, Purchase.cents, Purchase.refunded_cents).where(
    Purchase.credited_at >= BEFORE
)
BOUGHT_BEFORE = select(Purchase.member_id, Purchase.paid_on, Purchase.cents, Purchase.refunded_cents).where(
    Purchase.credited_at < BEFORE
)
EARNED = (
    select(
        PointsAccount.member_id,
        PointsEntry.shop_day,
        PointsEntry.source_class,
        func.sum(PointsEntry.points).label("points"),
    )
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .where(
        PointsEntry.kind == "earn",
        PointsEntry.occurred_at < BEFORE,
        PointsEntry.shop_day >= bindparam("month"),
    )
    .group_by(PointsAccount.member_id, PointsEntry.shop_day, PointsEntry.source_class)
)


def openings_at(start: datetime, zone: ZoneInfo) -> list[Opening]:
    """Every member as they stood at ``start``: a handful of statements, whatever the number of members."""
    values = {"before": start}
    month = start.astimezone(zone).date().replace(day=1)
    lots = _grouped(db.session.execute(LOTS, values))
    debts = {row.member_id: int(row.debt) for row in db.session.execute(DEBTS, values)}
    earned = _grouped(db.session.execute(EARNED, {**values, "month": month}))
    bought = _grouped(db.session.execute(BOUGHT_BEFORE, values))
    later = _grouped(db.session.execute(CREDITED_SINCE, values))
    return [
        Opening(
            member_id=row.id,
            lots=tuple(
                OpeningLot(
                    lot.id,
                    int(lot.remaining),
                    lot.available_at,
                    lot.expires_at,
                    lot.credited_at,
                    lot.purchase_id,
                )
                for lot in lots.get(row.id, ())
            ),
            debt=debts.get(row.id, 0),
            growth=max(0, row.growth - _growth_since(later.get(row.id, ()))),
            birthday=date.fromisoformat(unseal(row.birthday_sealed)) if row.birthday_sealed else None,
            birthday_known_on=row.birthday_changed_on,
            purchases=tuple(
                (each.paid_on, each.cents, each.refunded_cents >= each.cents)
                for each in bought.get(row.id, ())
            ),
            earned=tuple(
                (each.shop_day, each.source_class, int(each.points)) for each in earned.get(row.id, ())
            ),
        )
        for row in db.session.execute(MEMBERS)
    ]


def _growth_since(purchases: Any) -> int:
    return sum(growth_from_paid_cents(each.cents - each.refunded_cents) for each in purchases)


def _grouped(rows: Any) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.member_id].append(row)
    return groups
