"""``flask staff``: the first login of the back office, and a new link for whoever lost theirs."""

import click
from flask import current_app
from flask.cli import AppGroup

from shop.clock import now
from shop.errors import ShopError
from shop.services.merchant.staff import create_staff, invite_by_email
from shop.web.guards import EVERYONE, OWNER

command = AppGroup("staff", help="The people of the back office.")


@command.command("create")
@click.option("--email", required=True, help="What they log in with.")
@click.option("--role", type=click.Choice(EVERYONE), default=OWNER, show_default=True)
@click.option("--name", default="", help="How the shop calls them; default: the part of the email before @.")
def create(email: str, role: str, name: str) -> None:
    """Add somebody and print a link that sets their password: works once, for 48 hours."""
    if "@" not in email or not email.isprintable():
        raise click.BadParameter(email, param_hint="--email")
    try:
        invitation = create_staff(email, name, role, by_staff_id=None, now=now())
    except ShopError as error:
        raise click.ClickException(str(error)) from error
    click.echo(_link(invitation.token))


@command.command("link")
@click.option("--email", required=True, help="Whose password is to be set again.")
def link(email: str) -> None:
    """Print a new one-time link for somebody who is there already."""
    try:
        invitation = invite_by_email(email, now=now())
    except ShopError as error:
        raise click.ClickException(str(error)) from error
    click.echo(_link(invitation.token))


def _link(token: str) -> str:
    return f"{current_app.config['SHOP_URL']}/merchant/invitation/{token}"
