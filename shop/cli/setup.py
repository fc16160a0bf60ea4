"""``flask setup``: what a shop needs before it opens; safe to repeat."""

import click
from flask.cli import with_appcontext

from shop.clock import now
from shop.services.points.publishing import install_default_rulebook


@click.command("setup", help="Publish the default rulebook when there is none yet.")
@with_appcontext
def command() -> None:
    """Publish the default rulebook as the first version; on a shop that has one nothing happens."""
    version = install_default_rulebook(now())
    click.echo(f"rulebook version {version} published" if version else "the shop has a rulebook")
