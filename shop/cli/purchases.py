"""``flask purchases``: what a till sold, brought in a file."""

from pathlib import Path

import click
from flask.cli import AppGroup

from shop.cli.import_reports import bring, tell
from shop.services.merchant.imports import Choice

command = AppGroup("purchases", help="Purchases of a till, brought in a file.")


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--source", default="", help="The till they come from; its columns are remembered.")
@click.option("--check", "check_only", is_flag=True, help="Only say what is wrong; record nothing.")
def import_file(file: Path, source: str, check_only: bool) -> None:
    """Record FILE (CSV or XLSX: member, amount, receipt, moment, store), if every row is right; a receipt once."""
    tell(bring("purchases", file, source, Choice, check_only=check_only))
