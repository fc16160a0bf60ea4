"""What a message about an adjustment says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from shop.books.rulebooks import occasion_under
from shop.extensions import db
from shop.models import Lot, PointsAccount, PointsEntry
from shop.queries.points.balance import last_day_before
from shop.rules.points.kinds import kind_named


@dataclass(frozen=True)
class AdjustmentNews:
    """Whose points were adjusted by how much, and the reason that the merchant gave."""

    member_id: int
    points: int
    reason: str
    named: Mapping[str, str]


def adjustment_news(entry_id: int) -> AdjustmentNews:
    """The adjustment that this entry booked; ``named`` says which points, unless they are of the main kind."""
    statement = (
        select(
            PointsAccount.member_id,
            PointsAccount.kind,
            PointsEntry.points,
            PointsEntry.reasons,
            PointsEntry.rulebook_version,
            PointsEntry.occurred_at,
        )
        .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
        .where(PointsEntry.id == entry_id)
    )
    row = db.session.execute(statement).one()
    named = kind_named(row.kind, occasion_under(row.rulebook_version, row.occurred_at).rulebook)
    return AdjustmentNews(row.member_id, row.points, str(row.reasons[0]["params"]["reason"]), named)


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
