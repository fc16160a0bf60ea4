"""What a day of a draw can give: stock and the day's budget decide which prizes are in the odds.

The page that shows the odds and the draw itself both ask ``prizes_in_play``: what is shown is what decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shop.rules.engagement.draw import PARTS, PrizeView
from shop.rules.reasons import Reason, because
from shop.rules.rulebook import OffsetRule

PrizeKind = Literal["nothing", "points", "product"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrizeOffer:
    """A prize as the merchant set it: ``points`` of a points prize, ``stock_left`` None is without limit."""

    id: int
    kind: PrizeKind
    points: int
    weight_ppm: int
    stock_left: int | None
    is_consolation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PrizeCost:
    """What one prize costs the merchant: its chance, and points or the market price in cents."""

    weight_ppm: int
    kind: PrizeKind
    points: int
    market_cents: int


def prizes_in_play(offers: Sequence[PrizeOffer], budget_left: int | None) -> tuple[PrizeView, ...] | None:
    """The prizes as ``odds`` and ``pick`` need them, in their order; None when the day has nothing left to give.

    A points prize above what the budget leaves counts as sold out.  When that is the consolation prize itself, a
    prize that gives nothing stands in for it; without one the day is over.
    """
    consolation = next(
        (offer.id for offer in offers if offer.is_consolation and _fits(offer, budget_left)), None
    )
    if consolation is None:
        consolation = next((offer.id for offer in offers if offer.kind == "nothing"), None)
    if consolation is None:
        return None
    return tuple(
        PrizeView(
            id=offer.id,
            weight_ppm=offer.weight_ppm,
            stock_left=offer.stock_left if _fits(offer, budget_left) else 0,
            is_consolation=offer.id == consolation,
        )
        for offer in offers
    )


def attempt_price_reason(draw: str) -> Reason:
    """Why points leave for an attempt."""
    return because("draw_price", draw=draw)


def prize_reason(draw: str, prize: str) -> Reason:
    """Why points come from a draw."""
    return because("draw_prize", draw=draw, prize=prize)


def cost_in_millicents(prizes: Sequence[PrizeCost], offset: OffsetRule) -> int:
    """What one attempt costs on average, in thousandths of a cent, rounded up.  A point is worth its offset."""
    parts = sum(prize.weight_ppm * cents_of(prize, offset) for prize in prizes)
    return -(-parts * 1000 // PARTS)


def cents_of(prize: PrizeCost, offset: OffsetRule) -> int:
    """The value of one prize in cents, rounded up."""
    if prize.kind == "points":
        return -(-prize.points * offset.per_cents // offset.points)
    return prize.market_cents if prize.kind == "product" else 0


def _fits(offer: PrizeOffer, budget_left: int | None) -> bool:
    return budget_left is None or offer.kind != "points" or offer.points <= budget_left


def stretch_of(parts: Sequence[int], place: int) -> tuple[int, int]:
    """The first and the last number that fall to the prize at ``place`` of stored odds."""
    first = sum(parts[:place])
    return first, first + parts[place] - 1


def place_of(parts: Sequence[int], rolled: int) -> int:
    """The place in stored odds whose stretch holds ``rolled``: how anyone recomputes a result."""
    passed = 0
    for place, part in enumerate(parts):
        passed += part
        if rolled < passed:
            return place
    raise AssertionError("stored odds sum to PARTS")
