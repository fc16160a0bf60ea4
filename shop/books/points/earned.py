"""What a member has earned so far under each cap of the rulebook: of each kind of points by itself."""

from sqlalchemy import Select, bindparam, func, select

from shop.books.rulebooks import Occasion
from shop.extensions import db
from shop.models import PointsAccount, PointsEntry
from shop.rules.points.caps import caps_for
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.rulebook import CapRule, SourceClass

SUM = select(func.coalesce(func.sum(PointsEntry.points), 0)).where(
    PointsEntry.kind == "earn",
    PointsEntry.source_class.in_(bindparam("classes", expanding=True)),
    PointsEntry.shop_day.between(bindparam("first"), bindparam("last")),
)
EARNED = SUM.where(PointsEntry.account_id == bindparam("owner"))
MINE = (
    select(PointsAccount.id)
    .where(PointsAccount.member_id == bindparam("owner"), PointsAccount.kind == MAIN_KIND)
    .scalar_subquery()
)
EARNED_BY_MEMBER = SUM.where(PointsEntry.account_id == MINE)


def earned_under_caps(account_id: int, source_class: SourceClass, occasion: Occasion) -> dict[str, int]:
    """Points earned in the running day or month of every cap that limits this class, by the cap's name.

    Call it with the account locked, or two earnings may both find room.
    """
    caps = caps_for(source_class, occasion.rulebook)
    return {cap.name: _earned(EARNED, {"owner": account_id}, cap, occasion) for cap in caps}


def earned_by_member(member_id: int, source_class: SourceClass, occasion: Occasion) -> dict[str, int]:
    """The same, of the main kind, for a page that shows a member what is left; nothing is locked."""
    caps = caps_for(source_class, occasion.rulebook)
    return {cap.name: _earned(EARNED_BY_MEMBER, {"owner": member_id}, cap, occasion) for cap in caps}


def _earned(statement: Select[int], owner: dict[str, int], cap: CapRule, occasion: Occasion) -> int:
    first = occasion.today if cap.per == "day" else occasion.today.replace(day=1)
    values = {**owner, "classes": list(cap.classes), "first": first, "last": occasion.today}
    return int(db.session.scalar(statement, values) or 0)
