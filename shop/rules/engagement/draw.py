"""The lucky draw: the odds that are shown are the odds that decide, and anyone can recompute a result.

Proof: before the draw the shop publishes ``commitment(seed)``; afterwards the seed.  Attempt number ``counter`` of a
member who chose ``text`` is ``roll(seed, text, counter)``, and the prize is the stretch of ``odds`` it falls in.
"""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shop.rules.faults import Fault, fault

PARTS = 1_000_000
"""Odds are whole parts per million."""

PRIZES_MAX = 8
MARKET_CENTS_MAX = 5_000_000
"""The law's limit for one prize: 50,000 yuan at market price."""

_WORD_BYTES = 8
_FAIR_WORDS = 2**64 // PARTS * PARTS
"""64-bit words below this fall evenly on PARTS remainders; those above are thrown away."""


@dataclass(frozen=True, slots=True)
class PrizeView:
    """What the odds must know of a prize.  ``stock_left`` None is without limit."""

    id: int
    weight_ppm: int
    stock_left: int | None
    is_consolation: bool


@dataclass(frozen=True, slots=True)
class Odds:
    """A prize's real chance now, in parts per million.  ``sold_out`` prizes have none."""

    prize_id: int
    parts: int
    sold_out: bool


@dataclass(frozen=True, slots=True)
class PrizeDraft:
    """A prize as the merchant enters it.  ``market_cents`` is the market price of one piece."""

    weight_ppm: int
    stock: int | None
    is_consolation: bool
    market_cents: int


def odds(prizes: Sequence[PrizeView]) -> tuple[Odds, ...]:
    """The chances now, in the order of the prizes: what sold-out prizes had falls to the consolation prize."""
    freed = sum(prize.weight_ppm for prize in prizes if _is_sold_out(prize))
    return tuple(
        Odds(prize.id, 0, sold_out=True)
        if _is_sold_out(prize)
        else Odds(prize.id, prize.weight_ppm + (freed if prize.is_consolation else 0), sold_out=False)
        for prize in prizes
    )


def pick(prizes: Sequence[PrizeView], rolled: int) -> int:
    """The id of the prize whose stretch of ``odds(prizes)`` holds ``rolled`` (0 to PARTS - 1)."""
    assert 0 <= rolled < PARTS
    passed = 0
    for chance in odds(prizes):
        passed += chance.parts
        if rolled < passed:
            return chance.prize_id
    raise AssertionError("the weights of a published draw sum to PARTS")


def roll(seed: bytes, text: str, counter: int) -> int:
    """A number from 0 to PARTS - 1, every one equally likely.

    HMAC-SHA256 with ``seed`` as key over ``text:counter`` (UTF-8), read as four 64-bit numbers, most significant byte
    first; the first below the largest multiple of PARTS counts, modulo PARTS.  Should none do, the digest is
    hashed again in the same way.
    """
    message = f"{text}:{counter}".encode()
    while True:
        message = hmac.digest(seed, message, "sha256")
        for word in _words(message):
            if word < _FAIR_WORDS:
                return word % PARTS


def commitment(seed: bytes) -> str:
    """SHA-256 of the seed in hex, to be published before the first attempt."""
    return hashlib.sha256(seed).hexdigest()


def draw_faults(prizes: Sequence[PrizeDraft]) -> tuple[Fault, ...]:
    """Everything that keeps a set of prizes from being published; empty when it may be."""
    return (
        *_set_faults(prizes),
        *(found for index, prize in enumerate(prizes) for found in _prize_faults(index, prize)),
    )


def _set_faults(prizes: Sequence[PrizeDraft]) -> Iterator[Fault]:
    if len(prizes) > PRIZES_MAX:
        yield fault("prizes", "too_many_prizes", maximum=PRIZES_MAX)
    if len(prizes) < 2:
        yield fault("prizes", "too_few_prizes", minimum=2)
    total = sum(prize.weight_ppm for prize in prizes)
    if total != PARTS:
        yield fault("prizes", "weights_do_not_sum", sum=total, expected=PARTS)
    consolations = sum(prize.is_consolation for prize in prizes)
    if consolations == 0:
        yield fault("prizes", "no_consolation")
    if consolations > 1:
        yield fault("prizes", "several_consolations", count=consolations)


def _prize_faults(index: int, prize: PrizeDraft) -> Iterator[Fault]:
    place = f"prizes[{index}]"
    if prize.weight_ppm == 0:
        yield fault(f"{place}.weight_ppm", "zero_weight")
    if prize.is_consolation and prize.stock is not None:
        yield fault(f"{place}.stock", "consolation_has_stock")
    if prize.market_cents > MARKET_CENTS_MAX:
        yield fault(f"{place}.market_cents", "prize_too_dear", cents_max=MARKET_CENTS_MAX)
    for name in ("weight_ppm", "stock", "market_cents"):
        if (getattr(prize, name) or 0) < 0:
            yield fault(f"{place}.{name}", "negative_number")


def _is_sold_out(prize: PrizeView) -> bool:
    return prize.stock_left is not None and prize.stock_left <= 0 and not prize.is_consolation


def _words(digest: bytes) -> Iterator[int]:
    for start in range(0, len(digest), _WORD_BYTES):
        yield int.from_bytes(digest[start : start + _WORD_BYTES], "big")
