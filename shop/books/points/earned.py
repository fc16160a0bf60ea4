"""What a member has earned so far under each cap of the rulebook."""

from sqlalchemy import func, select

from shop.books.rulebooks import Occasion
from shop.extensions import db
from shop.models import PointsEntry
from shop.rules.points.caps import caps_for
from shop.rules.rulebook import CapRule, SourceClass


def earned_under_caps(account_id: int, source_class: SourceClass, occasion: Occasion) -> dict[str, int]:
    """Points earned in the running day or month of every cap that limits this class, by the cap's name.

    Call it with the account locked, or two earnings may both find room.
    """
    return {cap.name: _earned(account_id, cap, occasion) for cap in caps_for(source_class, occasion.rulebook)}


def _earned(account_id: int, cap: CapRule, occasion: Occasion) -> int:
    first = occasion.today if cap.per == "day" else occasion.today.replace(day=1)
    statement = select(func.coalesce(func.sum(PointsEntry.points), 0)).where(
        PointsEntry.account_id == account_id,
        PointsEntry.kind == "earn",
        PointsEntry.source_class.in_(cap.classes),
        PointsEntry.shop_day.between(first, occasion.today),
    )
    return int(db.session.scalar(statement) or 0)
