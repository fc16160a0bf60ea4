"""The bar of points by expiry: at most six parts, the last one holding all that lapses later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from shop.queries.points.balance import Balance, Lapse

PARTS_MAX = 6
SOON_DAYS = 30

Span = Literal["day", "month", "rest"]


@dataclass(frozen=True)
class LotPart:
    """A part of the bar.  ``last_on`` None: never lapses.  ``span`` says what the part holds: one day, all that lapses
    within the month of ``last_on``, or that day and everything later.
    """

    place: int
    points: int
    percent: int
    last_on: date | None
    days_left: int | None
    span: Span

    @property
    def is_soon(self) -> bool:
        return self.days_left is not None and self.days_left <= SOON_DAYS


def lot_parts(balance: Balance, today: date) -> tuple[LotPart, ...]:
    """What lapses when, soonest first: by day where that fits, else by month."""
    total = sum(lapse.points for lapse in balance.expiring)
    return tuple(
        LotPart(
            place=place,
            points=lapse.points,
            percent=max(1, lapse.points * 100 // total),
            last_on=lapse.last_on,
            days_left=None if lapse.last_on is None else (lapse.last_on - today).days,
            span=span,
        )
        for place, (lapse, span) in enumerate(_folded(balance.expiring), start=1)
    )


def _folded(lapses: Sequence[Lapse]) -> list[tuple[Lapse, Span]]:
    if len(lapses) <= PARTS_MAX:
        return [(lapse, "day") for lapse in lapses]
    months = [_merged(list(group)) for _month, group in groupby(lapses, key=_month_of)]
    spans: list[tuple[Lapse, Span]] = [(lapse, "month") for lapse in months]
    if len(months) > PARTS_MAX:
        spans[PARTS_MAX - 1 :] = [(_merged(months[PARTS_MAX - 1 :]), "rest")]
    return spans


def _month_of(lapse: Lapse) -> tuple[int, int] | None:
    return None if lapse.last_on is None else (lapse.last_on.year, lapse.last_on.month)


def _merged(lapses: Sequence[Lapse]) -> Lapse:
    """Several lapses as one that begins with the first."""
    return Lapse(sum(lapse.points for lapse in lapses), lapses[0].expires_at, lapses[0].last_on)
