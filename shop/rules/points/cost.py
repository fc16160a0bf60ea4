"""What points cost a shop, as a share of its sales (B06): whole parts per million, no fraction anywhere.

A yuan of sales earns points, and points take cents off: earn rate × what a point takes off × the share of points that is
ever used.  Bonuses of rules, sign-ins and draws come on top; the simulator counts them on real sales.
"""

from dataclasses import dataclass
from datetime import datetime

from shop.rules.points.redeeming import OffsetRatio
from shop.rules.rulebook import EarningRule, Rulebook, TierRule

WHOLE_PPM = 1_000_000
COST_PPM_MAX = 80_000
"""Above 8 % of sales the helper warns: most shops' whole margin is not much more."""
PERCENT, MILLE = 100, 1000


@dataclass(frozen=True, slots=True)
class TierCost:
    """What points cost on the sales to one tier, at the ordinary ratio and at the best period ahead."""

    tier: str
    ordinary_ppm: int
    festival_ppm: int | None


@dataclass(frozen=True, slots=True)
class Costs:
    """The cost by tier; ``festival`` names the period of the best ratio, None when none is ahead."""

    tiers: tuple[TierCost, ...]
    festival: str | None

    @property
    def usual_ppm(self) -> int:
        """On the lowest tier at the ordinary ratio: the number that people mean by "the cost"."""
        return self.tiers[0].ordinary_ppm

    @property
    def highest_ppm(self) -> int:
        return max(max(each.ordinary_ppm, each.festival_ppm or 0) for each in self.tiers)

    @property
    def is_dear(self) -> bool:
        return self.highest_ppm > COST_PPM_MAX


@dataclass(frozen=True, slots=True)
class OrderCost:
    """One average order: what it earns, what that takes off later, what is left of its margin.

    ``uplift_ppm``: by how much sales must rise for the profit to be as before; None when they cannot.
    """

    points: int
    cost_cents: int
    margin_cents: int
    uplift_ppm: int | None


def costs_of(rulebook: Rulebook, at: datetime, *, used_percent: int = PERCENT) -> Costs:
    """The cost of every tier; ``used_percent`` of all points are expected to be used."""
    ordinary = OffsetRatio(rulebook.offset.points, rulebook.offset.per_cents)
    festival = _best_ahead(rulebook, at)
    return Costs(
        tuple(
            TierCost(
                tier.name,
                cost_ppm(rulebook.earning, tier, ordinary, used_percent),
                cost_ppm(rulebook.earning, tier, festival, used_percent) if festival else None,
            )
            for tier in rulebook.tiers
        ),
        festival.window if festival else None,
    )


def cost_ppm(earning: EarningRule, tier: TierRule, ratio: OffsetRatio, used_percent: int = PERCENT) -> int:
    """Points per cent of sales × cents per point, rounded half up.  100 points = ¥10 at 1 point for ¥1 is 100,000."""
    above = WHOLE_PPM * earning.points * tier.multiplier_permille * ratio.per_cents * used_percent
    below = earning.per_cents * MILLE * ratio.points * PERCENT
    return (2 * above + below) // (2 * below)


def break_even_uplift_ppm(cost: int, margin: int) -> int | None:
    """By how much sales must rise for the profit to stay, rounded up; None when the cost eats the margin."""
    return None if cost >= margin else -(-cost * WHOLE_PPM // (margin - cost))


def order_cost(
    rulebook: Rulebook, *, order_cents: int, margin_percent: int, used_percent: int = PERCENT
) -> OrderCost:
    """The average order on the lowest tier at the ordinary ratio."""
    earning, tier = rulebook.earning, rulebook.tiers[0]
    base = order_cents * earning.points // earning.per_cents
    points = base * tier.multiplier_permille // MILLE
    ratio = OffsetRatio(rulebook.offset.points, rulebook.offset.per_cents)
    cost = cost_ppm(earning, tier, ratio, used_percent)
    return OrderCost(
        points=points,
        cost_cents=points * ratio.per_cents * used_percent // (ratio.points * PERCENT),
        margin_cents=order_cents * margin_percent // PERCENT,
        uplift_ppm=break_even_uplift_ppm(cost, margin_percent * WHOLE_PPM // PERCENT),
    )


def _best_ahead(rulebook: Rulebook, at: datetime) -> OffsetRatio | None:
    """The best ratio of the periods that are not over."""
    ahead = [
        OffsetRatio(each.points, each.per_cents, each.name)
        for each in rulebook.offset.windows
        if each.ends_at > at
    ]
    return max(ahead, key=lambda ratio: ratio.cents_for(10**12), default=None)
