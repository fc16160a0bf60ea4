"""A rulebook tried on what really happened: a side ledger in memory that nothing of the books knows of."""

from shop.rules.points.simulation.events import (
    Bought,
    Credited,
    Did,
    Event,
    FellShort,
    Given,
    Opening,
    OpeningLot,
    Restored,
    Returned,
    Signed,
    Spent,
)
from shop.rules.points.simulation.figures import Comparison, Figures, MemberChange, Week, compare
from shop.rules.points.simulation.replay import Replay

__all__ = [
    "Bought",
    "Comparison",
    "Credited",
    "Did",
    "Event",
    "FellShort",
    "Figures",
    "Given",
    "MemberChange",
    "Opening",
    "OpeningLot",
    "Replay",
    "Restored",
    "Returned",
    "Signed",
    "Spent",
    "Week",
    "compare",
]
