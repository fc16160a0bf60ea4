"""When members hear that points lapse, and how early they must have heard before any does."""

from dataclasses import dataclass
from typing import Annotated

from shop.rules.rulebook.limits import Items, Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """The end of points is announced so many ``days`` ahead.

    Points lapse only when that was done at least ``notice_days_min`` days before; else their end is put off.
    """

    days: Annotated[tuple[Annotated[int, Whole(1, 180)], ...], Items(1, 6, more_is="better")] = (30, 7, 1)
    notice_days_min: Annotated[int, Whole(1, 60, more_is="better")] = 7


MONTH_WEEK_DAY = ReminderRule()
