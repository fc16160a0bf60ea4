"""What signing in pays."""

from dataclasses import dataclass
from typing import Annotated, Literal

from shop.rules.rulebook.limits import Items, Text, Whole
from shop.rules.rulebook.sections.tiers import COUPON_CODE_PATTERN

StreakCycle = Literal["endless", "week", "month"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """What comes on top when a streak reaches ``days``: points, draw tickets, a coupon; one of them at least."""

    days: Annotated[int, Whole(1, 366, more_is="worse")]
    points: Annotated[int, Whole(0, 100_000, more_is="better")]
    tickets: Annotated[int, Whole(0, 100, more_is="better")] = 0
    coupon_code: Annotated[str | None, Text(40, pattern=COUPON_CODE_PATTERN)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthStep:
    """What comes on top with the ``days``-th day signed in a calendar month, gaps allowed; once a month."""

    days: Annotated[int, Whole(1, 31, more_is="worse")]
    points: Annotated[int, Whole(0, 100_000, more_is="better")]
    tickets: Annotated[int, Whole(0, 100, more_is="better")] = 0
    coupon_code: Annotated[str | None, Text(40, pattern=COUPON_CODE_PATTERN)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeUpRule:
    """Missed days that may be made up: how many a month, how far back, and what one costs."""

    per_month: Annotated[int, Whole(0, 31, more_is="better")]
    within_days: Annotated[int, Whole(1, 31, more_is="better")]
    cost_points: Annotated[int, Whole(0, 100_000, more_is="worse")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRule:
    """Points by the day of a streak.  After the table it starts again (``cycle``) or its last value goes on.

    ``streak_cycle`` says when streaks count anew: never (``endless``), each week from Monday, or each calendar month.
    Milestones are paid once in a cycle; in an endless streak a cycle has ``milestone_cycle_days``: day 33 is day 3 of the
    second.  ``month_steps`` count days of a calendar month, whatever the streak.
    """

    day_points: Annotated[tuple[Annotated[int, Whole(0, 100_000, more_is="better")], ...], Items(1, 366)]
    cycle: bool
    milestones: Annotated[tuple[Milestone, ...], Items(0, 30, key="days", more_is="better")]
    milestone_cycle_days: Annotated[int, Whole(1, 366)]
    makeup: MakeUpRule
    streak_cycle: StreakCycle = "endless"
    month_steps: Annotated[tuple[MonthStep, ...], Items(0, 31, key="days", more_is="better")] = ()
