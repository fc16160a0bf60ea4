"""The worker's round: what is due runs once, and a shop at rest is left alone."""

from dataclasses import replace
from datetime import timedelta

from shop.jobs.schedule import SCHEDULE
from shop.jobs.worker import run_due
from shop.reactions.dispatch import work_off_outbox
from shop.services.merchant.jobs import claim_job
from tests.factories import MONDAY, make_member, make_rulebook
from tests.orders import counted_statements

LATER = MONDAY + timedelta(days=1)


def counting_jobs(ran):
    """The first two jobs of the schedule, writing down that they ran instead of what they do."""
    return [replace(job, run=lambda _now, name=job.name: ran.append(name)) for job in SCHEDULE[:2]]


def test_what_is_due_runs_once(app):
    ran = []
    jobs = counting_jobs(ran)
    names = [job.name for job in jobs]

    assert run_due(MONDAY, jobs) == names
    assert run_due(MONDAY, jobs) == []
    assert run_due(LATER, jobs) == names

    assert ran == names * 2


def test_a_job_that_another_worker_is_at_is_left_to_it(app):
    ran = []
    jobs = counting_jobs(ran)
    claim_job(jobs[0].name, timedelta(seconds=1), timedelta(minutes=5), MONDAY)

    assert run_due(MONDAY + timedelta(minutes=1), jobs) == [jobs[1].name]
    assert run_due(MONDAY + timedelta(minutes=6), jobs[:1]) == [jobs[0].name]


def test_a_job_that_fails_stops_no_other_and_comes_back(app, caplog):
    ran = []
    jobs = counting_jobs(ran)

    def fails(_now):
        raise OSError("the disk is away")

    broken = [replace(jobs[0], run=fails), jobs[1]]

    assert run_due(MONDAY, broken) == [job.name for job in jobs]
    assert ran == [jobs[1].name]
    assert "the disk is away" in caplog.text
    assert jobs[0].name in run_due(LATER, jobs)


def test_a_shop_at_rest_is_only_read(app):
    make_rulebook()
    make_member(points=100)
    while run_due(MONDAY) or work_off_outbox(MONDAY):
        pass

    with counted_statements() as statements:
        assert run_due(MONDAY) == []
        assert work_off_outbox(MONDAY) == 0

    assert [each.split()[0] for each in statements if each != "BEGIN"] == ["SELECT", "SELECT"]
