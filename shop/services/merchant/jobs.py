"""Jobs by the clock: claiming a run, so that two workers never run the same one at once."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select, update

from shop.extensions import db
from shop.models import JobRun
from shop.transaction import transaction

QUIET = {"synchronize_session": False}
AT_REST = select(JobRun.name).where(
    (JobRun.next_run_at > bindparam("now")) | (JobRun.leased_until_at > bindparam("now"))
)


def jobs_at_rest(now: datetime) -> frozenset[str]:
    """The jobs that are not due, or that a worker is at.  Only reads: a shop at rest takes no write lock."""
    return frozenset(db.session.scalars(AT_REST, {"now": now}))


def claim_job(name: str, every: timedelta, lease: timedelta, now: datetime) -> bool:
    """Claim one run of a job that is due.  False when it is not, or when another worker was first.

    A worker that is killed inside a job keeps it from the others for the rest of its ``lease``.
    """
    with transaction() as session:
        if session.scalar(select(JobRun.name).where(JobRun.name == name)) is None:
            session.execute(insert(JobRun).values(name=name, next_run_at=now))
        claimed = session.execute(
            update(JobRun)
            .where(
                JobRun.name == name,
                JobRun.next_run_at <= now,
                (JobRun.leased_until_at.is_(None)) | (JobRun.leased_until_at <= now),
            )
            .values(leased_until_at=now + lease, next_run_at=now + every),
            execution_options=QUIET,
        )
        return bool(claimed.rowcount)  # type: ignore[attr-defined]


def finish_job(name: str, now: datetime, error: str | None = None) -> None:
    """The run is over: give the lease back and keep what went wrong, if anything."""
    values = {"leased_until_at": None, "last_run_at": now, "last_error": error[:300] if error else None}
    with transaction() as session:
        session.execute(update(JobRun).where(JobRun.name == name).values(values), execution_options=QUIET)
