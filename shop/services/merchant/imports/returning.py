"""Taking purchases of a file back: each is refunded in full, some at a time, and its receipt is free again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update

from shop.books import purchase_reports
from shop.books.points.bulk import chunks
from shop.books.points.deciding import forget
from shop.books.purchase_reports import ReportedRefund
from shop.errors import ImportTouched
from shop.extensions import db
from shop.models import ImportedRow, Lot, PointsEntry, Purchase
from shop.services.merchant.imports.moves import QUIET
from shop.services.merchant.imports.receipts import SOURCE, UNDONE
from shop.transaction import transaction

TOGETHER = 50
OF_IMPORT = (
    select(Purchase.id, Purchase.external_id, Purchase.cents)
    .join(ImportedRow, ImportedRow.purchase_id == Purchase.id)
    .where(ImportedRow.import_id == bindparam("import_id"))
    .order_by(Purchase.id)
)
LEFT = OF_IMPORT.where(Purchase.external_id.not_like(f"%{UNDONE}%"))
TOUCHED = (
    select(func.count(ImportedRow.member_id.distinct()))
    .join(Purchase, Purchase.id == ImportedRow.purchase_id)
    .outerjoin(PointsEntry, (PointsEntry.purchase_id == Purchase.id) & (PointsEntry.kind == "earn"))
    .outerjoin(Lot, Lot.entry_id == PointsEntry.id)
    .where(
        ImportedRow.import_id == bindparam("import_id"),
        or_(Purchase.refunded_cents > 0, Lot.remaining_points != Lot.points, Lot.held_points > 0),
    )
)
RENAME = update(Purchase).where(Purchase.id == bindparam("of_purchase"))


def refuse_touched(import_id: int) -> None:
    """Raises ImportTouched when points of these purchases were used, or one of them went back by itself."""
    if touched := int(db.session.scalar(TOUCHED, {"import_id": import_id}) or 0):
        raise ImportTouched(touched)


def refund_all(import_id: int, *, staff_id: int | None, now: datetime) -> None:
    """Refund what is left of an import that is being undone.  A repeat goes on where the first one stopped."""
    left: Sequence[Any] = db.session.execute(LEFT, {"import_id": import_id}).all()
    for part in chunks(left, TOGETHER):
        with transaction():
            for purchase in part:
                _undo(import_id, purchase, staff_id, now)


def _undo(import_id: int, purchase: Any, staff_id: int | None, now: datetime) -> None:
    back = ReportedRefund(
        source=SOURCE,
        external_id=purchase.external_id,
        refund_id=f"import-undo:{import_id}",
        cents=purchase.cents,
        staff_id=staff_id,
    )
    purchase_reports.refund(back, now, has_trail=False)
    forget(f"purchase:{SOURCE}:{purchase.external_id}")
    name = f"{purchase.external_id}{UNDONE}{import_id}"
    db.session.execute(RENAME.values(external_id=name), {"of_purchase": purchase.id}, execution_options=QUIET)
