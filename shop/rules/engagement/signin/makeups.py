"""Which missed day may be made up, and what that pays."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date

from shop.rules.engagement.signin.cycles import bounds_of, counted_in
from shop.rules.engagement.signin.rewards import SignInReward, base_row, milestone_row
from shop.rules.engagement.signin.streaks import ONE_DAY, days_signed_after, days_signed_until
from shop.rules.reasons import Reason, because
from shop.rules.rulebook import MakeUpRule, Milestone, SignInRule


def makeup_reward(
    day: date,
    signed_days: Collection[date],
    paid_milestones: Iterable[tuple[date, int]],
    rule: SignInRule,
    *,
    offset: int = 0,
    until: date | None = None,
) -> SignInReward:
    """What making up a missed day pays: that day's own points, and the milestones that the joined run now reaches.

    ``signed_days`` holds the days of the runs on both sides (more do no harm), ``paid_milestones`` each milestone paid so
    far with its day; those of the same cycle, or within the joined run, are not paid again.  The table counts the run from
    ``offset`` days after its start, up to ``until`` when another one counts the days after.
    """
    signed = {*signed_days, day}
    streak = days_signed_until(signed, day)
    last = day + days_signed_after(signed, day) * ONE_DAY
    first = day - (streak - 1 - offset) * ONE_DAY
    last = last if until is None else min(last, until)
    bounds = bounds_of(rule.streak_cycle, day)
    if bounds is not None:
        first, last = max(first, bounds[0]), min(last, bounds[1])
    paid_from, paid_until = bounds or (first, last)
    length = (last - first).days + 1
    paid = Counter(days for paid_on, days in paid_milestones if paid_from <= paid_on <= paid_until)
    due = [each for each in rule.milestones if _times_reached(each, length, rule) > paid[each.days]]
    counted = counted_in(rule, day, streak, offset)
    return SignInReward((base_row(streak, rule, counted), *(milestone_row(each) for each in due)))


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


def _times_reached(milestone: Milestone, length: int, rule: SignInRule) -> int:
    """How often so many days of one cycle, or of an endless streak, reach a milestone."""
    if rule.streak_cycle != "endless":
        return int(length >= milestone.days)
    cycles, rest = divmod(length, rule.milestone_cycle_days)
    return cycles + (1 if rest >= milestone.days else 0)
