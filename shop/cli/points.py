"""``flask points``: points given by a list."""

from pathlib import Path

import click
from flask.cli import AppGroup

from shop.cli.import_reports import bring, tell
from shop.services.merchant.imports import Choice

command = AppGroup("points", help="Points given by a list.")


@command.command("grant")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", "check_only", is_flag=True, help="Only say what is wrong; give nothing.")
@click.option("--again", is_flag=True, help="Give what a file says a second time: it is another occasion.")
def grant(file: Path, check_only: bool, again: bool) -> None:
    """Give points by FILE (CSV or XLSX: phone, points, reason, class), all rows or none; the same file once."""
    tell(bring("grants", file, "", lambda fields: Choice(fields, is_another=again), check_only=check_only))
