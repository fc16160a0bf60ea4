"""What members must be told ahead (N05, D-4): which differences worsen anything for them, and from when a version may count.

A difference counts as worse unless it is proven not to be: where the number alone does not say, the notice is kept.
What members do not feel (a name, who approves), a period that is over, and a sign-in table that pays at least as much
on every day of a streak do not count.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import product

from shop.rules.engagement.signin import counted_in, sign_in_reward
from shop.rules.points.expiry import start_of_day
from shop.rules.points.redeeming import offset_ratio
from shop.rules.rulebook import Change, PeriodCondition, Rule, Rulebook, SignInRule, changes_between

SIGNIN_TABLE = frozenset(
    {
        "signin.day_points",
        "signin.cycle",
        "signin.milestones",
        "signin.milestone_cycle_days",
        "signin.streak_cycle",
    }
)
STREAK_COMPARED = 400
CALENDAR_COMPARED = 70  # two whole months
FIRST_DAYS = tuple(date(2024, 1, 1) + timedelta(days=number) for number in range(31))
A_TRILLION = 10**12


def worsening(old: Rulebook, new: Rulebook, from_at: datetime) -> tuple[Change, ...]:
    """The differences that need notice when ``new`` follows ``old`` from that moment on."""
    return tuple(change for change in changes_between(old, new) if _worsens(change, old, new, from_at))


def earliest_start(now: datetime, days: int, zone: tzinfo) -> datetime:
    """The first moment of the shop-day that is so many days after today: the date that is proposed and named."""
    return start_of_day(now.astimezone(zone).date() + timedelta(days=days), zone)


def _worsens(change: Change, old: Rulebook, new: Rulebook, from_at: datetime) -> bool:
    """What looks better may still be worse: a period with a poorer ratio, a tier below the one under it."""
    if change.path.startswith("offset.windows"):
        return _windows_worsen(old, new, from_at)
    if change.path.startswith("tiers[") and change.old is None:
        return _ladder_worsens(old, new)
    if change.favours_members is True or not change.is_felt:
        return False
    if change.path.partition("[")[0] in SIGNIN_TABLE and change.favours_members is None:
        if change.path.endswith(".coupon_code"):  # one coupon instead of another
            return True
        return _table_worsens(old.signin, new.signin)
    return not (change.path.startswith("rules[") and _is_over(change, old, new, from_at))


def _windows_worsen(old: Rulebook, new: Rulebook, from_at: datetime) -> bool:
    """Whether points buy less at any moment from then on by the windows alone; the ordinary ratio is judged for itself."""
    ordinary = replace(new.offset, points=old.offset.points, per_cents=old.offset.per_cents)
    new = replace(new, offset=ordinary)
    edges = (
        edge for each in (*old.offset.windows, *new.offset.windows) for edge in (each.starts_at, each.ends_at)
    )
    moments = {from_at, *(edge for edge in edges if edge > from_at)}
    return any(
        _buys(new, at, tier, goods) < _buys(old, at, tier, goods)
        for at in moments
        for tier, goods in _asked_for(old, new)
    )


def _buys(rulebook: Rulebook, at: datetime, tier: str | None, goods: tuple[str, ...]) -> int:
    return offset_ratio(rulebook, at, tier_code=tier, categories=goods).cents_for(A_TRILLION)


def _asked_for(old: Rulebook, new: Rulebook) -> set[tuple[str | None, tuple[str, ...]]]:
    """Members and goods that windows tell apart.  Whoever loses, loses with all goods of one of the old windows too."""
    windows = (*old.offset.windows, *new.offset.windows)
    tiers = {None, *(tier for window in windows for tier in window.tiers)}
    goods = {(), *(window.categories for window in windows)}
    return set(product(tiers, goods))


def _table_worsens(old: SignInRule, new: SignInRule) -> bool:
    """Whether some day of some streak brings less.  Calendar cycles depend on the day on which a streak began, too."""
    starts = FIRST_DAYS if {old.streak_cycle, new.streak_cycle} != {"endless"} else FIRST_DAYS[:1]
    days = STREAK_COMPARED if len(starts) == 1 else CALENDAR_COMPARED
    return any(
        before > after
        for start in starts
        for streak in range(1, days + 1)
        for before, after in zip(_brings(old, start, streak), _brings(new, start, streak), strict=True)
    )


def _brings(rule: SignInRule, start: date, streak: int) -> tuple[int, int, int]:
    """Points, tickets and coupons of a day of a streak that began on ``start``."""
    counted = counted_in(rule, start + timedelta(days=streak - 1), streak)
    rows = sign_in_reward(streak, rule, counted=counted).rows
    return (
        sum(row.points for row in rows),
        sum(row.tickets for row in rows),
        sum(row.coupon_code is not None for row in rows),
    )


def _ladder_worsens(old: Rulebook, new: Rulebook) -> bool:
    """Whether somebody with some growth earns a smaller multiple than before."""

    def multiple(rulebook: Rulebook, growth: int) -> int:
        return max(
            (tier.growth_from, tier.multiplier_permille)
            for tier in rulebook.tiers
            if tier.growth_from <= growth
        )[1]

    steps = {tier.growth_from for tier in (*old.tiers, *new.tiers)}
    return any(multiple(new, growth) < multiple(old, growth) for growth in steps)


def _is_over(change: Change, old: Rulebook, new: Rulebook, from_at: datetime) -> bool:
    """A rule of a period that has ended by then, in both versions: nobody loses by it."""
    code = change.path[len("rules[") :].partition("]")[0]
    rules = [rule for rule in (old.rule(code), new.rule(code)) if rule is not None]
    return bool(rules) and all(_has_ended(rule, from_at) for rule in rules)


def _has_ended(rule: Rule, at: datetime) -> bool:
    periods: Iterable[PeriodCondition] = (
        each for each in rule.conditions if isinstance(each, PeriodCondition)
    )
    return any(each.ends_at is not None and each.ends_at <= at for each in periods)
