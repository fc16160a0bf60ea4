"""Counts of attempts in fixed windows: login, codes, registration, draw.  In the database, so that all workers agree."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from shop.extensions import db
from shop.models import RateCount


def count(key: str, now: datetime, window: timedelta) -> int:
    """Count one more attempt under a key and return how many there are in this window."""
    seconds = int(window.total_seconds())
    start = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(RateCount).values(key=key, window_at=start, ends_at=start + window, count=1)
    statement = statement.on_conflict_do_update(
        index_elements=[RateCount.key, RateCount.window_at], set_={"count": RateCount.count + 1}
    )
    return int(db.session.execute(statement.returning(RateCount.count)).scalar_one())


def forget_ended(now: datetime) -> None:
    """Remove windows that are over."""
    db.session.execute(
        delete(RateCount).where(RateCount.ends_at < now), execution_options={"synchronize_session": False}
    )
