"""Large files, worked on by the worker: with progress, and until the commit somebody may still cancel."""

from datetime import datetime
from functools import partial

from sqlalchemy import select

from shop.errors import ImportMoved, ShopError
from shop.extensions import db
from shop.models import Import
from shop.services.merchant.imports.checking import check, write_report
from shop.services.merchant.imports.loading import book, prepare
from shop.services.merchant.imports.moves import Brought, Stopped, brought, move, write_progress
from shop.services.merchant.imports.purchasing import book_in_parts
from shop.transaction import transaction

WORKING = select(Import.id, Import.state).where(Import.state.in_(("checking", "loading"))).order_by(Import.id)


def work_on_imports(now: datetime) -> int:
    """Check and load what is waiting.  Returns how many were worked on.

    A killed worker loses nothing: a check begins anew, a load is one transaction.  Two workers do it once, because the
    state moves once.
    """
    waiting = db.session.execute(WORKING).all()
    for row in waiting:
        try:
            _check(row.id, now) if row.state == "checking" else _load(row.id, now)
        except (Stopped, ImportMoved):
            continue
    return len(waiting)


def _check(import_id: int, now: datetime) -> None:
    file = brought(import_id)
    checked = check(file, now, partial(write_progress, import_id))
    with transaction():
        write_report(file, checked)


def _load(import_id: int, now: datetime) -> None:
    file = brought(import_id)
    try:
        if file.kind == "purchases":
            begun = file.rows_done > 0
            book_in_parts(file, check(file, now) if begun else prepare(file, now)[0], now)
            return
        checked, newcomers = prepare(file, now, partial(write_progress, import_id))
        with transaction():
            book(file, checked, newcomers, file.staff_id, now)
    except ImportMoved:
        raise
    except ShopError as refused:
        _refuse(file, refused)


def _refuse(file: Brought, refused: ShopError) -> None:
    """Nobody is there to tell: the page of the import says it when it is looked at."""
    with transaction():
        move(file.id, "refuse", refusal=refused.code)
