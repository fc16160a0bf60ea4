"""``flask demo``: a shop full of goods, people and ninety days of use, to look at."""

import time

import click
from flask import current_app
from flask.cli import AppGroup

from shop.clock import now
from shop.demo.loading import LoadRefused, load, standing
from shop.demo.people import DEMO_PHONES, PASSWORD, STAFF

command = AppGroup("demo", help="A shop full of goods, people and ninety days of use.")


@command.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing when the shop has members already.")
def load_demo(if_empty: bool) -> None:
    """Load the demo into an empty shop; a repeat changes nothing.  Never in production."""
    if current_app.config["IS_PRODUCTION"]:
        raise click.ClickException("the demo is not for production: its members have a known password")
    there = standing()
    if not there.is_empty:
        if not (there.is_demo or if_empty):
            raise click.ClickException("this shop has members of its own; nothing was loaded")
        if there.is_demo:
            _tell_logins()
        return
    click.echo("loading the demo: ninety days of a shop, a minute or two …")
    started = time.monotonic()
    try:
        told = load(now())
    except LoadRefused as error:
        raise click.ClickException(str(error)) from error
    seconds = round(time.monotonic() - started)
    click.echo(
        f"loaded in {seconds} s: {told.deeds} deeds; the books balance ({told.rows_checked} rows checked)"
    )
    _tell_logins()


def _tell_logins() -> None:
    url, password = current_app.config["SHOP_URL"], PASSWORD
    click.echo(f"members  {url}/login  {DEMO_PHONES[0][3:]} … {DEMO_PHONES[-1][-1]}  password {password}")
    emails = " ".join(f"{role}@demo.test" for role in STAFF)
    click.echo(f"staff    {url}/merchant/login  {emails}  password {password}")
