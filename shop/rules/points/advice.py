"""Honest advice about points: only what is true by the rules that are published, and nothing that must be hoped for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shop.rules.engagement.signin import counted_in, sign_in_reward
from shop.rules.points.caps import apply_caps
from shop.rules.points.redeeming import OffsetRatio, offset_ratio
from shop.rules.rulebook import Rulebook

MANY_POINTS = 10**12  # at so many points two ratios are compared as whole numbers
AHEAD = timedelta(days=180)
SIGN_INS_MAX = 366


@dataclass(frozen=True, slots=True)
class LivingLot:
    """Points that can be spent, and when they end."""

    points: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedRules:
    """A rulebook and the time ``[starts_at, ends_at)`` in which it is in force; None: nothing follows it yet."""

    starts_at: datetime
    ends_at: datetime | None
    rulebook: Rulebook

    def is_in_force(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True, slots=True)
class BetterTime:
    """From ``at`` on points take more off than now.  ``lapsing`` of them end before; ``now`` and ``then`` are ratios.

    ``window`` names the period, if one does it.
    """

    at: datetime
    now: OffsetRatio
    then: OffsetRatio
    points: int
    lapsing: int

    @property
    def cents_now(self) -> int:
        """What the points that live until then take off today."""
        return self.now.cents_for(self.points)

    @property
    def cents_then(self) -> int:
        return self.then.cents_for(self.points)

    @property
    def doubles(self) -> bool:
        """Whether the worth is exactly twice as much."""
        return self.then.per_cents * self.now.points == 2 * self.now.per_cents * self.then.points


@dataclass(frozen=True, slots=True)
class WorseTime:
    """From ``at`` on the same points take less off than now."""

    at: datetime
    now: OffsetRatio
    then: OffsetRatio
    points: int


@dataclass(frozen=True, slots=True)
class WayToGoal:
    """How missing points can be earned: so many sign-ins in a row (None: not within a year), or so much money spent."""

    missing_points: int
    sign_ins: int | None
    cents: int


def better_time(
    lots: Sequence[LivingLot], rules: Sequence[PublishedRules], now: datetime
) -> BetterTime | None:
    """The first moment of the best ratio within half a year, when it is better than now's and points live until then."""
    ratio, moments = _ratio_at(rules, now), _changes(rules, now)
    if ratio is None or not moments:
        return None
    best = max(moments, key=lambda at: _worth(_ratio_at(rules, at)))
    then = _ratio_at(rules, best)
    living = sum(lot.points for lot in lots if lot.expires_at > best)
    if then is None or _worth(then) <= _worth(ratio) or living == 0:
        return None
    return BetterTime(best, ratio, then, living, sum(lot.points for lot in lots) - living)


def worse_time(lots: Sequence[LivingLot], rules: Sequence[PublishedRules], now: datetime) -> WorseTime | None:
    """The next change of the ratio, when it is for the worse."""
    ratio, moments = _ratio_at(rules, now), _changes(rules, now)
    if ratio is None:
        return None
    for at in moments:
        then = _ratio_at(rules, at)
        if then is None or _worth(then) == _worth(ratio):
            continue
        points = sum(lot.points for lot in lots)
        return WorseTime(at, ratio, then, points) if _worth(then) < _worth(ratio) and points else None
    return None


def way_to_goal(
    missing_points: int, streak: int, first_day: date, earned_so_far: dict[str, int], rulebook: Rulebook
) -> WayToGoal:
    """How to earn what is missing for a goal, by the rules in force.

    ``streak`` is the one that the sign-in of ``first_day`` continues; the caps of interaction are kept month by month
    (``earned_so_far`` counts for the running day and month).  Spending counts the base rate alone.
    """
    earning = rulebook.earning
    cents = -(-missing_points * earning.per_cents // earning.points)
    return WayToGoal(
        missing_points, _sign_ins(missing_points, streak, first_day, earned_so_far, rulebook), cents
    )


def _sign_ins(
    missing: int, streak: int, first_day: date, earned_so_far: dict[str, int], rulebook: Rulebook
) -> int | None:
    earned, day = dict(earned_so_far), first_day
    for count in range(1, SIGN_INS_MAX + 1):
        counted = counted_in(rulebook.signin, day, streak + count)
        offered = sign_in_reward(streak + count, rulebook.signin, counted=counted).total
        points = apply_caps(offered, "interaction", earned, rulebook).points
        missing -= points
        if missing <= 0:
            return count
        earned = _carried(earned, points, day, rulebook)
        day += timedelta(days=1)
    return None


def _carried(earned: dict[str, int], points: int, day: date, rulebook: Rulebook) -> dict[str, int]:
    """What counts under each cap on the next day."""
    ends_month = (day + timedelta(days=1)).month != day.month
    return {
        cap.name: 0 if cap.per == "day" or ends_month else earned.get(cap.name, 0) + points
        for cap in rulebook.caps
        if "interaction" in cap.classes
    }


def _ratio_at(rules: Sequence[PublishedRules], at: datetime) -> OffsetRatio | None:
    """The ratio at a moment; None where points take nothing off."""
    rulebook = next((each.rulebook for each in rules if each.is_in_force(at)), None)
    if rulebook is None or rulebook.offset.share_percent_max == 0:
        return None
    return offset_ratio(rulebook, at)


def _worth(ratio: OffsetRatio | None) -> int:
    return 0 if ratio is None else ratio.cents_for(MANY_POINTS)


def _changes(rules: Sequence[PublishedRules], now: datetime) -> list[datetime]:
    """Every moment ahead at which the ratio may change, in order."""
    moments = {each.starts_at for each in rules}
    for each in rules:
        for window in each.rulebook.offset.windows:
            moments |= {window.starts_at, window.ends_at}
    return sorted(at for at in moments if now < at <= now + AHEAD)
