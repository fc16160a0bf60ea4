"""How many earned points a refund takes back.  It never evaluates again: it undoes shares of what was awarded."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from shop.rules.orders.splitting import largest_remainder
from shop.rules.points.bonuses import Threshold, times_reached


@dataclass(frozen=True, slots=True)
class Returned:
    """How much of a line has gone back by now: by its cash, or by its pieces where no cash was paid."""

    cents: int
    refunded_cents: int
    quantity: int = 1
    refunded_quantity: int = 0

    @property
    def share(self) -> Fraction:
        """Between 0 and 1."""
        if self.cents:
            return Fraction(self.refunded_cents, self.cents)
        return Fraction(self.refunded_quantity, self.quantity)


@dataclass(frozen=True, slots=True)
class Standing:
    """An award as it stands: what was promised and credited, and what was taken back of it before.

    ``shares`` are the parts of the promise by line, the freight last; empty for awards older than shares.
    """

    promised: int
    credited: int
    clawed: int
    shares: tuple[int, ...] = ()
    threshold: Threshold | None = None


def points_to_take_back(
    awards: Sequence[Standing], lines: Sequence[Returned], *, waived: int = 0
) -> tuple[int, ...]:
    """What each award gives back now, when so much of each line has gone back in all.  The last line is the freight.

    Cumulative: what was taken before is counted, so that two refunds of 20 % take 40 %, and the last one the exact
    rest.  Pro rata by line with the largest remainder; an award by threshold of the order stands or falls as a whole
    (of the month: see ``month_points_to_take_back``).  ``waived`` points were asked for before and let go.
    """
    reversed_points = _reversed(awards, lines)
    over = [
        0 if _is_of_month(award) else _over(award, back)
        for award, back in zip(awards, reversed_points, strict=True)
    ]
    return largest_remainder(max(0, sum(over) - waived), [max(0, points) for points in over])


def month_points_to_take_back(awards: Sequence[Standing], left_cents: int) -> tuple[int, ...]:
    """What each award by threshold of a month gives back when of all its purchases ``left_cents`` are left.

    An award stands for what the month reaches beyond what it had reached before the award.  Cumulative: what was taken
    before is counted; nothing comes back when the month reaches it again, that is a new award.
    """
    return tuple(max(0, _over(award, _below_month(award, left_cents))) for award in awards)


def _is_of_month(award: Standing) -> bool:
    return award.threshold is not None and award.threshold.of == "month"


def _over(award: Standing, void: int) -> int:
    """What the member has above the part of the promise that still stands."""
    return max(0, award.credited - (award.promised - void)) - award.clawed


def _below_month(award: Standing, left_cents: int) -> int:
    assert award.threshold is not None, "only awards by threshold depend on the month"
    standing = max(0, times_reached(award.threshold, left_cents) - award.threshold.reached)
    return max(0, award.promised - award.threshold.points * standing)


def _reversed(awards: Sequence[Standing], lines: Sequence[Returned]) -> list[int]:
    """How much of each promise is void, in whole points that sum to the exact total rounded down."""
    exact = [Fraction(0) if award.threshold else _pro_rata(award, lines) for award in awards]
    common = lcm(*(part.denominator for part in exact))
    whole = largest_remainder(int(sum(exact)), [int(part * common) for part in exact])
    return [
        _below_threshold(award, award.threshold, lines) if award.threshold else points
        for award, points in zip(awards, whole, strict=True)
    ]


def _pro_rata(award: Standing, lines: Sequence[Returned]) -> Fraction:
    shares = award.shares or largest_remainder(award.promised, [line.cents for line in lines])
    parts = (share * line.share for share, line in zip(shares, lines, strict=True))
    return sum(parts, Fraction(0))


def _below_threshold(award: Standing, threshold: Threshold, lines: Sequence[Returned]) -> int:
    if threshold.of == "month":
        return 0
    left = sum(lines[place].cents - lines[place].refunded_cents for place in threshold.places)
    return max(0, award.promised - threshold.points * times_reached(threshold, left))
