"""The worker: a loop that runs what is due, and stops between two jobs when asked to."""

import logging
import signal
import threading
import time
from collections.abc import Sequence
from datetime import datetime

from flask import Flask, current_app

from shop.clock import now
from shop.extensions import db
from shop.jobs.schedule import SCHEDULE, Job
from shop.memory import keep_what_is_loaded
from shop.services.merchant.jobs import claim_job, finish_job, jobs_at_rest

PAUSE_SECONDS = 0.5

log = logging.getLogger(__name__)


def run_due(moment: datetime, schedule: Sequence[Job] = SCHEDULE) -> list[str]:
    """Run every job that is due, once, in this process.  Returns the names of those that ran."""
    resting = jobs_at_rest(moment)
    return [job.name for job in schedule if job.name not in resting and _run_one(job, moment)]


def work_until_stopped() -> None:
    """Run due jobs until SIGTERM or SIGINT; a job that is running is finished first."""
    asked_to_stop: list[int] = []  # no threading.Event: its lock hangs when two signals come at once
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: asked_to_stop.append(number))
    keep_what_is_loaded()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    slow_lane = threading.Thread(target=_work_slowly, args=(app, asked_to_stop), daemon=True)
    slow_lane.start()
    _work(asked_to_stop, [job for job in SCHEDULE if not job.slow])


def _work_slowly(app: Flask, asked_to_stop: list[int]) -> None:
    """The lane of the slow jobs.  It dies with the process: what it was at is taken up again after its lease."""
    with app.app_context():
        _work(asked_to_stop, [job for job in SCHEDULE if job.slow])


def _work(asked_to_stop: list[int], schedule: Sequence[Job]) -> None:
    while not asked_to_stop:
        try:
            run_due(now(), schedule)
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
