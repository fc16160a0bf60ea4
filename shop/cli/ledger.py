"""``flask ledger``: proofs over the whole database."""

import sys
from collections.abc import Iterable
from typing import Any, Protocol

import click
from flask.cli import AppGroup

from shop.clock import now
from shop.queries.points.ledger import chain_state, check_everything, derive_everything
from shop.services.points.chaining import chain_entries
from shop.services.points.rebuilding import rebuild as rebuild_everything

command = AppGroup("ledger", help="Proofs over the points book and the other books.")


class Finding(Protocol):
    """What was found of one invariant or one kind of derived value."""

    @property
    def name(self) -> str: ...
    @property
    def rows_checked(self) -> int: ...
    @property
    def offenders(self) -> tuple[tuple[Any, ...], ...]: ...


@command.command("check")
def check() -> None:
    """Check every invariant and the chain; exit 1 and show the offending rows when one is broken."""
    is_broken = _print(check_everything(), sound="ok", broken="BROKEN")
    chain = chain_state()
    click.echo(f"{'waiting':7} {chain.waiting:>9} rows  entries that are not chained yet")
    click.echo(f"the chain ends at link {chain.links}, {chain.entries} entries, {chain.hash}")
    sys.exit(is_broken)


@command.command("chain")
def chain() -> None:
    """Chain the entries that wait, as the worker does every few seconds."""
    chained = 0
    while more := chain_entries(now()):
        chained += more
    click.echo(f"{chained} entries chained")


@command.command("rebuild")
@click.option("--check", "only_check", is_flag=True, help="Only compare; exit 1 when something differs.")
@click.option("--yes", is_flag=True, help="Write what the journals say where something else is stored.")
def rebuild(*, only_check: bool, yes: bool) -> None:
    """Derive every balance, lot, tier and counter from the journals once more, and compare with what is stored."""
    if only_check == yes:
        raise click.UsageError("say either --check or --yes; --yes writes, back up first")
    if yes:
        for kind in rebuild_everything(now()):
            click.echo(f"{kind.rows:>9} rows written anew  {kind.name}")
        return
    sys.exit(_print(derive_everything(), sound="same", broken="DIFFERS"))


def _print(findings: Iterable[Finding], *, sound: str, broken: str) -> int:
    """One line for each finding, with the offending rows.  Returns the exit status."""
    status = 0
    for finding in findings:
        status |= bool(finding.offenders)
        mark = broken if finding.offenders else sound
        click.echo(f"{mark:7} {finding.rows_checked:>9} rows  {finding.name}")
        for row in finding.offenders:
            click.echo(f"        {row}")
    return status
