"""When the end of points is announced, and whether that was early enough for them to lapse."""

from datetime import date
from itertools import pairwise

from shop.rules.rulebook import ReminderRule

QUIET_DAYS_MAX = 6


def quiet_days(rule: ReminderRule) -> int:
    """How long a lot that was just announced is not announced again: so that one who signs in daily is not told daily.

    Never longer than the shortest time between two announcements that the rule asks for.
    """
    return min([QUIET_DAYS_MAX, *(earlier - later for earlier, later in pairwise(rule.days))])


def is_announced_in_time(days_left: int, credited_on: date, today: date, rule: ReminderRule) -> bool:
    """Whether points may lapse after being announced today, so many days before their last day.

    Points that do not live as long as the notice were announced as early as could be: on the day of credit or the next.
    """
    return days_left >= rule.notice_days_min or (today - credited_on).days <= 1
