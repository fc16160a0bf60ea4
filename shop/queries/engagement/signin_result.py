"""What a sign-in brought: for the celebration after it, and for whoever looks again."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select

from shop.books import signins
from shop.books.signins import SignedDay
from shop.extensions import db
from shop.models import Lot, PointsAccount, PointsEntry
from shop.queries.engagement.finds import find_of
from shop.queries.points.balance import balance_of, last_day_before

BROUGHT = (
    select(PointsEntry.reference, PointsEntry.points, Lot.expires_at)
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .outerjoin(Lot, Lot.entry_id == PointsEntry.id)
    .where(
        PointsAccount.member_id == bindparam("member"),
        PointsEntry.reference.in_(bindparam("references", expanding=True)),
    )
    .order_by(PointsEntry.id)
)


@dataclass(frozen=True)
class BroughtRow:
    """Points of a sign-in: of the day itself (no ``milestone_days``) or of a milestone."""

    milestone_days: int | None
    points: int


@dataclass(frozen=True)
class Result:
    """What a sign-in brought, for the celebration."""

    day: date
    picture: str
    found: int
    streak: int
    points: int
    rows: tuple[BroughtRow, ...]
    last_on: date | None
    balance_points: int
    is_makeup: bool
    cost_points: int


def result_of(member_id: int, day: date, now: datetime) -> Result | None:
    """What the member's sign-in of a day brought; None when that day is not signed."""
    row = signins.of_day(member_id, day)
    if row is None:
        return None
    known = signins.since(member_id, day.replace(day=1))
    brought, last_on = _brought(member_id, row)
    return Result(
        day=day,
        picture=find_of(member_id, day),
        found=sum((each.day.year, each.day.month) == (day.year, day.month) for each in known),
        streak=known[-1].streak if row.kind == "makeup" else row.streak,
        points=row.points,
        rows=brought,
        last_on=last_on,
        balance_points=balance_of(member_id, now).available,
        is_makeup=row.kind == "makeup",
        cost_points=row.cost_points,
    )


def _brought(member_id: int, row: SignedDay) -> tuple[tuple[BroughtRow, ...], date | None]:
    names: dict[str, int | None] = {f"signin:{member_id}:{row.day}": None}
    names |= {f"signin-milestone:{member_id}:{row.day}:{days}": days for days in row.milestones}
    found = list(db.session.execute(BROUGHT, {"member": member_id, "references": list(names)}))
    expiry = min((each.expires_at for each in found if each.expires_at), default=None)
    rows = tuple(BroughtRow(names[each.reference], each.points) for each in found)
    return rows, last_day_before(expiry) if expiry else None
