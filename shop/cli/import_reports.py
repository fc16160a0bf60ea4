"""What the commands that read a file share: bring it in, check it, book it, and say what came of it."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from shop.clock import now
from shop.errors import ImportedBefore, ShopError
from shop.queries.merchant.imports import columns_of, faults_of, import_view, loaded_before
from shop.services.merchant.imports import (
    Choice,
    Upload,
    cancel_import,
    choose_columns,
    load_import,
    upload_file,
    work_on_imports,
)
from shop.web.import_texts import fault_text, field_text


@dataclass(frozen=True)
class Told:
    """Lines to print, and whether the command has done what it was asked to."""

    lines: tuple[str, ...]
    is_done: bool


def bring(
    kind: str, file: Path, source: str, choice: Callable[[tuple[str, ...]], Choice], *, check_only: bool
) -> Told:
    """Read a file as it would be read in the back office, check it and, unless only a check is wanted, book it."""
    try:
        upload = Upload(kind, file.read_bytes(), file.name, source)
        import_id = upload_file(upload, staff_id=None, now=now())
        view = columns_of(import_id)
        assert view is not None, "it has just come in"
        choose_columns(import_id, choice(tuple(column.field for column in view.columns)), now=now())
        _work_off(import_id)
        return _only_checked(import_id) if check_only else _booked(import_id)
    except ShopError as error:
        return Told((str(error),), is_done=False)


def tell(told: Told) -> None:
    """Print it, and end the command with 1 when it did not do what it was asked to."""
    for line in told.lines:
        click.echo(line, err=not told.is_done)
    sys.exit(0 if told.is_done else 1)


def _work_off(import_id: int) -> None:
    """A large file is the worker's business; here nobody waits for one."""
    while (view := import_view(import_id)) and view.is_working:
        work_on_imports(now())


def _only_checked(import_id: int) -> Told:
    lines, bad = _report(import_id)
    cancel_import(import_id, staff_id=None, now=now())
    return Told((*lines, "nothing was booked: this was a check"), is_done=not bad)


def _booked(import_id: int) -> Told:
    lines, _bad = _report(import_id)
    view = import_view(import_id)
    assert view is not None, "it has just been checked"
    before = loaded_before(view.kind, view.digest)
    try:
        load_import(import_id, staff_id=None, now=now())
    except ImportedBefore:
        cancel_import(import_id, staff_id=None, now=now())
        when = before[1].isoformat(timespec="minutes") if before else ""
        return Told((f"this file was booked before, {when}; nothing was booked again",), is_done=True)
    except ShopError as error:
        cancel_import(import_id, staff_id=None, now=now())
        return Told((*lines, str(error)), is_done=False)
    _work_off(import_id)
    view = import_view(import_id)
    if view is None or view.state != "loaded":
        return Told((*lines, f"nothing was booked: {view.refusal if view else ''}"), is_done=False)
    done = f"booked: {view.rows_good} rows, {view.members_count} members, {view.points_total} points"
    return Told((*lines, done), is_done=True)


def _report(import_id: int) -> tuple[tuple[str, ...], int]:
    """One line for each fault, and the sums."""
    view = import_view(import_id)
    assert view is not None, "it has just been checked"
    lines = [
        f"row {each.row}, {field_text(each.field)} {each.shown!r}: {fault_text(each.code, each.params)}"
        for each in faults_of(import_id, limit=None).rows
    ]
    lines.append(f"{view.rows_good} good rows, {view.rows_bad} bad rows, {view.points_total} points")
    return tuple(lines), view.rows_bad
