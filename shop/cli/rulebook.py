"""``flask rulebook``: the rulebook as a JSON document."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import AppGroup

from shop.clock import now, shop_zone
from shop.crypto import new_token
from shop.errors import ShopError
from shop.queries.points.presets import PRESET_NAMES, plain_faults, preset_document
from shop.queries.points.rulebook import document_of, rulebook_in_force
from shop.services.points.publishing import publish_rulebook
from shop.services.points.simulating import DAYS_MAX, simulate_document

command = AppGroup("rulebook", help="The rulebook as a JSON document.")


@command.command("export")
def export() -> None:
    """Print the rulebook in force."""
    try:
        rulebook = rulebook_in_force(now())
    except LookupError:
        _stop("no rulebook has been published yet; flask setup publishes the default one")
    click.echo(_pretty(document_of(rulebook)))


@command.command("check")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def check(file: Path) -> None:
    """Check a document; exit 1 and name every fault when it is not sound."""
    _refuse_faults(_read(file))
    click.echo("sound")


@command.command("presets")
@click.argument("name", required=False, type=click.Choice(PRESET_NAMES))
def presets(name: str | None) -> None:
    """List the policies that ship with the mall, or print one."""
    if name:
        click.echo(_pretty(preset_document(name)))
        return
    for each in PRESET_NAMES:
        document = preset_document(each)
        tiers = " / ".join(tier["name"] for tier in document["tiers"])
        click.echo(f"{each:10}{tiers}")


@command.command("publish")
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--preset", type=click.Choice(PRESET_NAMES), help="Publish a policy that ships with the mall.")
@click.option("--at", "at", metavar="ISO-TIME", help="The moment from which it counts; without: at once.")
@click.option("--note", default="", help="A sentence for members.")
def publish(file: Path | None, preset: str | None, at: str | None, note: str) -> None:
    """Publish a document or a preset as the next version."""
    if (file is None) == (preset is None):
        _stop("name either a FILE or --preset NAME")
    document = preset_document(preset) if preset else _read(file) if file else None
    _refuse_faults(document)
    moment = now()
    try:
        version = publish_rulebook(
            document or {},
            effective_at=_moment(at) if at else None,
            staff_id=None,
            note=note,
            now=moment,
            key=new_token(),
        )
    except ShopError as error:
        _stop(str(error))
    click.echo(f"version {version}")


@command.command("simulate")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--days", type=click.IntRange(1, DAYS_MAX), default=90, show_default=True)
def try_out(file: Path, days: int) -> None:
    """Try a document on the shop's own history: live and draft side by side, as JSON.  Nothing is written."""
    document = _read(file)
    _refuse_faults(document)
    comparison, events = simulate_document(document, days, now(), _shown_progress)
    click.echo(err=True)
    click.echo(_pretty({"days": days, "events": events, **comparison.document}))


def _shown_progress(permille: int) -> bool:
    click.echo(f"\r{permille // 10} %", nl=False, err=True)
    return True


def _read(file: Path) -> Any:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        return json.loads(text)
    except (OSError, ValueError) as error:
        _stop(f"{file}: {error}")


def _refuse_faults(document: object) -> None:
    faults = plain_faults(document)
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        _stop(f"{len(faults)} fault{'s' if len(faults) > 1 else ''}; nothing was published")


def _moment(text: str) -> datetime:
    """A moment; without an offset it is in the shop's time zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        _stop(f"{text!r} is not an ISO time such as 2027-01-01T00:00+08:00")
    return moment if moment.tzinfo else moment.replace(tzinfo=shop_zone())


def _pretty(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


def _stop(message: str) -> NoReturn:
    raise click.ClickException(message)
