"""Whether the shop can serve: database, migrations, worker."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from shop.extensions import db
from shop.models import JobRun

HEARTBEAT = "heartbeat"
HEARTBEAT_LATE = timedelta(minutes=2)


@dataclass(frozen=True)
class Readiness:
    """``checks`` names each thing looked at and what was found."""

    is_ready: bool
    checks: dict[str, str]


def readiness(now: datetime) -> Readiness:
    """Look at the database and the worker's heartbeat.  A late worker is told, but pages can still be served."""
    try:
        version = db.session.scalar(text("SELECT version_num FROM alembic_version"))
        beat = db.session.scalar(select(JobRun.last_run_at).where(JobRun.name == HEARTBEAT))
    except SQLAlchemyError:
        db.session.rollback()
        return Readiness(False, {"database": "away"})
    worker = "ok" if beat and now - beat < HEARTBEAT_LATE else "late"
    return Readiness(bool(version), {"database": "ok", "migrations": version or "missing", "worker": worker})
