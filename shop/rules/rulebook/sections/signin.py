"""What signing in pays."""

from dataclasses import dataclass
from typing import Annotated

from shop.rules.rulebook.limits import Items, Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """``points`` on top when a streak reaches ``days``."""

    days: Annotated[int, Whole(1, 366, more_is="worse")]
    points: Annotated[int, Whole(1, 100_000, more_is="better")]


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeUpRule:
    """Missed days that may be made up: how many a month, how far back, and what one costs."""

    per_month: Annotated[int, Whole(0, 31, more_is="better")]
    within_days: Annotated[int, Whole(1, 31, more_is="better")]
    cost_points: Annotated[int, Whole(0, 100_000, more_is="worse")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRule:
    """Points by the day of a streak.  After the table it starts again (``cycle``) or its last value goes on.

    Milestones count in a cycle of ``milestone_cycle_days``: day 33 of a streak is day 3 of its second cycle.
    """

    day_points: Annotated[tuple[Annotated[int, Whole(0, 100_000, more_is="better")], ...], Items(1, 366)]
    cycle: bool
    milestones: Annotated[tuple[Milestone, ...], Items(0, 30, key="days", more_is="better")]
    milestone_cycle_days: Annotated[int, Whole(1, 366)]
    makeup: MakeUpRule
