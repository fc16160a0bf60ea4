"""When points end: always the first moment of a day in the shop's time zone, as UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from shop.rules.reasons import Reason, because
from shop.rules.rulebook import ExpiryPolicy

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""The expiry of points that do not expire; it sorts behind every real one."""


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
    if policy.kind == "days":
        return credited_on + timedelta(days=policy.days + 1)
    if policy.kind == "year_end":
        return date(credited_on.year + policy.periods_after + 1, 1, 1)
    months = credited_on.year * 12 + (credited_on.month - 1) + policy.periods_after + 1
    return date(months // 12, months % 12 + 1, 1)
