"""Receipts of a till: unique in their store for the day, whether they come at a counter or in a file."""

from collections.abc import Sequence

from sqlalchemy import select

from shop.books.points.bulk import chunks
from shop.extensions import db
from shop.models import ImportedRow, Purchase
from shop.rules.merchant.importing import PurchaseRow
from shop.services.merchant.imports.moves import Brought

SOURCE = "store"
"""Where purchases of a counter come from, typed there or brought in a file."""
UNDONE = "~"
"""Behind the name of a purchase that was taken back with its file: its receipt may come again."""


def name_of(row: PurchaseRow) -> str:
    """What a purchase is called, exactly as at the counter: its store, its day, its receipt."""
    return f"{row.store_id or 0}:{row.day}:{row.receipt}"


def receipts_known(file: Brought, rows: Sequence[PurchaseRow]) -> frozenset[str]:
    """Those of the receipts that are written down already, but not by this very file."""
    mine = select(ImportedRow.purchase_id).where(
        ImportedRow.import_id == file.id, ImportedRow.purchase_id.is_not(None)
    )
    known: set[str] = set()
    for names in chunks([name_of(row) for row in rows]):
        statement = select(Purchase.external_id).where(
            Purchase.source == SOURCE, Purchase.external_id.in_(names), Purchase.id.not_in(mine)
        )
        known.update(db.session.scalars(statement))
    return frozenset(known)
