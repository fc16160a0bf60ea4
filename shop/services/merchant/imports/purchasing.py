"""Good rows become purchases: decided one by one, by the same book as at the counter, some at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import func, insert, select, update

from shop.books import audit, purchase_reports
from shop.books.points.bulk import chunks
from shop.books.purchase_reports import ReportedLine, ReportedPurchase
from shop.errors import ImportChanged, KeyReused, MemberSuspended, NotFound
from shop.extensions import db, table_of
from shop.models import Import, ImportedRow, PointsEntry, Purchase
from shop.rules.merchant.importing import PurchaseRow, RowFault
from shop.rules.merchant.importing.rows import masked
from shop.services.merchant.imports.checking import Checked, add_faults, write_faults
from shop.services.merchant.imports.moves import QUIET, Brought, Stopped, move
from shop.services.merchant.imports.receipts import SOURCE, name_of
from shop.transaction import transaction

TOGETHER = 50
"""So many purchases are one transaction, so that nobody waits for a large file."""
NEW_ROW = insert(table_of(ImportedRow))
REFUSED = {MemberSuspended: "member_not_active", NotFound: "no_such_member", KeyReused: "receipt_known"}
EARNED = (
    select(func.coalesce(func.sum(PointsEntry.points), 0))
    .join(Purchase, Purchase.id == PointsEntry.purchase_id)
    .join(ImportedRow, ImportedRow.purchase_id == Purchase.id)
    .where(PointsEntry.kind == "earn")
)


def book_at_once(file: Brought, checked: Checked, staff_id: int | None, now: datetime) -> None:
    """A short file, in the caller's transaction: all of it or nothing.  Raises ImportChanged."""
    for row in cast("Sequence[PurchaseRow]", checked.good):
        try:
            _record(file, checked, row, staff_id, now)
        except tuple(REFUSED) as error:
            raise ImportChanged from error
    _finish(file, checked, staff_id, now)


def book_in_parts(file: Brought, checked: Checked, now: datetime) -> None:
    """A long file, some rows in each transaction; a killed worker goes on where it was.

    Every row was sound a moment ago.  One whose member or receipt has changed since is left out and told in the report.
    """
    booked = _booked(file.id)
    rows = [row for row in cast("Sequence[PurchaseRow]", checked.good) if row.number not in booked]
    done = file.rows_done
    with transaction():
        write_faults(file.id, checked.faults)
    for part in chunks(rows, TOGETHER):
        with transaction():
            _go_on(file.id, done, done + len(part))
            for row in part:
                _try(file, checked, row, now)
        done += len(part)
    with transaction():
        _finish(file, checked, file.staff_id, now)


def _booked(import_id: int) -> frozenset[int]:
    """The rows that are purchases already."""
    return frozenset(db.session.scalars(select(ImportedRow.row).where(ImportedRow.import_id == import_id)))


def _try(file: Brought, checked: Checked, row: PurchaseRow, now: datetime) -> None:
    try:
        _record(file, checked, row, file.staff_id, now)
    except tuple(REFUSED) as error:
        fault = RowFault(row.number, "receipt", masked("receipt", row.receipt), REFUSED[type(error)], {})
        add_faults(file.id, [fault])


def _record(file: Brought, checked: Checked, row: PurchaseRow, staff_id: int | None, now: datetime) -> None:
    member_id = checked.known[row.phone].member_id
    reported = ReportedPurchase(
        source=SOURCE,
        external_id=name_of(row),
        at=row.at,
        lines=(ReportedLine(cents=row.cents),),
        channel="store",
        store_id=row.store_id,
        staff_id=staff_id,
    )
    recorded = purchase_reports.record(member_id, reported, now, has_trail=False)
    if recorded.is_repeat:
        raise KeyReused
    became = {
        "import_id": file.id,
        "row": row.number,
        "member_id": member_id,
        "purchase_id": recorded.purchase_id,
        "is_new_member": False,
        "growth": 0,
    }
    db.session.execute(NEW_ROW, became)


def _go_on(import_id: int, done: int, now_done: int) -> None:
    """Say how far it is.  Raises Stopped when another worker has gone on with it."""
    statement = (
        update(Import)
        .where(Import.id == import_id, Import.state == "loading", Import.rows_done == done)
        .values(rows_done=now_done)
    )
    if db.session.execute(statement, execution_options=QUIET).rowcount == 0:  # type: ignore[attr-defined]
        raise Stopped


def _finish(file: Brought, checked: Checked, staff_id: int | None, now: datetime) -> None:
    booked = len(_booked(file.id))
    points = int(db.session.scalar(EARNED.where(ImportedRow.import_id == file.id)) or 0)
    figures = {
        **checked.figures,
        "rows_good": booked,
        "rows_bad": file.rows_good + file.rows_bad - booked,
        "points_total": points,
    }
    move(file.id, "commit", rows_sealed=None, loaded_at=now, **{**figures, "rows_done": len(file.rows)})
    audit.record(
        staff_id=staff_id,
        action="purchase.record_file",
        subject=f"import:{file.id}",
        now=now,
        after={**figures, "digest": file.booking_key[:16]},
    )
