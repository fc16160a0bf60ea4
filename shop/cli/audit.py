"""``flask audit``: the back office's audit trail."""

import sys

import click
from flask.cli import AppGroup

from shop.queries.merchant.audit import verify_chain

command = AppGroup("audit", help="The back office's audit trail.")


@command.command("verify")
def verify() -> None:
    """Walk the hash chain; exit 1 and name the first broken row when one was changed."""
    sound, broken = verify_chain()
    if broken is None:
        click.echo(f"ok: {sound} rows, the chain is whole")
        return
    click.echo(f"BROKEN at row {broken}; {sound} rows before it are sound")
    sys.exit(1)
