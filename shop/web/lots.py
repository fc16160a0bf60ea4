"""The bar of points by expiry: at most six parts, the last one holding all that lapses later."""

from dataclasses import dataclass
from datetime import date

from shop.queries.points.balance import Balance, Lapse

PARTS_MAX = 6
SOON_DAYS = 30


@dataclass(frozen=True)
class LotPart:
    """A part of the bar.  ``last_on`` None: never lapses; ``is_rest``: this and everything later."""

    place: int
    points: int
    percent: int
    last_on: date | None
    days_left: int | None
    is_rest: bool

    @property
    def is_soon(self) -> bool:
        return self.days_left is not None and self.days_left <= SOON_DAYS


def lot_parts(balance: Balance, today: date) -> tuple[LotPart, ...]:
    """What lapses when, soonest first."""
    lapses = balance.expiring
    total = sum(lapse.points for lapse in lapses)
    if len(lapses) > PARTS_MAX:
        rest = lapses[PARTS_MAX - 1 :]
        lapses = (
            *lapses[: PARTS_MAX - 1],
            Lapse(sum(each.points for each in rest), rest[0].expires_at, rest[0].last_on),
        )
    is_folded = len(lapses) < len(balance.expiring)
    return tuple(
        LotPart(
            place=place,
            points=lapse.points,
            percent=max(1, lapse.points * 100 // total),
            last_on=lapse.last_on,
            days_left=None if lapse.last_on is None else (lapse.last_on - today).days,
            is_rest=is_folded and place == PARTS_MAX,
        )
        for place, lapse in enumerate(lapses, start=1)
    )
