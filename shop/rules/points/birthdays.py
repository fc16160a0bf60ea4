"""On which day a birthday is celebrated: 29 February on the 28th where the year has no 29th."""

from calendar import isleap
from datetime import date

BirthdayKey = tuple[int, int]
LEAP_DAY: BirthdayKey = (2, 29)
DAY_BEFORE: BirthdayKey = (2, 28)


def birthday_key(birthday: date) -> BirthdayKey:
    """Month and day: all of a birthday that comes again."""
    return birthday.month, birthday.day


def keys_of_day(day: date) -> tuple[BirthdayKey, ...]:
    """Whose birthday a day is."""
    key = (day.month, day.day)
    return (key, LEAP_DAY) if key == DAY_BEFORE and not isleap(day.year) else (key,)
