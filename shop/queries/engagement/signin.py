"""The sign-in calendar: a month of found things, the streak, its milestones, and what may be made up."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select

from shop.books import signins
from shop.books.points.earned import earned_by_member
from shop.books.rulebooks import Occasion, occasion_at
from shop.books.signins import SignedDay
from shop.extensions import db
from shop.models import Member
from shop.queries.engagement.finds import find_of, finds_of_month
from shop.queries.points.balance import balance_of
from shop.rules.engagement.signin import makeup_refusal, next_milestone, sign_in_reward
from shop.rules.points.caps import apply_caps, caps_for
from shop.rules.rulebook import MakeUpRule, Rulebook, SignInRule

ONE_DAY = timedelta(days=1)
MILESTONES_SHOWN = 4
JOINED = select(Member.joined_at).where(Member.id == bindparam("member"))


@dataclass(frozen=True)
class DayCell:
    """A day of the calendar.  ``state``: got, today, miss (can be made up), past (missed for good), gift, future."""

    day: date
    state: str
    picture: str | None
    is_today: bool


@dataclass(frozen=True)
class Mile:
    """A milestone of the streak's cycle."""

    days: int
    points: int
    is_reached: bool
    is_next: bool


@dataclass(frozen=True)
class Offer:
    """What signing in today would bring: the day's points, and a milestone on top."""

    points: int
    milestone_days: int | None
    milestone_points: int


@dataclass(frozen=True)
class MakeUp:
    """What a make-up costs, how many of the month are left, and the days that can be filled, the oldest first."""

    cost_points: int
    left: int
    per_month: int
    within_days: int
    days: tuple[date, ...]
    last_chance_on: date | None


@dataclass(frozen=True)
class Calendar:
    """One month of the collecting book, and how the streak stands today."""

    month: date
    previous_month: date | None
    next_month: date | None
    blanks: int
    cells: tuple[DayCell, ...]
    found: int
    missed: int
    today: date
    is_signed: bool
    streak: int
    offer: Offer
    miles: tuple[Mile, ...]
    miles_percent: int
    makeup: MakeUp
    rulebook: Rulebook
    rulebook_version: int
    balance_points: int


@dataclass(frozen=True)
class Today:
    """Today and the six days before it, for the home page."""

    day: date
    is_signed: bool
    streak: int
    week: tuple[DayCell, ...]
    offer: Offer


def calendar_for(member_id: int, now: datetime, month: date | None = None) -> Calendar:
    """The month of ``month`` (default: this one), never before the member joined or after today."""
    occasion = occasion_at(now)
    joined_on = _joined_on(member_id, occasion)
    shown = max(joined_on.replace(day=1), min(month or occasion.today, occasion.today).replace(day=1))
    first = min(shown, occasion.today.replace(day=1) - 31 * ONE_DAY)
    known = signins.since(member_id, first)
    signed = {row.day: row for row in known}
    streak = _streak(known, occasion.today)
    is_signed = occasion.today in signed
    makeup = _makeup(known, joined_on, occasion)
    miles, percent = _miles(streak, occasion.rulebook.signin)
    cells = _month_cells(member_id, shown, signed, makeup, occasion)
    return Calendar(
        month=shown,
        previous_month=_month_before(shown) if shown > joined_on.replace(day=1) else None,
        next_month=_month_after(shown) if shown < occasion.today.replace(day=1) else None,
        blanks=(shown.weekday() + 1) % 7,
        cells=cells,
        found=sum(cell.state == "got" for cell in cells),
        missed=sum(cell.state in ("miss", "past") and cell.day >= joined_on for cell in cells),
        today=occasion.today,
        is_signed=is_signed,
        streak=streak,
        offer=_offer(member_id, streak + 1, occasion),
        miles=miles,
        miles_percent=percent,
        makeup=makeup,
        rulebook=occasion.rulebook,
        rulebook_version=occasion.version,
        balance_points=balance_of(member_id, now).available,
    )


def today_for(member_id: int, now: datetime, occasion: Occasion | None = None) -> Today:
    """The last seven days and what signing in now would bring; ``occasion`` when it has been looked up before."""
    occasion = occasion or occasion_at(now)
    known = signins.since(member_id, occasion.today - 7 * ONE_DAY)
    signed = {row.day for row in known}
    streak = _streak(known, occasion.today)
    days = [occasion.today - back * ONE_DAY for back in range(6, -1, -1)]
    week = tuple(_week_cell(member_id, day, signed, occasion.today) for day in days)
    is_signed = occasion.today in signed
    return Today(occasion.today, is_signed, streak, week, _offer(member_id, streak + 1, occasion))


def _joined_on(member_id: int, occasion: Occasion) -> date:
    joined_at = db.session.execute(JOINED, {"member": member_id}).scalar_one()
    day: date = joined_at.astimezone(occasion.zone).date()
    return day


def _streak(known: list[SignedDay], today: date) -> int:
    """The streak as it stands: the last row's, while that is of today or yesterday."""
    last = next((row for row in reversed(known) if row.day <= today), None)
    return last.streak if last and last.day >= today - ONE_DAY else 0


def _offer(member_id: int, streak: int, occasion: Occasion) -> Offer:
    """What signing in as day ``streak`` pays, as far as the caps still leave room."""
    reward = sign_in_reward(streak, occasion.rulebook.signin)
    milestone = next((row for row in reward.rows if row.milestone_days is not None), None)
    earned = _earned(member_id, occasion)
    base = reward.rows[0].points
    first = apply_caps(base, "interaction", earned, occasion.rulebook).points
    both = apply_caps(reward.total, "interaction", earned, occasion.rulebook).points
    if milestone is None or both == first:
        return Offer(first, None, 0)
    return Offer(first, milestone.milestone_days, both - first)


def _earned(member_id: int, occasion: Occasion) -> dict[str, int]:
    if not caps_for("interaction", occasion.rulebook):
        return {}
    return earned_by_member(member_id, "interaction", occasion)


def _month_cells(
    member_id: int, month: date, signed: dict[date, SignedDay], makeup: MakeUp, occasion: Occasion
) -> tuple[DayCell, ...]:
    finds = finds_of_month(member_id, month)
    gift_on = _gift_day(signed, occasion)
    cells = []
    for number in range(1, calendar.monthrange(month.year, month.month)[1] + 1):
        day = month.replace(day=number)
        got = day in signed
        state = "got" if got else _open_state(day, occasion.today, makeup, gift_on)
        cells.append(DayCell(day, state, finds[number - 1] if got else None, day == occasion.today))
    return tuple(cells)


def _open_state(day: date, today: date, makeup: MakeUp, gift_on: date | None) -> str:
    if day == today:
        return "today"
    if day > today:
        return "gift" if day == gift_on else "future"
    return "miss" if makeup.left and day in makeup.days else "past"


def _gift_day(signed: dict[date, SignedDay], occasion: Occasion) -> date | None:
    """The day on which the next milestone falls when no day is missed until then."""
    streak = _streak(list(signed.values()), occasion.today)
    ahead = next_milestone(streak, occasion.rulebook.signin)
    if ahead is None:
        return None
    last = occasion.today if occasion.today in signed else occasion.today - ONE_DAY
    return last + ahead.missing_days * ONE_DAY


def _week_cell(member_id: int, day: date, signed: set[date], today: date) -> DayCell:
    if day in signed:
        return DayCell(day, "got", find_of(member_id, day), day == today)
    return DayCell(day, "today" if day == today else "past", None, day == today)


def _makeup(known: list[SignedDay], joined_on: date, occasion: Occasion) -> MakeUp:
    rule: MakeUpRule = occasion.rulebook.signin.makeup
    today = occasion.today
    month = today.replace(day=1)
    used = sum(row.kind == "makeup" and row.day >= month for row in known)
    signed = {row.day for row in known}

    def can_fill(day: date) -> bool:
        facts = {
            "today": today,
            "joined_on": joined_on,
            "used_this_month": 0,
            "signed_days": signed,
            "rule": rule,
        }
        return makeup_refusal(day, **facts) is None  # type: ignore[arg-type]

    days = tuple(day for back in range(rule.within_days, 0, -1) if can_fill(day := today - back * ONE_DAY))
    last_chance = days[0] + rule.within_days * ONE_DAY if days else None
    return MakeUp(
        rule.cost_points, max(0, rule.per_month - used), rule.per_month, rule.within_days, days, last_chance
    )


def _miles(streak: int, rule: SignInRule) -> tuple[tuple[Mile, ...], int]:
    """Up to four milestones around the next one, and how far the line between them is filled, in percent."""
    position = (streak - 1) % rule.milestone_cycle_days + 1 if streak else 0
    ahead = next(
        (index for index, each in enumerate(rule.milestones) if each.days > position), len(rule.milestones)
    )
    first = max(0, min(ahead - 2, len(rule.milestones) - MILESTONES_SHOWN))
    shown = rule.milestones[first : first + MILESTONES_SHOWN]
    miles = tuple(
        Mile(each.days, each.points, each.days <= position, first + index == ahead)
        for index, each in enumerate(shown)
    )
    return miles, _line_percent([mile.days for mile in miles], position)


def _line_percent(stations: list[int], position: int) -> int:
    if len(stations) < 2 or position < stations[0]:
        return 0
    if position >= stations[-1]:
        return 100
    passed = max(index for index, days in enumerate(stations) if days <= position)
    part = (position - stations[passed]) * 100 // (stations[passed + 1] - stations[passed])
    return (passed * 100 + part) // (len(stations) - 1)


def _month_before(month: date) -> date:
    return (month - ONE_DAY).replace(day=1)


def _month_after(month: date) -> date:
    return (month + 31 * ONE_DAY).replace(day=1)
