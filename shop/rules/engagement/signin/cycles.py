"""Which table pays a day, and from where it counts (S03, S07).

A cycle is a calendar week, a calendar month, or, of an endless streak, one round of its milestones (without milestones one
round of a table that starts again).  A cycle ends by the table with which it began: a version that is published meanwhile
pays from the member's next cycle on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from shop.rules.engagement.signin.streaks import ONE_DAY, streak_after
from shop.rules.rulebook import SignInRule, StreakCycle

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Table:
    """What a version of the rulebook says about signing in."""

    version: int
    rule: SignInRule


@dataclass(frozen=True, slots=True)
class Cycle:
    """The table that pays, and how many days of the run lie before the first that it counts."""

    table: Table
    offset: int = 0


@dataclass(frozen=True, slots=True)
class DaySigned:
    """A signed day as the decisions after it need it.

    ``in_force`` is the table of the version in force when it was recorded: a month goes by that of its first record.
    """

    day: date
    streak: int
    cycle: Cycle
    in_force: Table
    recorded_at: datetime
    milestones: tuple[int, ...] = ()


def cycle_for(last: DaySigned | None, day: date, current: Table) -> Cycle:
    """The cycle of a sign-in on ``day``, from the latest signed day before it and the table in force."""
    if last is None:
        return Cycle(current)
    streak = streak_after(last.day, last.streak, day)
    if pays_alike(last.cycle.table.rule, current.rule) or not _runs_on(last, day, streak):
        return Cycle(current, _offset(last, streak, current))
    return Cycle(last.cycle.table, _offset(last, streak, last.cycle.table))


def cycle_of_makeup(day: date, known: Sequence[DaySigned], current: Table) -> Cycle:
    """The cycle that a made-up day falls into: of the days before it, else of those after it, else a new one."""
    before, after = latest_before(known, day), _first_after(known, day)
    streak = streak_after(before.day, before.streak, day) if before else 1
    if before and _runs_on(before, day, streak):
        return Cycle(before.cycle.table, _offset(before, streak, before.cycle.table))
    if after and _reaches_back(after, day):
        table = after.cycle.table
        return Cycle(table, _offset(before, streak, table) if before else 0)
    return cycle_for(before, day, current)


def month_of(day: date, known: Iterable[DaySigned]) -> list[DaySigned]:
    """The signed days of the month of a day."""
    first = day.replace(day=1)
    end = (first + 31 * ONE_DAY).replace(day=1)
    return [each for each in known if first <= each.day < end]


def month_table(month: Sequence[DaySigned], current: Table) -> Table:
    """By which table a month runs: that of its first record."""
    return min(month, key=attrgetter("recorded_at")).in_force if month else current


def pays_alike(one: SignInRule, other: SignInRule) -> bool:
    """Whether two rules pay streaks in the same way; make-ups and the steps of a month are other matters."""
    return one is other or _paying(one) == _paying(other)


def counted_in(rule: SignInRule, day: date, streak: int, offset: int = 0) -> int:
    """Which day of its cycle a day of a run is; in an endless streak, which day since its table counts."""
    bounds = bounds_of(rule.streak_cycle, day)
    return streak - offset if bounds is None else min(streak, (day - bounds[0]).days + 1)


def bounds_of(cycle: StreakCycle, day: date) -> tuple[date, date] | None:
    """The first and the last day of the calendar cycle of a day; an endless streak has none."""
    if cycle == "week":
        monday = day - day.weekday() * ONE_DAY
        return monday, monday + (WEEK_DAYS - 1) * ONE_DAY
    if cycle == "month":
        first = day.replace(day=1)
        return first, (first + 31 * ONE_DAY).replace(day=1) - ONE_DAY
    return None


def latest_before(known: Sequence[DaySigned], day: date) -> DaySigned | None:
    """The last signed day before a day; ``known`` are in their order."""
    return next((each for each in reversed(known) if each.day < day), None)


def _first_after(known: Sequence[DaySigned], day: date) -> DaySigned | None:
    return next((each for each in known if each.day > day), None)


def _runs_on(last: DaySigned, day: date, streak: int) -> bool:
    """Whether the cycle of the last signed day takes in this one, ``streak`` being what signing it makes."""
    rule = last.cycle.table.rule
    bounds = bounds_of(rule.streak_cycle, last.day)
    if bounds is not None:
        return day <= bounds[1]
    if streak == 1:
        return False
    so_far = streak - 1 - last.cycle.offset
    if rule.milestones:
        return so_far % rule.milestone_cycle_days != 0
    return so_far % len(rule.day_points) != 0 if rule.cycle else streak - 1 < len(rule.day_points)


def _reaches_back(after: DaySigned, day: date) -> bool:
    """Whether the cycle of a later day takes in this one, when this one is signed as well."""
    bounds = bounds_of(after.cycle.table.rule.streak_cycle, after.day)
    if bounds is not None:
        return day >= bounds[0]
    return after.day == day + ONE_DAY and after.cycle.offset == 0


def _offset(last: DaySigned, streak: int, table: Table) -> int:
    """Another table than the last day's counts from this day on; within a calendar cycle the calendar counts."""
    if streak == 1 or table.rule.streak_cycle != "endless":
        return 0
    return last.cycle.offset if pays_alike(last.cycle.table.rule, table.rule) else streak - 1


def _paying(rule: SignInRule) -> tuple[object, ...]:
    return (rule.day_points, rule.cycle, rule.milestones, rule.milestone_cycle_days, rule.streak_cycle)
