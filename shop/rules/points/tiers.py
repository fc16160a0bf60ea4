"""Which tier a member stands on, and how far the next one is."""

from dataclasses import dataclass

from shop.rules.rulebook import Rulebook, TierRule


@dataclass(frozen=True, slots=True)
class NextTier:
    """The step above, and the growth still missing for it."""

    tier: TierRule
    missing_growth: int


def tier_for(growth: int, rulebook: Rulebook) -> TierRule:
    """The highest tier whose growth is reached; growth below zero, after refunds, stands on the first."""
    reached = [tier for tier in rulebook.tiers if tier.growth_from <= growth]
    return reached[-1] if reached else rulebook.tiers[0]


def next_tier(growth: int, rulebook: Rulebook) -> NextTier | None:
    """The next step, or None on the highest.  Its missing growth, added, is exactly enough for ``tier_for``."""
    above = (tier for tier in rulebook.tiers if tier.growth_from > max(growth, 0))
    tier = next(above, None)
    return None if tier is None else NextTier(tier, tier.growth_from - growth)


def growth_from_paid_cents(cents: int) -> int:
    """Growth for cash paid for goods: one for each full yuan of an order."""
    return cents // 100
