"""What it costs to decide a purchase of five lines under a rulebook of forty rules: beside the constant answer.

A purchase is decided when it is shown, when it is paid, and by the thousand in the simulator.
"""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bench.measuring import median
from shop.rules.points.earning import evaluate
from shop.rules.points.occurrences import BoughtLine, CountAsked, MemberFacts, Occurrence, questions_of
from shop.rules.rulebook import (
    DEFAULT_RULEBOOK,
    AmountCondition,
    Condition,
    Effect,
    GoodsCondition,
    MultiplyEffect,
    PeriodCondition,
    PointsEffect,
    PurchaseNumberCondition,
    Rule,
    Rulebook,
    ThresholdEffect,
    TierCondition,
)

LINES, RULES, TIMES = 5, 40, 400
MILLISECONDS_MAX = 1.0
CATEGORIES = ("drinks", "sweets", "tea", "mugs", "books")
ASKED = CountAsked("year", 0, counts_refunded=False)


@dataclass(frozen=True)
class Evaluated:
    """The CPU of one decision (ns), and how many awards it gave."""

    nanoseconds: float
    awards: int

    @property
    def is_within(self) -> bool:
        """Whether the budget is kept."""
        return self.nanoseconds <= MILLISECONDS_MAX * 1e6


def measure_evaluation(times: int = TIMES) -> Evaluated:
    """Decide the same purchase many times."""
    rulebook, occurrence = forty_rules(), five_lines()
    assert questions_of(rulebook) <= {ASKED}
    samples = []
    for _turn in range(times):
        started = time.process_time_ns()
        awards = evaluate(occurrence, rulebook)
        samples.append(time.process_time_ns() - started)
    return Evaluated(median(samples), len(awards.awards))


def forty_rules() -> Rulebook:
    """Ten of each kind: goods that count more, gifts above an amount, days of the week, numbers of purchases."""
    rules = tuple(_rule(number) for number in range(RULES))
    return replace(DEFAULT_RULEBOOK, rules=rules)


def five_lines() -> Occurrence:
    """A purchase of five lines by a member of the third step, for whom most rules hold."""
    lines = tuple(
        BoughtLine(cents=3_990 + number, quantity=2, sku=f"SKU-{number}", category=category)
        for number, category in enumerate(CATEGORIES)
    )
    member = MemberFacts(tier_code="crown", purchases_before={ASKED: 2}, month_cents=40_000)
    at = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
    return Occurrence(at=at, zone=ZoneInfo("Asia/Shanghai"), lines=lines, shipping_cents=800, member=member)


def told(evaluated: Evaluated, constant_ns: float) -> str:
    """The result in one line."""
    return (
        f"a purchase of {LINES} lines under {RULES} rules: {evaluated.nanoseconds / 1e6:.2f} ms of CPU, "
        f"{evaluated.nanoseconds / constant_ns:.1f} x C0, {evaluated.awards} awards (budget {MILLISECONDS_MAX:.0f} ms)"
    )


def _rule(number: int) -> Rule:
    condition, effect = _parts(number)
    group = f"group {number % 7}" if number % 2 else None
    return Rule(
        code=f"rule-{number}", name=f"规则 {number}", effect=effect, conditions=condition, group=group
    )


def _parts(number: int) -> tuple[tuple[Condition, ...], Effect]:
    match number % 4:
        case 0:
            goods = GoodsCondition(categories=(CATEGORIES[number % 5], "other"))
            return (goods,), MultiplyEffect(multiplier_permille=1100 + number)
        case 1:
            return (AmountCondition(cents_min=500 * number + 1),), PointsEffect(points=5 + number)
        case 2:
            period = PeriodCondition(weekdays=(1, 2, 3), hour_from=8, hour_until=22)
            return (period, TierCondition(tiers=("crown", "fruit"))), ThresholdEffect(
                cents=9_900, points=number
            )
        case _:
            every = PurchaseNumberCondition(number=3, span="year", every=True)
            return (every,), MultiplyEffect(multiplier_permille=1200 + number)


if __name__ == "__main__":
    print(f"{measure_evaluation().nanoseconds / 1e6:.3f} ms")
