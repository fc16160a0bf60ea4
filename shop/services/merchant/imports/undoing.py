"""Taking a whole import back, while nobody has touched anything of it."""

from datetime import datetime, timedelta

from sqlalchemy import String, cast, exists, literal, or_, select, update

from shop.books import audit
from shop.books.points.bulk import WholeLot, chunks, lock_all, take_back_all
from shop.books.rulebooks import occasion_at
from shop.crypto import seal
from shop.errors import ImportTouched, UndoTimeOver
from shop.extensions import db
from shop.models import Import, ImportedRow, Login, Lot, Member, Order, PointsAccount, PointsEntry
from shop.rules.merchant.import_states import UNDO_HOURS
from shop.rules.reasons import because
from shop.services.merchant.imports.moves import QUIET, move
from shop.services.merchant.imports.returning import refund_all, refuse_touched
from shop.transaction import transaction

LOTS_OF = (
    select(
        ImportedRow.member_id,
        Lot.id,
        Lot.entry_id,
        Lot.points,
        Lot.remaining_points,
        Lot.held_points,
        Lot.source_class,
    )
    .join(Lot, Lot.entry_id == ImportedRow.entry_id)
    .order_by(Lot.id)
)


def undo_import(import_id: int, *, staff_id: int | None, now: datetime) -> None:
    """Take back every point of an import by an opposite entry, and close the members that it made; refund purchases.

    Within 24 hours of the load, and only while none of its points were used and none of its members came in: all of it or
    nothing.  A repeat changes nothing.  Raises UndoTimeOver, ImportTouched, ImportMoved when it was never loaded.
    """
    if db.session.scalar(select(Import.kind).where(Import.id == import_id)) == "purchases":
        _undo_purchases(import_id, staff_id, now)
        return
    with transaction() as session:
        if session.scalar(select(Import.state).where(Import.id == import_id)) == "undone":
            return
        _begin(import_id, now)
        mine = select(ImportedRow.member_id).where(ImportedRow.import_id == import_id)
        lock_all(list(session.scalars(mine.distinct())))
        rows = session.execute(LOTS_OF.where(ImportedRow.import_id == import_id)).all()
        touched = {row.member_id for row in rows if row.remaining_points != row.points or row.held_points}
        touched |= _members_who_came(import_id)
        if touched:
            raise ImportTouched(len(touched))
        lots = [WholeLot(row.member_id, row.id, row.entry_id, row.points, row.source_class) for row in rows]
        take_back_all(lots, ("import-undo", because("import_undone")), occasion_at(now))
        closed = _close_newcomers(import_id)
        audit.record(
            staff_id=staff_id,
            action="import.undo",
            subject=f"import:{import_id}",
            now=now,
            after={"points": -sum(lot.points for lot in lots), "members_closed": closed},
        )


def _begin(import_id: int, now: datetime) -> None:
    """Raises ImportMoved and UndoTimeOver."""
    move(import_id, "undo")
    loaded_at = db.session.scalar(select(Import.loaded_at).where(Import.id == import_id))
    if loaded_at is None or loaded_at < now - timedelta(hours=UNDO_HOURS):
        raise UndoTimeOver


def _undo_purchases(import_id: int, staff_id: int | None, now: datetime) -> None:
    """Decide it once, then refund one after the other; a repeat finishes what was cut short."""
    with transaction() as session:
        if session.scalar(select(Import.state).where(Import.id == import_id)) != "undone":
            _begin(import_id, now)
            refuse_touched(import_id)
            points = session.scalar(select(Import.points_total).where(Import.id == import_id)) or 0
            audit.record(
                staff_id=staff_id,
                action="import.undo",
                subject=f"import:{import_id}",
                now=now,
                after={"points": -points},
            )
    refund_all(import_id, staff_id=staff_id, now=now)


def _members_who_came(import_id: int) -> set[int]:
    """Members made by this import who have logged in, ordered, or moved points in any other way."""
    made = _made_by(import_id)
    mine = select(ImportedRow.entry_id).where(
        ImportedRow.import_id == import_id, ImportedRow.entry_id.is_not(None)
    )
    moved = (
        exists()
        .where(PointsAccount.member_id == Member.id, PointsEntry.account_id == PointsAccount.id)
        .where(PointsEntry.id.not_in(mine))
    )
    came = or_(
        exists().where(Login.member_id == Member.id), exists().where(Order.member_id == Member.id), moved
    )
    return set(db.session.scalars(select(Member.id).where(Member.id.in_(made), came)))


def _close_newcomers(import_id: int) -> int:
    """Forget the persons, keep the numbers: their phones are free again for the corrected file."""
    nobody = seal("")
    member_ids = list(db.session.scalars(_made_by(import_id).order_by(ImportedRow.member_id)))
    for members in chunks(member_ids):
        statement = (
            update(Member)
            .where(Member.id.in_(members))
            .values(
                state="closed",
                name="-",
                phone_sealed=nobody,
                phone_index=literal("import-undone:") + cast(Member.id, String),
                phone_last4="",
                birthday_sealed=None,
                growth=0,
            )
        )
        db.session.execute(statement, execution_options=QUIET)
    return len(member_ids)


def _made_by(import_id: int):  # type: ignore[no-untyped-def]
    return (
        select(ImportedRow.member_id)
        .where(ImportedRow.import_id == import_id, ImportedRow.is_new_member)
        .distinct()
    )
