"""The worker: a loop that runs what is due, and stops between two jobs when asked to."""

import logging
import signal
import time
from collections.abc import Sequence
from datetime import datetime

from shop.clock import now
from shop.extensions import db
from shop.jobs.schedule import SCHEDULE, Job
from shop.services.merchant.jobs import claim_job, finish_job

PAUSE_SECONDS = 0.5

log = logging.getLogger(__name__)


def run_due(moment: datetime, schedule: Sequence[Job] = SCHEDULE) -> list[str]:
    """Run every job that is due, once, in this process.  Returns the names of those that ran."""
    return [job.name for job in schedule if _run_one(job, moment)]


def work_until_stopped() -> None:
    """Run due jobs until SIGTERM or SIGINT; a job that is running is finished first."""
    asked_to_stop: list[int] = []  # no threading.Event: its lock hangs when two signals come at once
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: asked_to_stop.append(number))
    while not asked_to_stop:
        try:
            run_due(now())
        except Exception:  # the database may be away for a while: say so and go on
            log.exception("the worker could not run its jobs")
        finally:
            db.session.remove()
        time.sleep(PAUSE_SECONDS)


def _run_one(job: Job, moment: datetime) -> bool:
    if not claim_job(job.name, job.every, job.lease, moment):
        return False
    error = None
    try:
        job.run(moment)
    except Exception as problem:  # one broken job must not stop the others
        log.exception("job %s failed", job.name)
        error = repr(problem)
    finish_job(job.name, moment, error)
    return True
