"""Runs of days without a gap."""

from collections.abc import Collection
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def streak_after(last_signin_on: date | None, streak: int, today: date) -> int:
    """The streak after signing in today, from the last signed day and the streak it ended.

    On the day itself, or before it (a clock stepped back), nothing changes.
    """
    if last_signin_on is None or last_signin_on < today - ONE_DAY:
        return 1
    return streak + 1 if last_signin_on == today - ONE_DAY else streak


def streak_of(signed_days: Collection[date], today: date) -> int:
    """The streak as it stands today, from the days alone: still alive while today is not signed yet."""
    signed = set(signed_days)
    end = today if today in signed else today - ONE_DAY
    return days_signed_until(signed, end)


def days_signed_until(signed: Collection[date], end: date) -> int:
    """How many days in a row were signed up to this one, itself included."""
    length = 0
    while end - length * ONE_DAY in signed:
        length += 1
    return length


def days_signed_after(signed: Collection[date], day: date) -> int:
    """How many days in a row were signed right after this one."""
    length = 0
    while day + (length + 1) * ONE_DAY in signed:
        length += 1
    return length
