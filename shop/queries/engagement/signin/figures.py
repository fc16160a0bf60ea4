"""How sign-in is used, and what it costs, for the back office."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, case, func, select

from shop.books.rulebooks import occasion_at
from shop.extensions import db
from shop.models import SignIn
from shop.rules.engagement.signin import sign_in_reward
from shop.rules.points.caps import apply_caps, caps_for
from shop.rules.rulebook import Rulebook

ONE_DAY = timedelta(days=1)
DAYS_SHOWN = 30
BUCKETS = ((1, 2), (3, 6), (7, 14), (15, 29), (30, None))
BY_DAY = (
    select(
        SignIn.day,
        func.count().label("signins"),
        func.sum(SignIn.points).label("points"),
        func.sum(case((SignIn.kind == "makeup", 1), else_=0)).label("makeups"),
        func.sum(SignIn.cost_points).label("cost_points"),
    )
    .where(SignIn.day.between(bindparam("first"), bindparam("last")))
    .group_by(SignIn.day)
)
ALIVE = (
    select(func.max(SignIn.streak).label("streak"))
    .where(SignIn.day.between(bindparam("yesterday"), bindparam("today")))
    .group_by(SignIn.member_id)
    .subquery()
)
_bucket = case(
    *((ALIVE.c.streak <= last, place) for place, (_first, last) in enumerate(BUCKETS) if last is not None),
    else_=len(BUCKETS) - 1,
)
BY_STREAK = select(_bucket.label("place"), func.count().label("members")).group_by(_bucket)
ACTIVE = select(func.count(SignIn.member_id.distinct())).where(
    SignIn.day.between(bindparam("first"), bindparam("last"))
)


@dataclass(frozen=True)
class DayFigures:
    """Sign-ins of a day, and the points they brought."""

    day: date
    signins: int
    points: int


@dataclass(frozen=True)
class SignInBoard:
    """The rule in force with its cost, and the last 30 days.  Money is what points are worth as an offset, in cents."""

    rulebook: Rulebook
    version: int
    days: tuple[DayFigures, ...]
    signins: int
    members: int
    points: int
    makeups: int
    makeup_points: int
    cost_cents: int
    month_points_max: int
    month_cents_max: int
    streaks: tuple[tuple[int, int | None, int], ...]

    @property
    def best(self) -> DayFigures:
        """The day with the most sign-ins."""
        return max(self.days, key=lambda day: day.signins)


def signin_board(now: datetime) -> SignInBoard:
    """The figures of the last 30 shop-days, today included."""
    occasion = occasion_at(now)
    first = occasion.today - (DAYS_SHOWN - 1) * ONE_DAY
    span = {"first": first, "last": occasion.today}
    rows = {row.day: row for row in db.session.execute(BY_DAY, span)}
    days = tuple(
        DayFigures(day, rows[day].signins, int(rows[day].points)) if day in rows else DayFigures(day, 0, 0)
        for day in (first + number * ONE_DAY for number in range(DAYS_SHOWN))
    )
    alive = {"yesterday": occasion.today - ONE_DAY, "today": occasion.today}
    members = {row.place: row.members for row in db.session.execute(BY_STREAK, alive)}
    points = sum(day.points for day in days)
    month_max = points_of_a_month(occasion.rulebook)
    return SignInBoard(
        rulebook=occasion.rulebook,
        version=occasion.version,
        days=days,
        signins=sum(day.signins for day in days),
        members=int(db.session.scalar(ACTIVE, span) or 0),
        points=points,
        makeups=sum(int(row.makeups) for row in rows.values()),
        makeup_points=sum(int(row.cost_points) for row in rows.values()),
        cost_cents=_cents(points, occasion.rulebook),
        month_points_max=month_max,
        month_cents_max=_cents(month_max, occasion.rulebook),
        streaks=tuple((low, high, members.get(place, 0)) for place, (low, high) in enumerate(BUCKETS)),
    )


def points_of_a_month(rulebook: Rulebook) -> int:
    """What a member gets who signs in on 30 days in a row within a month, under the caps; tiers and rules not counted."""
    month: dict[str, int] = {}
    total = 0
    caps = caps_for("interaction", rulebook)
    steps = {step.days: step.points for step in rulebook.signin.month_steps}
    for streak in range(1, DAYS_SHOWN + 1):
        today = {cap.name: 0 if cap.per == "day" else month.get(cap.name, 0) for cap in caps}
        offered = sign_in_reward(streak, rulebook.signin).total + steps.get(streak, 0)
        points = apply_caps(offered, "interaction", today, rulebook).points
        month = {cap.name: month.get(cap.name, 0) + points for cap in caps}
        total += points
    return total


def _cents(points: int, rulebook: Rulebook) -> int:
    """The value of points as an offset, rounded up."""
    return -(-points * rulebook.offset.per_cents // rulebook.offset.points)
