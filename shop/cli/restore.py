"""``flask restore``: a backup becomes the shop."""

import sys
import tarfile
from pathlib import Path

import click
from flask import current_app

from shop.services.merchant.backups import BackupRefused, restore


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--replace", is_flag=True, help="Replace a shop that holds members; its database is kept beside it."
)
def command(file: Path, replace: bool) -> None:
    """Put the backup in FILE in place of this shop, which must not be running."""
    try:
        kept = restore(file, current_app.config["MEDIA_FOLDER"], replace=replace)
    except (BackupRefused, OSError, tarfile.TarError) as error:
        sys.exit(f"nothing was changed: {error}")
    click.echo("restored" + (f"; the old database is kept as {kept}" if kept else ""))
