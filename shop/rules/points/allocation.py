"""Which lots pay: the soonest to expire first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LotView:
    """What allocation must know of a lot.  ``free_points`` are neither spent nor held."""

    id: int
    free_points: int
    expires_at: datetime
    credited_at: datetime


@dataclass(frozen=True, slots=True)
class Take:
    """Points to take from one lot."""

    lot_id: int
    points: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """What the lots give.  ``short`` is what they could not; the sum of both is what was needed."""

    takes: tuple[Take, ...]
    short: int


def allocate(needed: int, lots: Sequence[LotView], *, now: datetime) -> Allocation:
    """Take ``needed`` points by (expires_at, credited_at, id).

    Lots that have expired by ``now`` give nothing, whether or not the sweep has run.
    """
    takes = []
    for lot in sorted(lots, key=lambda lot: (lot.expires_at, lot.credited_at, lot.id)):
        points = min(needed, lot.free_points)
        if points > 0 and lot.expires_at > now:
            takes.append(Take(lot.id, points))
            needed -= points
    return Allocation(tuple(takes), max(0, needed))
