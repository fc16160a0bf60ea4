"""How many points a purchase earns."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shop.rules.reasons import Reason, because
from shop.rules.rulebook import EarningRule, Rulebook, SourceClass, TierRule


@dataclass(frozen=True, slots=True)
class Award:
    """Points of one source, with the arithmetic that made them."""

    points: int
    source_class: SourceClass
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Awards:
    """What an event earns: one award for each line of the ledger."""

    awards: tuple[Award, ...]

    @property
    def total(self) -> int:
        """All points together."""
        return sum(award.points for award in self.awards)


NOTHING_EARNED = Awards(())


def purchase_awards(
    *, paid_goods_cents: int, shipping_cents: int, tier_code: str | None, rulebook: Rulebook
) -> Awards:
    """Points for cash paid, after every discount and offset: the base, and the tier's bonus as an award of its own.

    Both are rounded down once per order; the remainder is not carried.  A guest (``tier_code`` None) is
    promised what the first tier earns.
    """
    earning = rulebook.earning
    cents = paid_goods_cents + (shipping_cents if earning.includes_shipping else 0)
    base = _base_award(cents, earning)
    if base.points == 0:
        return NOTHING_EARNED
    bonus = _tier_bonus(base.points, rulebook.tier(tier_code))
    return Awards((base, bonus) if bonus.points else (base,))


def credited_at(received_at: datetime, earning: EarningRule) -> datetime:
    """When the points of an order become spendable: the waiting days after it was received, to the second."""
    return received_at + timedelta(days=earning.wait_days)


def _base_award(cents: int, earning: EarningRule) -> Award:
    points = cents * earning.points // earning.per_cents
    reason = because(
        "earned_on_amount",
        cents=cents,
        points=earning.points,
        per_cents=earning.per_cents,
        earned_points=points,
    )
    return Award(points, "purchase", (reason,))


def _tier_bonus(base_points: int, tier: TierRule) -> Award:
    points = base_points * (tier.multiplier_permille - 1000) // 1000
    reason = because(
        "tier_bonus",
        tier=tier.code,
        tier_name=tier.name,
        multiplier_permille=tier.multiplier_permille,
        base_points=base_points,
    )
    return Award(points, "purchase", (reason,))
