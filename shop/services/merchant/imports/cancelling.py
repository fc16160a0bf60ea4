"""An import that nobody wants any more, or that nobody came back to."""

from datetime import datetime, timedelta

from sqlalchemy import update

from shop.books import audit
from shop.errors import ImportMoved
from shop.models import Import
from shop.services.merchant.imports.moves import QUIET, brought, forget_faults, move
from shop.transaction import transaction

KEPT = timedelta(days=7)


def cancel_import(import_id: int, *, staff_id: int | None, now: datetime) -> None:
    """Give an import up, up to the moment it is committed; its rows are forgotten.  Raises ImportMoved afterwards.

    Purchases are committed some at a time: once that has begun, the way back is to undo them.
    """
    with transaction():
        file = brought(import_id)
        if file.kind == "purchases" and file.state == "loading":
            raise ImportMoved
        move(import_id, "cancel", rows_sealed=None)
        forget_faults(import_id)
        audit.record(staff_id=staff_id, action="import.cancel", subject=f"import:{import_id}", now=now)


def forget_stale_imports(now: datetime) -> None:
    """Give up what has waited for a week: personal data does not lie about.  A repeat finds nothing."""
    statement = (
        update(Import)
        .where(Import.state.in_(("mapping", "checked")), Import.created_at < now - KEPT)
        .values(state="cancelled", rows_sealed=None)
    )
    with transaction() as session:
        session.execute(statement, execution_options=QUIET)
