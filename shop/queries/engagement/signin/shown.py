"""What the calendar shows: days, milestones, offers, make-ups."""

from dataclasses import dataclass
from datetime import date

from shop.rules.rulebook import Rulebook


@dataclass(frozen=True)
class Offer:
    """What a sign-in will bring under the caps: the day with its bonuses, and what comes on top of it.

    ``milestone_days`` and ``month_days`` name what is reached with it; the coupons and tickets of both are summed.
    """

    points: int
    milestone_days: int | None = None
    milestone_points: int = 0
    month_days: int | None = None
    month_points: int = 0
    tickets: int = 0
    coupons: int = 0

    @property
    def total(self) -> int:
        """All points together."""
        return self.points + self.milestone_points + self.month_points

    @property
    def is_special(self) -> bool:
        """Whether it reaches anything."""
        return self.milestone_days is not None or self.month_days is not None


@dataclass(frozen=True)
class DayCell:
    """A day of the calendar.  ``state``: got, today, miss (can be made up), past (missed for good), gift, future.

    ``offer`` is what a coming day will bring when none is missed until then.
    """

    day: date
    state: str
    picture: str | None
    is_today: bool
    offer: Offer | None = None


@dataclass(frozen=True)
class Mile:
    """A milestone of the streak's cycle, or a step of the month."""

    days: int
    points: int
    tickets: int
    coupons: int
    is_reached: bool
    is_next: bool


@dataclass(frozen=True)
class Miles:
    """Up to four of them around the next one, and how far the line between them is filled, in percent."""

    shown: tuple[Mile, ...]
    percent: int


@dataclass(frozen=True)
class MakeUp:
    """What a make-up costs, how many of the month are left, and the days that can be filled, the oldest first."""

    cost_points: int
    left: int
    per_month: int
    within_days: int
    days: tuple[date, ...]
    last_chance_on: date | None


@dataclass(frozen=True)
class Calendar:
    """One month of the collecting book, and how the streak stands today.

    ``kept_version`` is the version by which the running cycle began, when another one is in force by now; ``streak_cycle``
    says when streaks count anew.
    """

    month: date
    previous_month: date | None
    next_month: date | None
    blanks: int
    cells: tuple[DayCell, ...]
    found: int
    missed: int
    today: date
    is_signed: bool
    streak: int
    streak_cycle: str
    kept_version: int | None
    offer: Offer
    miles: Miles
    month_days: int
    month_miles: Miles
    makeup: MakeUp
    rulebook: Rulebook
    rulebook_version: int
    balance_points: int


@dataclass(frozen=True)
class Today:
    """Today and the six days before it, for the home page."""

    day: date
    is_signed: bool
    streak: int
    week: tuple[DayCell, ...]
    offer: Offer
