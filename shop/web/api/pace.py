"""How fast a key may call: counted in each process, in fixed minutes; nothing of it is worth a write to the database."""

from collections import Counter
from datetime import datetime
from threading import Lock

from flask import current_app

from shop.errors import TooManyRequests

WINDOW_SECONDS = 60
CALLS_PER_MINUTE = 1200
WRONG_KEYS_PER_MINUTE = 30

_lock = Lock()
_counts: Counter[str] = Counter()
_window = 0


def count_call(api_key_id: int, now: datetime) -> None:
    """Count a call of a key.  Raises TooManyRequests."""
    _count(f"key:{api_key_id}", int(current_app.config.get("API_CALLS_PER_MINUTE", CALLS_PER_MINUTE)), now)


def count_wrong_key(place: str, now: datetime) -> None:
    """Count a key that does not exist, tried from a network address.  Raises TooManyRequests."""
    _count(f"place:{place}", WRONG_KEYS_PER_MINUTE, now)


def _count(name: str, times: int, now: datetime) -> None:
    global _window  # noqa: PLW0603 -- one count for the whole process is the point
    window, seconds_in = divmod(int(now.timestamp()), WINDOW_SECONDS)
    with _lock:
        if window != _window:
            _counts.clear()
            _window = window
        _counts[name] += 1
        count = _counts[name]
    if count > times:
        raise TooManyRequests(WINDOW_SECONDS - seconds_in)


def forget_counts() -> None:
    """Begin again, as a new process does."""
    with _lock:
        _counts.clear()
