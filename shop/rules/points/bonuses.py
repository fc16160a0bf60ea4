"""Bonuses on the base: what each rule would add, which of a stack group counts, and how groups go together (E08-E10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from shop.rules.orders.splitting import largest_remainder
from shop.rules.points.base import Base
from shop.rules.points.conditions import lines_of
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.occurrences import PURCHASE, SIGNED_IN, Occurrence
from shop.rules.reasons import Reason, because
from shop.rules.rulebook import (
    MultiplyEffect,
    PointsEffect,
    Rule,
    Rulebook,
    SourceClass,
    ThresholdEffect,
    TierRule,
)

TIER_GROUP = "tier"
"""The stack group of the tier's multiplier; a rule that names it competes with the tier."""
THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Threshold:
    """Why an award by threshold stands: taken back when the sum of its lines, or of the month, falls below.

    ``reached`` is how often the month had reached it before the award.
    """

    cents: int
    points: int
    every: bool
    of: str
    places: tuple[int, ...] = ()
    reached: int = 0


@dataclass(frozen=True, slots=True)
class Bonus:
    """What one rule adds.  ``rule`` is its code; the tier's own is ``tier``."""

    rule: str
    name: str
    group: str | None
    points: int
    source_class: SourceClass
    shares: tuple[int, ...]
    reasons: tuple[Reason, ...]
    threshold: Threshold | None = None
    points_kind: str = MAIN_KIND


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A rule that applies to these lines."""

    rule: Rule | TierRule
    places: tuple[int, ...]

    @property
    def group(self) -> str | None:
        return TIER_GROUP if isinstance(self.rule, TierRule) else self.rule.group


def bonuses_on(base: Base, occurrence: Occurrence, rulebook: Rulebook) -> tuple[Bonus, ...]:
    """Every bonus that counts, in the order of the rulebook, the tier's first.  None has 0 points."""
    multiplies = rulebook.stacking.between_groups == "multiply"
    running = [(share, 1) for share in base.shares]
    bonuses = []
    for group in _grouped(_candidates(base, occurrence, rulebook)):
        tried = [(_bonus(each, base, running, occurrence), each) for each in group]
        best, winner = max(tried, key=lambda pair: pair[0].points)
        if best.points == 0:
            continue
        beaten = [bonus.name for bonus, _each in tried if bonus is not best and bonus.points]
        bonuses.append(_told_of(best, beaten))
        if multiplies and best.points_kind == MAIN_KIND and (factor := _permille(winner.rule, occurrence)):
            for place in winner.places:
                top, bottom = running[place]
                running[place] = (top * factor, bottom * THOUSAND)
    return tuple(bonuses)


def _candidates(base: Base, occurrence: Occurrence, rulebook: Rulebook) -> Iterable[_Candidate]:
    if occurrence.event in (PURCHASE, SIGNED_IN):
        yield _Candidate(rulebook.tier(occurrence.member.tier_code), tuple(range(len(base.shares))))
    for rule in rulebook.rules:
        if rule.event != occurrence.event or rule.code in occurrence.member.closed_rules:
            continue
        if not isinstance(rule.effect, MultiplyEffect | PointsEffect | ThresholdEffect):
            continue
        places = lines_of(rule, occurrence)
        if places is not None:
            is_on_all = len(places) == len(occurrence.lines)
            yield _Candidate(rule, tuple(range(len(base.shares))) if is_on_all else places)


def _grouped(candidates: Iterable[_Candidate]) -> list[list[_Candidate]]:
    """Candidates by stack group, each group where its first one stands; one without a group is alone."""
    groups: dict[str | int, list[_Candidate]] = {}
    for number, candidate in enumerate(candidates):
        groups.setdefault(candidate.group or number, []).append(candidate)
    return list(groups.values())


def _bonus(
    candidate: _Candidate, base: Base, running: Sequence[tuple[int, int]], occurrence: Occurrence
) -> Bonus:
    rule, places = candidate.rule, candidate.places
    if isinstance(rule, TierRule):
        return _of_tier(rule, places, base, running, occurrence)
    if isinstance(rule.effect, MultiplyEffect):
        return _multiply(rule, rule.effect, places, base, running)
    if isinstance(rule.effect, ThresholdEffect):
        return _threshold(rule, rule.effect, places, occurrence)
    assert isinstance(rule.effect, PointsEffect)
    return _fixed(rule, rule.effect, places, occurrence)


def _of_tier(
    tier: TierRule,
    places: tuple[int, ...],
    base: Base,
    running: Sequence[tuple[int, int]],
    occurrence: Occurrence,
) -> Bonus:
    """What the tier multiplies: purchases (E08), or sign-ins (S06)."""
    is_purchase = occurrence.event == PURCHASE
    permille = tier.multiplier_permille if is_purchase else tier.signin_multiplier_permille
    points = _multiplied(permille, places, running)
    reason = because(
        "tier_bonus",
        tier=tier.code,
        tier_name=tier.name,
        multiplier_permille=permille,
        base_points=base.points,
    )
    source_class: SourceClass = "purchase" if is_purchase else "interaction"
    return Bonus(
        "tier", tier.name, TIER_GROUP, points, source_class, _shares(points, places, base.shares), (reason,)
    )


def _multiply(
    rule: Rule,
    effect: MultiplyEffect,
    places: tuple[int, ...],
    base: Base,
    running: Sequence[tuple[int, int]],
) -> Bonus:
    points = _multiplied(effect.multiplier_permille, places, running)
    reason = because(
        "rule_multiplied",
        rule=rule.code,
        name=rule.name,
        multiplier_permille=effect.multiplier_permille,
        base_points=sum(base.shares[place] for place in places),
        earned_points=points,
    )
    return _of(rule, points, _shares(points, places, base.shares), reason)


def _fixed(rule: Rule, effect: PointsEffect, places: tuple[int, ...], occurrence: Occurrence) -> Bonus:
    lines = occurrence.lines
    mine = [place for place in places if place < len(lines)]
    times = sum(lines[place].quantity for place in mine) if effect.per == "piece" else 1
    points = effect.points * times
    reason = because(
        "rule_gave", rule=rule.code, name=rule.name, points=effect.points, times=times, earned_points=points
    )
    return _of(rule, points, _shares_by_cash(points, mine, occurrence), reason)


def _threshold(rule: Rule, effect: ThresholdEffect, places: tuple[int, ...], occurrence: Occurrence) -> Bonus:
    lines = occurrence.lines
    mine = [place for place in places if place < len(lines)]
    cents = sum(lines[place].cents for place in mine)
    before = occurrence.member.month_cents if effect.of == "month" else 0
    reached = times_reached(effect, before)
    times = times_reached(effect, before + cents) - reached
    points = effect.points * times
    reason = because(
        "threshold_reached",
        rule=rule.code,
        name=rule.name,
        cents=effect.cents,
        reached_cents=before + cents,
        times=times,
        points=effect.points,
    )
    threshold = Threshold(effect.cents, effect.points, effect.every, effect.of, tuple(mine), reached)
    return _of(rule, points, _shares_by_cash(points, mine, occurrence), reason, threshold)


def times_reached(threshold: Threshold | ThresholdEffect, cents: int) -> int:
    """How often a sum reaches the threshold: once at most, or every time."""
    return cents // threshold.cents if threshold.every else int(cents >= threshold.cents)


def _multiplied(permille: int, places: Iterable[int], running: Sequence[tuple[int, int]]) -> int:
    """What a multiplier adds to the running points of its lines: the whole after it less the whole before it."""
    mine = [running[place] for place in places]
    bottom = max([below for _above, below in mine], default=1)
    top = sum([above * (bottom // below) for above, below in mine])
    return top * permille // (bottom * THOUSAND) - top // bottom


def _permille(rule: Rule | TierRule, occurrence: Occurrence) -> int | None:
    if isinstance(rule, TierRule):
        is_purchase = occurrence.event == PURCHASE
        return rule.multiplier_permille if is_purchase else rule.signin_multiplier_permille
    return rule.effect.multiplier_permille if isinstance(rule.effect, MultiplyEffect) else None


def _of(
    rule: Rule, points: int, shares: tuple[int, ...], reason: Reason, threshold: Threshold | None = None
) -> Bonus:
    return Bonus(
        rule.code,
        rule.name,
        rule.group,
        points,
        rule.source_class,
        shares,
        (reason,),
        threshold,
        rule.credits,
    )


def _told_of(bonus: Bonus, beaten: Sequence[str]) -> Bonus:
    """A bonus that says which ones of its group it replaced."""
    if not beaten:
        return bonus
    better = because("best_of_group", group=bonus.group or "", others=", ".join(beaten))
    return replace(bonus, reasons=(*bonus.reasons, better))


def _shares(points: int, places: Sequence[int], weights: Sequence[int]) -> tuple[int, ...]:
    """Points split over the lines they came from, by the base each of them earned."""
    chosen = set(places)
    return largest_remainder(
        points, [weight if place in chosen else 0 for place, weight in enumerate(weights)]
    )


def _shares_by_cash(points: int, places: Sequence[int], occurrence: Occurrence) -> tuple[int, ...]:
    weights = [0] * (len(occurrence.lines) + 1)
    for place in places:
        weights[place] = occurrence.lines[place].cents
    return largest_remainder(points, weights)
