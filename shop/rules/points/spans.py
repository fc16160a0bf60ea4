"""Spans of the shop's calendar: years, the last twelve months, all time.  Half open, and always whole days."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import assert_never

from shop.rules.points.expiry import start_of_day
from shop.rules.rulebook import TierWindow

MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Span:
    """``[from_at, until_at)`` in UTC; None is without bound."""

    from_at: datetime | None
    until_at: datetime | None

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return (self.from_at is None or self.from_at <= moment) and (
            self.until_at is None or moment < self.until_at
        )


ALL_TIME = Span(None, None)


def span_of(window: TierWindow, at: datetime, zone: tzinfo) -> Span:
    """What counts at a moment.  Of a calendar year the end is known; the other windows move on, or have no bounds.

    The last twelve months are whole days up to today: on 15 March they begin with 16 March of the year before.
    """
    today = at.astimezone(zone).date()
    match window:
        case "lifetime":
            return ALL_TIME
        case "calendar_year":
            return Span(
                start_of_day(date(today.year, 1, 1), zone), start_of_day(date(today.year + 1, 1, 1), zone)
            )
        case "rolling_12_months":
            first = months_after(today, -MONTHS_OF_A_YEAR) + timedelta(days=1)
            return Span(start_of_day(first, zone), None)
    assert_never(window)


def months_after(day: date, months: int) -> date:
    """The same day so many months later (or earlier); the last of the month where there is no such day."""
    count = day.year * MONTHS_OF_A_YEAR + (day.month - 1) + months
    year, month = divmod(count, MONTHS_OF_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
