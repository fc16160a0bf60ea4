"""A made-up order under the draft and under the rules in force, through the evaluator that books real ones (B02)."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from shop.rules.points.earning import evaluate
from shop.rules.points.occurrences import BoughtLine, MemberFacts, Occurrence
from shop.rules.rulebook import Rulebook


@dataclass(frozen=True)
class MadeUpOrder:
    """One line of goods, paid in cash at a moment by a member of a tier of whom nothing else is known."""

    cents: int
    tier_code: str | None
    category: str | None
    at: datetime
    zone: tzinfo


@dataclass(frozen=True)
class Part:
    """Points of one award with their reasons, as they would be stored."""

    points: int
    reasons: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Earned:
    """What the order would earn."""

    points: int
    parts: tuple[Part, ...]


def earned_by(order: MadeUpOrder, rulebook: Rulebook) -> Earned:
    """What this order earns under a rulebook."""
    awards = evaluate(
        Occurrence(
            at=order.at,
            placed_at=order.at,
            zone=order.zone,
            lines=(BoughtLine(cents=order.cents, category=order.category),),
            member=MemberFacts(tier_code=order.tier_code),
        ),
        rulebook,
    )
    parts = tuple(
        Part(award.points, tuple(reason.to_document() for reason in award.reasons)) for award in awards.awards
    )
    return Earned(awards.total, parts)
