"""How often someone may try: log in, register, ask for a code.  Counted in the database, whatever comes of the try.

A service calls these inside its transaction, commits, and only then raises: a refused try must stay counted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shop.books import rate_limits
from shop.errors import TooManyRequests


@dataclass(frozen=True)
class Limit:
    """At most ``times`` in one ``window``."""

    name: str
    times: int
    window: timedelta


LOGIN_OF_PHONE = Limit("login:phone", 30, timedelta(minutes=15))
LOGIN_OF_PHONE_DAILY = Limit("login:phone-day", 200, timedelta(days=1))
LOGIN_OF_PLACE = Limit("login:place", 600, timedelta(minutes=15))
CODE_OF_PHONE = Limit("code:phone", 1, timedelta(minutes=1))
CODE_OF_PHONE_DAILY = Limit("code:phone-day", 10, timedelta(days=1))
CODE_OF_PLACE = Limit("code:place", 60, timedelta(hours=1))
CODE_TRY_OF_PLACE = Limit("code-try:place", 300, timedelta(minutes=15))
REGISTRATION_OF_PLACE = Limit("register:place", 60, timedelta(hours=1))
POINTS_CODE_OF_MEMBER = Limit("points-code:member", 30, timedelta(minutes=15))
POINTS_CODE_OF_PLACE = Limit("points-code:place", 300, timedelta(minutes=15))
PASSWORD_OF_MEMBER = Limit("password:member", 10, timedelta(minutes=15))

Asked = tuple[Limit, str]


def count_attempts(asked: tuple[Asked, ...], now: datetime) -> TooManyRequests | None:
    """Count one try under every limit.  Returns the refusal to raise after the commit, or None when all allow it."""
    waits = [_count(limit, who, now) for limit, who in asked]
    longest = max(waits)
    return TooManyRequests(longest) if longest else None


def _count(limit: Limit, who: str, now: datetime) -> int:
    """Seconds to wait; 0 when this try is allowed."""
    tries = rate_limits.count(f"{limit.name}:{who}", now, limit.window)
    if tries <= limit.times:
        return 0
    seconds = int(limit.window.total_seconds())
    return seconds - int(now.timestamp()) % seconds
