"""What a sign-in pays, how a streak runs, and which missed day may be made up.

Days are shop-days.  A streak is a run of days without a gap; it does not end by itself.  Its milestones come again in
every cycle of ``milestone_cycle_days``: with 30, day 33 is day 3 of the second cycle.  Each milestone is paid once per
cycle, also when a made-up day joins two runs.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from shop.rules.reasons import Reason, because
from shop.rules.rulebook import MakeUpRule, Milestone, SignInRule

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RewardRow:
    """Points for one thing; ``milestone_days`` names the milestone, None is the day itself."""

    kind: Literal["base", "milestone"]
    points: int
    milestone_days: int | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class SignInReward:
    """What a signed day pays: the day first, then its milestones.  Caps are applied by the caller."""

    rows: tuple[RewardRow, ...]

    @property
    def total(self) -> int:
        """All points together."""
        return sum(row.points for row in self.rows)


@dataclass(frozen=True, slots=True)
class NextMilestone:
    """The milestone ahead and the days until then."""

    milestone: Milestone
    missing_days: int


def streak_after(last_signin_on: date | None, streak: int, today: date) -> int:
    """The streak after signing in today, from the last signed day and the streak it ended.

    On the day itself, or before it (a clock stepped back), nothing changes.
    """
    if last_signin_on is None or last_signin_on < today - ONE_DAY:
        return 1
    return streak + 1 if last_signin_on == today - ONE_DAY else streak


def streak_of(signed_days: Collection[date], today: date) -> int:
    """The streak as it stands today, from the days alone: still alive while today is not signed yet."""
    signed = set(signed_days)
    end = today if today in signed else today - ONE_DAY
    return _run_length(signed, end)


def sign_in_reward(streak: int, rule: SignInRule) -> SignInReward:
    """What signing in pays on the given day of a streak (1 is the first)."""
    position = (streak - 1) % rule.milestone_cycle_days + 1
    milestones = [milestone for milestone in rule.milestones if milestone.days == position]
    return SignInReward((_base_row(streak, rule), *(_milestone_row(milestone) for milestone in milestones)))


def makeup_reward(
    day: date, signed_days: Collection[date], paid_milestones: Iterable[tuple[date, int]], rule: SignInRule
) -> SignInReward:
    """What making up a missed day pays: that day's own points, and the milestones that the joined run now reaches.

    ``signed_days`` holds the days of the runs on both sides (more do no harm), ``paid_milestones`` each milestone paid
    so far with its day; those within the joined run are not paid again.
    """
    signed = {*signed_days, day}
    position = _run_length(signed, day)
    first, last = day - (position - 1) * ONE_DAY, day + _days_signed_after(signed, day) * ONE_DAY
    streak = (last - first).days + 1
    paid = Counter(days for paid_on, days in paid_milestones if first <= paid_on <= last)
    due = [
        milestone
        for milestone in rule.milestones
        for _ in range(_times_reached(milestone, streak, rule) - paid[milestone.days])
    ]
    return SignInReward((_base_row(position, rule), *(_milestone_row(milestone) for milestone in due)))


def makeup_refusal(
    day: date,
    *,
    today: date,
    joined_on: date,
    used_this_month: int,
    signed_days: Collection[date],
    rule: MakeUpRule,
) -> Reason | None:
    """Why a day cannot be made up; None when it can.

    Only a missed day since the member joined, before today, in today's month and at most ``within_days`` ago, while
    this month's make-ups last.
    """
    refusals = (
        (day >= today, because("makeup_not_past")),
        (day in signed_days, because("makeup_not_missed")),
        (day < joined_on, because("makeup_before_joining")),
        ((today - day).days > rule.within_days, because("makeup_too_old", within_days=rule.within_days)),
        ((day.year, day.month) != (today.year, today.month), because("makeup_other_month")),
        (used_this_month >= rule.per_month, because("makeup_used_up", per_month=rule.per_month)),
    )
    return next((reason for refused, reason in refusals if refused), None)


def makeup_cost_reason(day: date) -> Reason:
    """Why points leave for a make-up: the day it fills."""
    return because("makeup_cost", day=day.isoformat())


def next_milestone(streak: int, rule: SignInRule) -> NextMilestone | None:
    """The first milestone after a streak; None when the rulebook has none."""
    cycle = rule.milestone_cycle_days
    ahead = [
        NextMilestone(milestone, (milestone.days - streak - 1) % cycle + 1) for milestone in rule.milestones
    ]
    return min(ahead, key=lambda upcoming: upcoming.missing_days, default=None)


def points_for_day(streak: int, rule: SignInRule) -> int:
    """Points for the given day of a streak (1 is the first), without milestones."""
    table = rule.day_points
    return table[(streak - 1) % len(table)] if rule.cycle else table[min(streak, len(table)) - 1]


def _base_row(streak: int, rule: SignInRule) -> RewardRow:
    return RewardRow("base", points_for_day(streak, rule), None, (because("signed_in_day", streak=streak),))


def _milestone_row(milestone: Milestone) -> RewardRow:
    reason = because("sign_in_milestone", days=milestone.days)
    return RewardRow("milestone", milestone.points, milestone.days, (reason,))


def _times_reached(milestone: Milestone, streak: int, rule: SignInRule) -> int:
    cycles, rest = divmod(streak, rule.milestone_cycle_days)
    return cycles + (1 if rest >= milestone.days else 0)


def _run_length(signed: set[date], end: date) -> int:
    length = 0
    while end - length * ONE_DAY in signed:
        length += 1
    return length


def _days_signed_after(signed: set[date], day: date) -> int:
    length = 0
    while day + (length + 1) * ONE_DAY in signed:
        length += 1
    return length
