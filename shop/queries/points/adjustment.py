"""What a message about an adjustment says."""

from dataclasses import dataclass

from sqlalchemy import select

from shop.extensions import db
from shop.models import PointsAccount, PointsEntry


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
