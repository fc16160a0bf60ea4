"""``flask jobs``: what happens by the clock."""

import click
from flask.cli import AppGroup

from shop.clock import now
from shop.jobs.schedule import SCHEDULE
from shop.jobs.worker import run_due

command = AppGroup("jobs", help="What happens by the clock.")


@command.command("run-due")
def run_due_once() -> None:
    """Run every job that is due now, once, in this process."""
    for name in run_due(now()):
        click.echo(name)


@command.command("list")
def list_jobs() -> None:
    """List every job and how often it runs."""
    for job in SCHEDULE:
        click.echo(f"{job.name:24} every {job.every}")
