"""When points end: always the first moment of a day in the shop's time zone, as UTC."""

from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from shop.rules.reasons import Reason, because
from shop.rules.rulebook import ExpiryPolicy
from shop.rules.rulebook.sections.expiry import COUNTED_IN_DAYS

A_MOMENT = timedelta(microseconds=1)
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""The expiry of points that do not expire; it sorts behind every real one."""
EXTENSIONS: Mapping[str, str] = {"rolling": "activity", "renewing": "unused"}
"""How the end of a lot moves, by the kind of its policy."""
FROZEN = datetime(9998, 12, 31, tzinfo=UTC)
"""When points become available that were earned while earning is frozen: not before somebody lifts the freeze."""


@dataclass(frozen=True, slots=True)
class Return:
    """When points that come back to a lot end, and why."""

    expires_at: datetime
    reasons: tuple[Reason, ...]


def expires_at(policy: ExpiryPolicy, credited_at: datetime, zone: tzinfo) -> datetime:
    """The moment from which points credited at ``credited_at`` (UTC) cannot be spent any more.

    Half open: "31 December" ends at 00:00 of 1 January.  "90 days" ends with the 90th day after the shop-day of
    credit, whatever the hour.  Where a clock change skips midnight, the day's first moment counts.
    """
    if policy.kind == "never":
        return NEVER
    credited_on = credited_at.astimezone(zone).date()
    return start_of_day(_first_day_after(policy, credited_on), zone)


def end_of_lot(policy: ExpiryPolicy, credited_at: datetime, available_at: datetime, zone: tzinfo) -> datetime:
    """The end of points that were credited at one moment and can be spent from another on (UTC).

    Counted from the credit; where they would be over before anybody could spend them, from ``available_at``.
    """
    end = expires_at(policy, credited_at, zone)
    return end if end > available_at else expires_at(policy, available_at, zone)


def end_after(days: int, day: date, zone: tzinfo) -> datetime:
    """The end of points that last so many days after ``day``."""
    return start_of_day(day + timedelta(days=days + 1), zone)


def last_day_of(expires_at: datetime, zone: tzinfo) -> date:
    """The last shop-day on which points with this end can be spent."""
    return (expires_at - A_MOMENT).astimezone(zone).date()


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first moment of a shop-day, as UTC."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def expiry_of_return(lot_expires_at: datetime, now: datetime, grace_days: int, zone: tzinfo) -> Return:
    """When spent points end that go back to their lot: the old expiry, or a grace after today when that has passed.

    With ``grace_days`` 0 lapsed points return lapsed: the old expiry stands.
    """
    if lot_expires_at > now or grace_days == 0:
        return Return(lot_expires_at, (because("returned_in_time"),) if lot_expires_at > now else ())
    grace = ExpiryPolicy(kind="days", days=grace_days, periods_after=0)
    return Return(expires_at(grace, now, zone), (because("returned_with_grace", grace_days=grace_days),))


def _first_day_after(policy: ExpiryPolicy, credited_on: date) -> date:
    if policy.kind in COUNTED_IN_DAYS:
        return credited_on + timedelta(days=policy.days + 1)
    if policy.kind == "fixed":
        assert policy.on is not None, "the rulebook's check asks for the day"
        return _next_day_like(policy.on, credited_on) + timedelta(days=1)
    if policy.kind == "year_end":
        return date(credited_on.year + policy.periods_after + 1, 1, 1)
    months = credited_on.year * 12 + (credited_on.month - 1)
    if policy.kind == "quarter_end":
        return _first_of_month((months // 3 + policy.periods_after + 1) * 3)
    return _first_of_month(months + policy.periods_after + 1)


def _first_of_month(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def _next_day_like(day: date, not_before: date) -> date:
    """The day itself, or once it has passed the same day of a year to come; 29 February is the 28th in other years."""
    if day >= not_before:
        return day
    this_year = _in_year(day, not_before.year)
    return this_year if this_year >= not_before else _in_year(day, not_before.year + 1)


def _in_year(day: date, year: int) -> date:
    is_short = (day.month, day.day) == (2, 29) and not isleap(year)
    return day.replace(year=year, day=28) if is_short else day.replace(year=year)
