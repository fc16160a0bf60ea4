"""What is due with a signed day: from the days signed before it and the tables alone, the same for promise and payment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shop.rules.engagement.signin.cycles import (
    Cycle,
    DaySigned,
    Table,
    bounds_of,
    counted_in,
    cycle_for,
    cycle_of_makeup,
    latest_before,
    month_of,
    month_table,
    pays_alike,
)
from shop.rules.engagement.signin.makeups import makeup_reward
from shop.rules.engagement.signin.rewards import RewardRow, SignInReward, month_row, sign_in_reward
from shop.rules.engagement.signin.streaks import ONE_DAY, streak_after
from shop.rules.reasons import Reason, because
from shop.rules.rulebook import StreakCycle


@dataclass(frozen=True, slots=True)
class Due:
    """A day's place and its reward."""

    day: date
    streak: int
    cycle: Cycle
    reward: SignInReward

    @property
    def counted(self) -> int:
        """Which day of its cycle it is."""
        return counted_in(self.cycle.table.rule, self.day, self.streak, self.cycle.offset)


def due_on(day: date, known: Sequence[DaySigned], current: Table) -> Due:
    """What signing in on ``day`` brings.

    ``known`` are the member's signed days in their order, of this month and of the seven days before at least; ``current``
    is the table in force on the day.
    """
    last = latest_before(known, day)
    streak = streak_after(last.day, last.streak, day) if last else 1
    cycle = cycle_for(last, day, current)
    rule = cycle.table.rule
    counted = counted_in(rule, day, streak, cycle.offset)
    reward = sign_in_reward(streak, rule, counted=counted, paid=_paid_in_cycle(day, known, rule.streak_cycle))
    return Due(day, streak, cycle, _with_month(day, known, current, cycle, reward))


def due_by_makeup(day: date, known: Sequence[DaySigned], current: Table) -> Due:
    """What making up a missed day brings.  ``known`` takes in the runs on both sides of it."""
    before = latest_before(known, day)
    streak = streak_after(before.day, before.streak, day) if before else 1
    cycle = cycle_of_makeup(day, known, current)
    reward = makeup_reward(
        day,
        {each.day for each in known},
        [(each.day, days) for each in known for days in each.milestones],
        cycle.table.rule,
        offset=cycle.offset,
        until=_counted_until(day, known, cycle),
    )
    return Due(day, streak, cycle, _with_month(day, known, current, cycle, reward))


def _paid_in_cycle(day: date, known: Sequence[DaySigned], cycle: StreakCycle) -> frozenset[int]:
    """Milestones that the calendar cycle of a day has paid; in an endless streak each day is reached but once."""
    bounds = bounds_of(cycle, day)
    if bounds is None:
        return frozenset()
    return frozenset(days for each in known if bounds[0] <= each.day <= bounds[1] for days in each.milestones)


def _counted_until(day: date, known: Sequence[DaySigned], cycle: Cycle) -> date:
    """The last day of the run after a made-up one that the same table counts."""
    later = {each.day: each for each in known if each.day > day}
    end = day
    while (following := later.get(end + ONE_DAY)) and _joins(following, cycle):
        end = following.day
    return end


def _joins(following: DaySigned, cycle: Cycle) -> bool:
    return following.cycle.offset == 0 and pays_alike(following.cycle.table.rule, cycle.table.rule)


def _with_month(
    day: date, known: Sequence[DaySigned], current: Table, cycle: Cycle, reward: SignInReward
) -> SignInReward:
    """The reward with the steps of its month; and where an older version still counts, the day says so."""
    month = month_of(day, known)
    table, count = month_table(month, current), len(month) + 1
    steps: list[RewardRow] = [month_row(step) for step in table.rule.month_steps if step.days == count]
    told = reward.told(*_kept(cycle.table, table, current))
    return SignInReward((*told.rows, *steps))


def _kept(of_cycle: Table, of_month: Table, current: Table) -> tuple[Reason, ...]:
    reasons: tuple[Reason, ...] = ()
    if not pays_alike(of_cycle.rule, current.rule):
        reasons = (because("sign_in_cycle_kept", version=of_cycle.version),)
    if of_month.rule.month_steps != current.rule.month_steps:
        reasons = (*reasons, because("sign_in_month_kept", version=of_month.version))
    return reasons
