"""What a sign-in brought: for the celebration after it, and for whoever looks again."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select

from shop.books import signins
from shop.books.signins import SignedDay
from shop.extensions import db
from shop.models import Lot, PointsAccount, PointsEntry, is_main_account
from shop.models.columns import JsonObject
from shop.queries.engagement.finds import find_of
from shop.queries.points.balance import balance_of, last_day_before

BROUGHT = (
    select(PointsEntry.reference, PointsEntry.points, PointsEntry.reasons, Lot.expires_at)
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .outerjoin(Lot, Lot.entry_id == PointsEntry.id)
    .where(
        PointsAccount.member_id == bindparam("member"),
        is_main_account,
        PointsEntry.reference.in_(bindparam("references", expanding=True)),
    )
    .order_by(PointsEntry.id)
)


GIFTS = frozenset({"sign_in_coupon", "sign_in_coupon_gone", "sign_in_tickets", "sign_in_tickets_gone"})
BONUSES_MAX = 61  # each rule of a rulebook, and the tier


@dataclass(frozen=True)
class BroughtRow:
    """Points of a sign-in.  ``kind``: of the day (``base``), a milestone, a step of the ``month``, or a ``bonus``.

    ``days`` names the milestone or the step; ``reasons`` say where a bonus comes from.
    """

    kind: str
    days: int | None
    points: int
    reasons: tuple[JsonObject, ...]


@dataclass(frozen=True)
class Result:
    """What a sign-in brought, for the celebration.  ``gifts`` are reasons: coupons and tickets that came or could not."""

    day: date
    picture: str
    found: int
    streak: int
    points: int
    rows: tuple[BroughtRow, ...]
    gifts: tuple[JsonObject, ...]
    last_on: date | None
    balance_points: int
    is_makeup: bool
    is_capped: bool
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
        gifts=tuple(reason for reason in row.reasons if reason["code"] in GIFTS),
        last_on=last_on,
        balance_points=balance_of(member_id, now).available,
        is_makeup=row.kind == "makeup",
        is_capped=row.points == 0 and any(reason["code"] == "cut_by_cap" for reason in row.reasons),
        cost_points=row.cost_points,
    )


def _brought(member_id: int, row: SignedDay) -> tuple[tuple[BroughtRow, ...], date | None]:
    names = _names(member_id, row)
    found = list(db.session.execute(BROUGHT, {"member": member_id, "references": list(names)}))
    expiry = min((each.expires_at for each in found if each.expires_at), default=None)
    rows = tuple(BroughtRow(*names[each.reference], each.points, tuple(each.reasons)) for each in found)
    return rows, last_day_before(expiry) if expiry else None


def _names(member_id: int, row: SignedDay) -> dict[str, tuple[str, int | None]]:
    """What the entries of a sign-in may be called, with their kind and days."""
    day = f"signin:{member_id}:{row.day}"
    names: dict[str, tuple[str, int | None]] = {day: ("base", None)}
    for days in row.milestones:
        names[f"signin-milestone:{member_id}:{row.day}:{days}"] = ("milestone", days)
    for days in row.month_steps:
        names[f"signin-month:{member_id}:{row.day:%Y-%m}:{days}"] = ("month", days)
    for number in range(1, BONUSES_MAX + 1):
        names[f"{day}:award:{number}"] = ("bonus", None)
    return names
