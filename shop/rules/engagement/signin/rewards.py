"""What a signed day pays: its own points, milestones of the streak, steps of the month."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from shop.rules.engagement.signin.cycles import WEEK_DAYS
from shop.rules.reasons import Reason, because
from shop.rules.rulebook import Milestone, MonthStep, SignInRule

MONTH_DAYS = 30  # of a month about which nothing else is known


@dataclass(frozen=True, slots=True)
class RewardRow:
    """What one thing brings: the day itself (``base``), a milestone, or a step of the month, named by its days."""

    kind: Literal["base", "milestone", "month"]
    points: int
    days: int | None
    reasons: tuple[Reason, ...]
    tickets: int = 0
    coupon_code: str | None = None

    @property
    def milestone_days(self) -> int | None:
        """The days of a milestone of the streak; None for anything else."""
        return self.days if self.kind == "milestone" else None


@dataclass(frozen=True, slots=True)
class SignInReward:
    """What a signed day pays: the day first, then its milestones and steps.  Caps are applied by ``lines_of``."""

    rows: tuple[RewardRow, ...]

    @property
    def base_points(self) -> int:
        """What the day itself pays; multipliers go by it."""
        return self.rows[0].points

    @property
    def total(self) -> int:
        """All points together."""
        return sum(row.points for row in self.rows)

    def days_of(self, kind: str) -> tuple[int, ...]:
        """Which milestones, or which steps of the month, it holds."""
        return tuple(row.days for row in self.rows if row.kind == kind and row.days is not None)

    def told(self, *reasons: Reason) -> "SignInReward":
        """The same with more to say about the day."""
        if not reasons:
            return self
        first, *others = self.rows
        return SignInReward((replace(first, reasons=(*first.reasons, *reasons)), *others))


@dataclass(frozen=True, slots=True)
class NextMilestone:
    """The milestone ahead and the days until then."""

    milestone: Milestone
    missing_days: int


def sign_in_reward(
    streak: int, rule: SignInRule, *, counted: int | None = None, paid: Collection[int] = ()
) -> SignInReward:
    """What signing in pays on the given day of a streak (1 is the first).

    ``counted`` is which day of its cycle it is (``cycles.counted_in``; None: the streak began with a cycle), ``paid`` are
    the milestones that this cycle has paid before.
    """
    counted = _counted_alone(streak, rule) if counted is None else counted
    place = place_of(counted, rule)
    due = [each for each in rule.milestones if each.days == place and each.days not in paid]
    return SignInReward((base_row(streak, rule, counted), *(milestone_row(each) for each in due)))


def place_of(counted: int, rule: SignInRule) -> int:
    """Which day of its cycle a counted day is: an endless streak has rounds of its milestones."""
    return (counted - 1) % rule.milestone_cycle_days + 1 if rule.streak_cycle == "endless" else counted


def points_for_day(streak: int, rule: SignInRule, counted: int | None = None) -> int:
    """Points for the given day of a streak (1 is the first), without milestones."""
    table = rule.day_points
    counted = _counted_alone(streak, rule) if counted is None else counted
    if rule.cycle:
        return table[(counted - 1) % len(table)]
    reached = streak if rule.streak_cycle == "endless" else counted
    return table[min(reached, len(table)) - 1]


def next_milestone(streak: int, rule: SignInRule) -> NextMilestone | None:
    """The first milestone after a streak without end; None when the rulebook has none."""
    cycle = rule.milestone_cycle_days
    ahead = [
        NextMilestone(milestone, (milestone.days - streak - 1) % cycle + 1) for milestone in rule.milestones
    ]
    return min(ahead, key=lambda upcoming: upcoming.missing_days, default=None)


def base_row(streak: int, rule: SignInRule, counted: int) -> RewardRow:
    """The day itself: which one of the streak, and of its cycle where that is another."""
    reasons = [because("signed_in_day", streak=streak)]
    if counted != streak:
        reasons.append(because("sign_in_day_of_cycle", counted=counted))
    return RewardRow("base", points_for_day(streak, rule, counted), None, tuple(reasons))


def milestone_row(milestone: Milestone) -> RewardRow:
    """A milestone of the streak."""
    reason = because("sign_in_milestone", days=milestone.days)
    return RewardRow(
        "milestone", milestone.points, milestone.days, (reason,), milestone.tickets, milestone.coupon_code
    )


def month_row(step: MonthStep) -> RewardRow:
    """A step of the month."""
    reason = because("sign_in_month_step", days=step.days)
    return RewardRow("month", step.points, step.days, (reason,), step.tickets, step.coupon_code)


def _counted_alone(streak: int, rule: SignInRule) -> int:
    """Which day of its cycle a day of a streak is that began with a cycle, on a calendar of months of 30 days."""
    length = {"week": WEEK_DAYS, "month": MONTH_DAYS}.get(rule.streak_cycle)
    return streak if length is None else (streak - 1) % length + 1
