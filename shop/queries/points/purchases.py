"""What messages about reported purchases and deeds say."""

from dataclasses import dataclass
from datetime import date

from flask import current_app
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import Deed, Lot, PointsEntry, Purchase, PurchaseRefund, is_main_entry


@dataclass(frozen=True)
class PurchaseNews:
    """Whose purchase it was, its number, its cash, and what it brought and when that can be spent."""

    member_id: int
    external_id: str
    cents: int
    points: int
    available_on: date | None


@dataclass(frozen=True)
class RefundNews:
    """What a refund of it took back."""

    member_id: int
    external_id: str
    cents: int
    points: int


def purchase_news(purchase_id: int) -> PurchaseNews:
    """What a reported purchase brought."""
    statement = (
        select(
            Purchase.member_id,
            Purchase.external_id,
            Purchase.cents,
            func.coalesce(func.sum(PointsEntry.points), 0).label("points"),
            func.max(Lot.available_at, type_=Lot.available_at.type).label("available_at"),
        )
        .select_from(Purchase)
        .outerjoin(
            PointsEntry,
            (PointsEntry.purchase_id == Purchase.id) & (PointsEntry.kind == "earn") & is_main_entry,
        )
        .outerjoin(Lot, Lot.entry_id == PointsEntry.id)
        .where(Purchase.id == purchase_id)
        .group_by(Purchase.member_id, Purchase.external_id, Purchase.cents)
    )
    row = db.session.execute(statement).one()
    zone = current_app.config["SHOP_ZONE"]
    available_on = row.available_at.astimezone(zone).date() if row.available_at else None
    return PurchaseNews(row.member_id, row.external_id, row.cents, int(row.points), available_on)


def refund_news(purchase_id: int, refund_id: str) -> RefundNews:
    """What a refund of a reported purchase took back."""
    statement = (
        select(
            Purchase.member_id,
            Purchase.external_id,
            PurchaseRefund.cents,
            (PurchaseRefund.clawed_points + PurchaseRefund.debt_points).label("points"),
        )
        .join(PurchaseRefund, PurchaseRefund.purchase_id == Purchase.id)
        .where(Purchase.id == purchase_id, PurchaseRefund.refund_id == refund_id)
    )
    return RefundNews(*db.session.execute(statement).one())


def member_of_deed(deed_id: int) -> int:
    """Who did it."""
    return int(db.session.execute(select(Deed.member_id).where(Deed.id == deed_id)).scalar_one())
