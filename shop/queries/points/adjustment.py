"""What a message about an adjustment says."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from shop.extensions import db
from shop.models import Lot, PointsAccount, PointsEntry
from shop.queries.points.balance import last_day_before


@dataclass(frozen=True)
class AdjustmentNews:
    """Whose points were adjusted by how much, and the reason that the merchant gave."""

    member_id: int
    points: int
    reason: str


def adjustment_news(entry_id: int) -> AdjustmentNews:
    """The adjustment that this entry booked."""
    statement = (
        select(PointsAccount.member_id, PointsEntry.points, PointsEntry.reasons)
        .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
        .where(PointsEntry.id == entry_id)
    )
    row = db.session.execute(statement).one()
    return AdjustmentNews(row.member_id, row.points, str(row.reasons[0]["params"]["reason"]))


@dataclass(frozen=True)
class ReinstatementNews:
    """Points that had lapsed and are back: how many, why, and the last day on which they count."""

    member_id: int
    points: int
    reason: str
    last_on: date


def reinstatement_news(entry_id: int) -> ReinstatementNews:
    """The reinstatement that this entry booked."""
    statement = (
        select(PointsAccount.member_id, PointsEntry.points, PointsEntry.reasons, Lot.expires_at)
        .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
        .join(Lot, Lot.entry_id == PointsEntry.id)
        .where(PointsEntry.id == entry_id)
    )
    row = db.session.execute(statement).one()
    last_on = last_day_before(row.expires_at)
    assert last_on is not None, "a reinstatement ends"
    return ReinstatementNews(row.member_id, row.points, str(row.reasons[0]["params"]["reason"]), last_on)
