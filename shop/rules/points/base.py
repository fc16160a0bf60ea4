"""The base of an earning: points for cash, each line at its rate, summed, and rounded down once (E01-E03)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

from shop.rules.orders.splitting import largest_remainder
from shop.rules.points.conditions import lines_of
from shop.rules.points.occurrences import Occurrence
from shop.rules.reasons import Reason, because
from shop.rules.rulebook import RateEffect, Rule, Rulebook, Step, StepsEffect


@dataclass(frozen=True, slots=True)
class Base:
    """Whole points, and how they fall on the lines; the last share is the freight's."""

    points: int
    shares: tuple[int, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Segment:
    """Lines that earn at one rate: ``numerator / denominator`` points, not rounded yet."""

    places: tuple[int, ...]
    cents: int
    numerator: int
    denominator: int
    reasons: tuple[Reason, ...]


def base_of(occurrence: Occurrence, rulebook: Rulebook) -> Base:
    """What the cash of a purchase earns before any bonus.

    Rules that set a rate take their lines in the order of the rulebook: the first that names a line has it.  All
    other lines, and the freight if it counts, earn at the shop's rate.
    """
    earning = rulebook.earning
    cents = [line.cents for line in occurrence.lines]
    freight = len(cents)
    cents.append(occurrence.shipping_cents if earning.includes_shipping else 0)
    left = set(range(len(cents)))
    segments = []
    for rule in rulebook.rules:
        if isinstance(rule.effect, RateEffect | StepsEffect) and rule.event == occurrence.event:
            places = tuple(place for place in lines_of(rule, occurrence) or () if place in left)
            if places and rule.code not in occurrence.member.closed_rules:
                segments.append(_own_rate(rule, places, cents, occurrence.member.month_cents))
                left.difference_update(places)
    if any(cents[place] for place in left) or not segments:
        usual = tuple(sorted(left))
        segments.append(_usual_rate(usual, cents, earning.points, earning.per_cents, alone=not segments))
    return _summed(segments, cents, freight)


def _own_rate(rule: Rule, places: tuple[int, ...], cents: Sequence[int], month_cents: int) -> _Segment:
    total, effect = sum(cents[place] for place in places), rule.effect
    if isinstance(effect, StepsEffect):
        before = month_cents if effect.of == "month" else 0
        numerator, denominator = _stepped(effect, before, total)
        reason = because("rate_by_steps", rule=rule.code, name=rule.name, cents=total, before_cents=before)
        return _Segment(places, total, numerator, denominator, (reason,))
    assert isinstance(effect, RateEffect)
    reason = because(
        "rate_of_goods",
        rule=rule.code,
        name=rule.name,
        cents=total,
        points=effect.points,
        per_cents=effect.per_cents,
    )
    return _Segment(places, total, total * effect.points, effect.per_cents, (reason,))


def _usual_rate(
    places: tuple[int, ...], cents: Sequence[int], points: int, per_cents: int, *, alone: bool
) -> _Segment:
    total = sum(cents[place] for place in places)
    if alone:
        earned = total * points // per_cents
        reason = because(
            "earned_on_amount", cents=total, points=points, per_cents=per_cents, earned_points=earned
        )
    else:
        reason = because("rate_of_the_rest", cents=total, points=points, per_cents=per_cents)
    return _Segment(places, total, total * points, per_cents, (reason,))


def _stepped(effect: StepsEffect, before: int, cents: int) -> tuple[int, int]:
    """The points of ``cents`` spent after ``before``, as a fraction: slice by slice, or all at the step reached."""
    steps, until = effect.steps, before + cents
    denominator = lcm(*(step.per_cents for step in steps))

    def worth(step: Step, amount: int) -> int:
        return amount * step.points * (denominator // step.per_cents)

    if effect.whole:
        reached = [step for step in steps if step.from_cents <= until]
        return (worth(reached[-1], cents) if reached else 0), denominator
    numerator = 0
    for index, step in enumerate(steps):
        top = steps[index + 1].from_cents if index + 1 < len(steps) else until
        numerator += worth(step, max(0, min(until, top) - max(before, step.from_cents)))
    return numerator, denominator


def _summed(segments: Sequence[_Segment], cents: Sequence[int], freight: int) -> Base:
    denominator = lcm(*(segment.denominator for segment in segments))
    worths = [segment.numerator * (denominator // segment.denominator) for segment in segments]
    points = sum(worths) // denominator
    shares = [0] * (freight + 1)
    for segment, part in zip(segments, largest_remainder(points, worths), strict=True):
        inside = largest_remainder(part, [cents[place] for place in segment.places])
        for place, share in zip(segment.places, inside, strict=True):
            shares[place] = share
    reasons = [reason for segment in segments for reason in segment.reasons]
    if len(segments) > 1 or reasons[0].code != "earned_on_amount":
        reasons.append(because("rates_summed", earned_points=points))
    return Base(points, tuple(shares), tuple(reasons))
