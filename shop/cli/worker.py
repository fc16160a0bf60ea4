"""``flask worker``: the process beside the web server."""

import click

from shop.jobs.worker import work_until_stopped


@click.command("worker")
def command() -> None:
    """Run due jobs and tell what happened, until SIGTERM or Ctrl-C."""
    work_until_stopped()
