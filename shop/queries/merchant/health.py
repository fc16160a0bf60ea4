"""Whether the shop can serve: database, migrations, worker; and what the machinery behind it is doing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from shop.extensions import db
from shop.models import JobRun, OutboxEvent

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


OUTBOX = select(
    func.coalesce(func.sum(case((OutboxEvent.state == "queued", 1), else_=0)), 0),
    func.min(case((OutboxEvent.state == "queued", OutboxEvent.run_at))),
    func.coalesce(func.sum(case((OutboxEvent.state == "dead", 1), else_=0)), 0),
).where(OutboxEvent.state.in_(("queued", "dead")))
JOBS = select(JobRun.name, JobRun.last_run_at, JobRun.next_run_at, JobRun.last_error).order_by(JobRun.name)


@dataclass(frozen=True)
class JobState:
    """When a job ran and will run, and what went wrong the last time."""

    name: str
    last_run_at: datetime | None
    next_run_at: datetime
    last_error: str | None


@dataclass(frozen=True)
class Machinery:
    """The worker and what waits for it.  ``oldest_waiting_at`` is when the first waiting event was due."""

    is_worker_alive: bool
    events_waiting: int
    oldest_waiting_at: datetime | None
    events_dead: int
    jobs: tuple[JobState, ...]


def machinery(now: datetime) -> Machinery:
    """What the worker has done and has to do, in two queries."""
    jobs = tuple(JobState(*row) for row in db.session.execute(JOBS))
    beat = next((job.last_run_at for job in jobs if job.name == HEARTBEAT), None)
    waiting, oldest, dead = db.session.execute(OUTBOX).one()
    return Machinery(beat is not None and now - beat < HEARTBEAT_LATE, int(waiting), oldest, int(dead), jobs)
