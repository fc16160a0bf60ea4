"""Loading: what the report has promised is booked, all of it in one transaction."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from shop.books import audit
from shop.books.points.adjustments import needs_second_person
from shop.books.rulebooks import Occasion, occasion_at
from shop.errors import (
    ImportChanged,
    ImportedBefore,
    ImportHasFaults,
    ImportMoved,
    ImportNeedsAnother,
    NothingToImport,
)
from shop.extensions import db
from shop.models import Import
from shop.services.merchant.imports.booking import book_grants, book_members
from shop.services.merchant.imports.checking import Checked, Watch, check, ignore_progress
from shop.services.merchant.imports.moves import Brought, brought, move
from shop.services.merchant.imports.newcomers import Newcomer, prepare_newcomers
from shop.services.merchant.imports.purchasing import book_at_once
from shop.transaction import transaction

UNDER_WAY = ("loading", "loaded")


def load_import(import_id: int, *, staff_id: int | None, now: datetime) -> None:
    """Load a checked import: a small one at once, a large one as soon as the worker comes to it.

    Raises ImportHasFaults when the merchant wants all rows or none, NothingToImport, ImportedBefore for a file that was
    loaded before, ImportNeedsAnother above what one person may give alone, ImportChanged when the report is no longer
    true, ImportMoved when it was cancelled.  A repeat, even at the same moment, changes nothing.
    """
    file = brought(import_id)
    if file.state in UNDER_WAY:
        return
    refuse_unfit(file)
    _refuse_alone(file, staff_id, now)
    try:
        _load(file, staff_id, now)
    except ImportMoved:
        if brought(import_id).state not in UNDER_WAY:
            raise


def _load(file: Brought, staff_id: int | None, now: datetime) -> None:
    if not file.is_quick:
        with transaction():
            move(file.id, "load", rows_done=0, staff_id=staff_id)
        return
    checked, newcomers = prepare(file, now)
    with transaction():
        move(file.id, "load", staff_id=staff_id)
        book(file, checked, newcomers, staff_id, now)


def refuse_unfit(file: Brought) -> None:
    """Refuse what cannot be loaded, before anything is prepared."""
    if _is_loaded(file):
        raise ImportedBefore
    if file.state != "checked":
        raise ImportMoved
    if file.whole_only and file.rows_bad:
        raise ImportHasFaults(file.rows_bad)
    if not file.rows_good:
        raise NothingToImport


def _refuse_alone(file: Brought, staff_id: int | None, now: datetime) -> None:
    """Above the rulebook's limit one person brings the file and another books it.  The command line is its own master."""
    if (
        staff_id is not None
        and staff_id == file.staff_id
        and needs_second_person(file.points_total, occasion_at(now))
    ):
        raise ImportNeedsAnother


def prepare(file: Brought, now: datetime, watch: Watch = ignore_progress) -> tuple[Checked, list[Newcomer]]:
    """Everything that needs time and no lock: the rows read again, phones sealed.  Raises ImportChanged."""
    checked = check(file, now)
    if (len(checked.good), checked.bad_rows) != (file.rows_good, file.rows_bad):
        raise ImportChanged
    newcomers = prepare_newcomers(checked, occasion_at(now), watch) if file.kind == "members" else []
    return checked, newcomers


def book(
    file: Brought, checked: Checked, newcomers: list[Newcomer], staff_id: int | None, now: datetime
) -> None:
    """Book what was prepared, inside the caller's transaction; afterwards the rows are forgotten."""
    occasion = occasion_at(now)
    try:
        _book(file, checked, newcomers, staff_id, occasion)
    except IntegrityError as error:  # the same file, loaded by somebody else at this very moment
        raise ImportedBefore from error


def _book(
    file: Brought, checked: Checked, newcomers: list[Newcomer], staff_id: int | None, occasion: Occasion
) -> None:
    if file.kind == "purchases":
        book_at_once(file, checked, staff_id, occasion.now)
        return
    if file.kind == "members":
        book_members(file, checked, newcomers, staff_id, occasion)
    else:
        book_grants(file, checked, staff_id, occasion)
    move(file.id, "commit", rows_sealed=None, loaded_at=occasion.now, rows_done=len(file.rows))
    audit.record(
        staff_id=staff_id,
        action="import.load" if file.kind == "members" else "points.grant_file",
        subject=f"import:{file.id}",
        now=occasion.now,
        after={**checked.figures, "digest": file.booking_key[:16]},
    )


def _is_loaded(file: Brought) -> bool:
    statement = select(Import.id).where(
        Import.kind == file.kind, Import.booking_key == file.booking_key, Import.state == "loaded"
    )
    return db.session.scalar(statement) is not None
