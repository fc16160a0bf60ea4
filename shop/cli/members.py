"""``flask members``: members and their balances from another system."""

from pathlib import Path

import click
from flask.cli import AppGroup

from shop.cli.import_reports import bring, tell
from shop.services.merchant.imports import Choice

command = AppGroup("members", help="Members and their balances.")


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", "check_only", is_flag=True, help="Only say what is wrong; book nothing.")
@click.option(
    "--source", default="", help="The system it is from: its columns are remembered under this name."
)
@click.option("--existing", type=click.Choice(("add", "refuse")), default="add", show_default=True,
              help="What happens with rows of phones that are members already.")  # fmt: skip
@click.option(
    "--skip-bad-rows", is_flag=True, help="Book the good rows; without it a bad row refuses the file."
)
@click.option("--again", is_flag=True, help="Book a file that was booked before: it is meant twice.")
def import_members(
    file: Path, check_only: bool, source: str, existing: str, skip_bad_rows: bool, again: bool
) -> None:
    """Bring members with their balances from FILE (CSV or XLSX), in one transaction."""

    def choice(fields: tuple[str, ...]) -> Choice:
        return Choice(fields, existing=existing, whole_only=not skip_bad_rows, is_another=again)

    tell(bring("members", file, source, choice, check_only=check_only))
