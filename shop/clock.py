"""The only code that asks the time.

Everything else receives ``now`` (a moment in UTC) or ``today`` (a day in the shop's time zone) as a value, so that a
story can be told on any date.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

_frozen_at: ContextVar[datetime | None] = ContextVar("frozen_at", default=None)


def now() -> datetime:
    """The present moment, in UTC."""
    return _frozen_at.get() or datetime.now(UTC)


def shop_zone() -> ZoneInfo:
    """The time zone in which the shop counts its days."""
    zone: ZoneInfo = current_app.config["SHOP_ZONE"]
    return zone


def shop_day(moment: datetime) -> date:
    """The shop's day on which a moment falls."""
    return moment.astimezone(shop_zone()).date()


def shop_today() -> date:
    """Today, in the shop's time zone."""
    return shop_day(now())


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Let the clock stand still at ``at``, in this thread: for the demo shop's history and for stories in tests."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _frozen_at.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen_at.reset(token)
