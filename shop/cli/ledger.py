"""``flask ledger``: proofs over the whole database."""

import sys

import click
from flask.cli import AppGroup

from shop.queries.points.ledger import check_everything

command = AppGroup("ledger", help="Proofs over the points book and the other books.")


@command.command("check")
def check() -> None:
    """Check every invariant; exit 1 and show the offending rows when one is broken."""
    broken = 0
    for finding in check_everything():
        broken += bool(finding.offenders)
        mark = "BROKEN" if finding.offenders else "ok"
        click.echo(f"{mark:6}  {finding.rows_checked:>9} rows  {finding.name}")
        for row in finding.offenders:
            click.echo(f"        {row}")
    sys.exit(1 if broken else 0)
