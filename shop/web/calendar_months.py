"""Months of the shop in addresses: ``?month=2026-03``."""

import re
from datetime import date, timedelta

WRITTEN = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)
MORE_THAN_A_MONTH = timedelta(days=32)


def month_asked(text: str, today: date) -> date:
    """The first day of the month that an address names; of the running one when it names none, or one to come."""
    running = today.replace(day=1)
    found = WRITTEN.fullmatch(text)
    return min(date(int(found[1]), int(found[2]), 1), running) if found else running


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first + MORE_THAN_A_MONTH).replace(day=1)


def previous_month(first: date) -> date:
    """The first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)
