"""What a point is worth: as the shop states it, and as the price of a product implies it.

A worth is the money behind a thousand points, in whole cents: fine enough to compare, and free of fractions.
"""

from collections.abc import Sequence

from shop.rules.rulebook import Rulebook

A_THOUSAND = 1000
CENTS_PER_YUAN = 100
LOW_PERCENT, HIGH_PERCENT = 50, 150


def stated_worth(rulebook: Rulebook) -> int | None:
    """What the shop says: its reference value, else the ordinary offset; None where points take nothing off."""
    if rulebook.worth.points_per_yuan is not None:
        return A_THOUSAND * CENTS_PER_YUAN // rulebook.worth.points_per_yuan
    if rulebook.offset.share_percent_max == 0:
        return None
    return A_THOUSAND * rulebook.offset.per_cents // rulebook.offset.points


def implied_worth(market_cents: int | None, cents: int, points: int) -> int | None:
    """What a price implies: the money that its points save.  None without points or without a market price."""
    if market_cents is None or points <= 0:
        return None
    return A_THOUSAND * max(0, market_cents - cents) // points


def median_worth(worths: Sequence[int]) -> int | None:
    """The middle one; of an even number the mean of the two in the middle, rounded down."""
    if not worths:
        return None
    ordered, middle = sorted(worths), len(worths) // 2
    return ordered[middle] if len(worths) % 2 else (ordered[middle - 1] + ordered[middle]) // 2


def is_out_of_line(worth: int, median: int) -> bool:
    """Whether a worth lies outside half to one and a half times the median."""
    return not median * LOW_PERCENT <= worth * 100 <= median * HIGH_PERCENT
