"""Points lapse only when their end was announced in time; stories that jump to the end say so on the way."""

from datetime import datetime, timedelta

from shop.services.points.reminding import remind_expiring

A_WEEK_AND_A_DAY = timedelta(days=8)


def announce_before(end: datetime) -> None:
    """The reminders that ran eight days before this moment."""
    remind_expiring(end - A_WEEK_AND_A_DAY)
