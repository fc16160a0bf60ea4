"""The ledger of a member for programs: every entry with its own lot and the lots that it changed, from a cursor on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from shop.extensions import db
from shop.models import Allocation, Lot, Order, PointsAccount, PointsEntry
from shop.queries.points.balance import last_day_before
from shop.queries.points.history import COLUMNS, EntryRow, told_by

LEDGER_COLUMNS = (
    *COLUMNS,
    PointsEntry.corrects_entry_id,
    Lot.points.label("lot_points"),
    Lot.remaining_points.label("lot_remaining"),
    Lot.available_at.label("lot_available_at"),
    Lot.expires_at.label("lot_expires_at"),
)
LEDGER = (
    select(*LEDGER_COLUMNS)
    .select_from(PointsEntry)
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .outerjoin(Order, Order.id == PointsEntry.order_id)
    .outerjoin(Lot, Lot.entry_id == PointsEntry.id)
    .where(PointsAccount.member_id == bindparam("member_id"))
    .order_by(PointsEntry.id.desc())
    .limit(bindparam("limit"))
)
PAGE_AFTER = LEDGER.where(PointsEntry.id < bindparam("after"))
ONE = (
    select(*LEDGER_COLUMNS)
    .select_from(PointsEntry)
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .outerjoin(Order, Order.id == PointsEntry.order_id)
    .outerjoin(Lot, Lot.entry_id == PointsEntry.id)
    .where(PointsEntry.id == bindparam("entry_id"))
)
Touched = aliased(Lot)
MOVES = (
    select(Allocation.entry_id, Touched.entry_id.label("lot_entry_id"), Allocation.points, Touched.expires_at)
    .join(Touched, Touched.id == Allocation.lot_id)
    .where(
        Allocation.entry_id.in_(bindparam("entries", expanding=True)), Touched.entry_id != Allocation.entry_id
    )
    .order_by(Allocation.id)
)


@dataclass(frozen=True)
class LotMove:
    """What an entry changed in the lot that another entry brought: negative when taken, positive when put back."""

    lot_entry_id: int
    points: int
    last_on: date | None


@dataclass(frozen=True)
class LotBrought:
    """The lot that an entry brought.  ``last_on`` None: its points never end."""

    points: int
    remaining_points: int
    available_at: datetime
    last_on: date | None


@dataclass(frozen=True)
class LedgerEntry(EntryRow):
    """One line of the ledger: what members read, and the lots behind it."""

    corrects_entry_id: int | None
    lot: LotBrought | None
    moves: tuple[LotMove, ...]


@dataclass(frozen=True)
class LedgerPage:
    """Newest first.  ``after`` asks for what follows; None at the end."""

    entries: tuple[LedgerEntry, ...]
    after: int | None


def ledger_page(member_id: int, after: int | None, limit: int) -> LedgerPage:
    """One page, older than the entry ``after``, in two statements."""
    values = {"member_id": member_id, "limit": limit + 1, "after": after}
    rows = db.session.execute(LEDGER if after is None else PAGE_AFTER, values).all()
    entries = _entries(rows[:limit])
    return LedgerPage(entries, entries[-1].id if len(rows) > limit else None)


def ledger_entries(entry_ids: Sequence[int]) -> tuple[LedgerEntry, ...]:
    """These entries, in this order."""
    rows = [db.session.execute(ONE, {"entry_id": entry_id}).one() for entry_id in entry_ids]
    return _entries(rows)


def _entries(rows: Sequence[Any]) -> tuple[LedgerEntry, ...]:
    moves = _moves([row.id for row in rows])
    return tuple(_entry(row, tuple(moves.get(row.id, ()))) for row in rows)


def _moves(entry_ids: list[int]) -> dict[int, list[LotMove]]:
    found: dict[int, list[LotMove]] = {}
    for row in db.session.execute(MOVES, {"entries": entry_ids}) if entry_ids else ():
        move = LotMove(row.lot_entry_id, row.points, last_day_before(row.expires_at))
        found.setdefault(row.entry_id, []).append(move)
    return found


def _entry(row: Any, moves: tuple[LotMove, ...]) -> LedgerEntry:
    lot = None
    if row.lot_points is not None:
        lot = LotBrought(
            row.lot_points, row.lot_remaining, row.lot_available_at, last_day_before(row.lot_expires_at)
        )
    return LedgerEntry(**told_by(row), corrects_entry_id=row.corrects_entry_id, lot=lot, moves=moves)
