"""``flask backup``: the shop in one file."""

import sys
from pathlib import Path

import click
from flask import current_app

from shop.services.merchant.backups import BackupRefused, back_up


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(file: Path) -> None:
    """Write the database and the pictures into FILE while the shop serves."""
    try:
        size = back_up(file, current_app.config["MEDIA_FOLDER"])
    except (BackupRefused, OSError) as error:
        sys.exit(f"no backup was made: {error}")
    click.echo(f"{file}: {size:,} bytes")
