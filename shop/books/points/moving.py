"""Moving a member's points to another account: lot by lot, by an entry on each side; class, credit and end stay.

Two accounts of one person were merged.  What comes back to the old account later (a refund of an old order) follows in
the same way.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, insert, select

from shop.books.points import accounts
from shop.books.points.accounts import LockedAccount
from shop.books.points.entries.lines import Line, credit, write
from shop.books.points.entries.taking import claw_back
from shop.books.points.extensions import Extension, put_off
from shop.books.points.lots import NewLot, record_takes
from shop.books.rulebooks import Occasion
from shop.extensions import db, table_of
from shop.models import Lot, LotReminder, MemberMerge, MovedLot, PointsAccount
from shop.rules.points.allocation import Take
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.reasons import because

LIVING = (
    select(Lot, PointsAccount.kind)
    .join(PointsAccount, PointsAccount.id == Lot.account_id)
    .where(
        PointsAccount.member_id == bindparam("member_id"),
        Lot.remaining_points > Lot.held_points,
        Lot.expires_at > bindparam("now"),
    )
    .order_by(Lot.expires_at, Lot.id)
    .execution_options(populate_existing=True)
)
INTO = select(MemberMerge.id, MemberMerge.into_member_id).where(
    MemberMerge.from_member_id == bindparam("member_id"), MemberMerge.reversed_at.is_(None)
)
TIMES_MOVED = select(func.count()).where(MovedLot.from_lot_id == bindparam("lot_id"))
MOVED = (
    select(MovedLot.from_lot_id, Lot, PointsAccount.kind)
    .join(Lot, Lot.id == MovedLot.into_lot_id)
    .join(PointsAccount, PointsAccount.id == Lot.account_id)
    .where(
        MovedLot.merge_id == bindparam("merge_id"),
        Lot.remaining_points > Lot.held_points,
        Lot.expires_at > bindparam("now"),
    )
    .order_by(MovedLot.into_lot_id)
    .execution_options(populate_existing=True)
)
NEW_LOT_ID = select(Lot.id).where(Lot.entry_id == bindparam("entry_id"))
END_OF = select(Lot.expires_at).where(Lot.id == bindparam("lot_id"))


@dataclass(frozen=True)
class Sides:
    """Whose points move to whom, and of which kind."""

    from_id: int
    into_id: int
    kind: str


def move_all(merge_id: int, from_id: int, into_id: int, occasion: Occasion) -> int:
    """Move every living lot, and what is owed, each into the account of its kind.

    All accounts are locked, nothing is held.  Returns the points of the main kind that moved.
    """
    rows = db.session.execute(LIVING, {"member_id": from_id, "now": occasion.now}).all()
    for lot, kind in rows:
        _move(merge_id, lot, Sides(from_id, into_id, kind), occasion)
    for kind in accounts.kinds_of(from_id):
        _move_debt(merge_id, Sides(from_id, into_id, kind), occasion)
    return sum(lot.remaining_points - lot.held_points for lot, kind in rows if kind == MAIN_KIND)


def follow(member_id: int, occasion: Occasion) -> None:
    """Points came back to an account that was merged into another: they follow the others."""
    merge = db.session.execute(INTO, {"member_id": member_id}).one_or_none()
    if merge is not None:
        accounts.lock(merge.into_member_id)
        move_all(merge.id, member_id, merge.into_member_id, occasion)


def move_back(merge_id: int, from_id: int, into_id: int, occasion: Occasion) -> int:
    """What is left of the lots that moved goes back into the lots that they were.  Returns them, of the main kind."""
    rows = db.session.execute(MOVED, {"merge_id": merge_id, "now": occasion.now}).all()
    for from_lot_id, lot, kind in rows:
        _return(merge_id, from_lot_id, lot, Sides(from_id, into_id, kind), occasion)
    return sum(lot.remaining_points - lot.held_points for _from, lot, kind in rows if kind == MAIN_KIND)


def _move(merge_id: int, lot: Lot, sides: Sides, occasion: Occasion) -> None:
    points = lot.remaining_points - lot.held_points
    times = int(db.session.scalar(TIMES_MOVED, {"lot_id": lot.id}) or 0)
    reference = f"merge:{merge_id}:{lot.id}:{times}"
    here = accounts.lock(sides.from_id, sides.kind)
    _take(here, lot, points, f"{reference}:out", "merged_away", occasion)
    line = Line("adjust", "adjusted", f"{reference}:in", (because("merged_here"),), lot.source_class)
    account = accounts.lock(sides.into_id, sides.kind)
    entry_id = credit(account, line, occasion, points, _copy_of(lot, points), ())
    if lot.extension == "activity" and not account.has_rolling_lots:
        accounts.start_rolling(account.id)
    new_lot_id = int(db.session.execute(NEW_LOT_ID, {"entry_id": entry_id}).scalar_one())
    row = {"merge_id": merge_id, "from_lot_id": lot.id, "into_lot_id": new_lot_id, "points": points}
    db.session.execute(insert(MovedLot).values(row))
    _copy_reminders(lot.id, new_lot_id)


def _return(merge_id: int, from_lot_id: int, lot: Lot, sides: Sides, occasion: Occasion) -> None:
    points = lot.remaining_points - lot.held_points
    reference = f"part:{merge_id}:{lot.id}"
    there = accounts.lock(sides.into_id, sides.kind)
    _take(there, lot, points, f"{reference}:out", "merge_undone", occasion)
    end = db.session.execute(END_OF, {"lot_id": from_lot_id}).scalar_one()
    if lot.expires_at > end:
        put_off([Extension(from_lot_id, end, lot.expires_at)], "activity", occasion.now)
    line = Line("adjust", "adjusted", f"{reference}:in", (because("merge_undone"),), lot.source_class)
    back = accounts.lock(sides.from_id, sides.kind)
    credit(back, line, occasion, points, None, (Take(from_lot_id, points),))


def _take(
    account: LockedAccount, lot: Lot, points: int, reference: str, reason: str, occasion: Occasion
) -> None:
    line = Line("adjust", "adjusted", reference, (because(reason),), lot.source_class)
    entry_id = write(account, line, occasion, -points, balance=-points)
    record_takes(entry_id, (Take(lot.id, points),))


def _copy_of(lot: Lot, points: int) -> NewLot:
    return NewLot(
        points=points,
        source_class=lot.source_class,
        credited_at=lot.credited_at,
        available_at=lot.available_at,
        expires_at=lot.expires_at,
        rulebook_version=lot.rulebook_version,
        extension=lot.extension,
        extension_days=lot.extension_days,
        extensions_left=lot.extensions_left,
        thawed_available_at=lot.thawed_available_at,
    )


def _copy_reminders(lot_id: int, new_lot_id: int) -> None:
    """What was announced stays announced."""
    table = table_of(LotReminder)
    rows: list[dict[str, Any]] = [
        {**row._mapping, "lot_id": new_lot_id}
        for row in db.session.execute(select(*table.c).where(table.c.lot_id == lot_id))
    ]
    if rows:
        db.session.execute(insert(table), rows)


def _move_debt(merge_id: int, sides: Sides, occasion: Occasion) -> None:
    """What the old account owes is settled there, and taken from the other: from its points, or it owes it now."""
    account = accounts.lock(sides.from_id, sides.kind)
    owed = account.debt_points
    if owed == 0:
        return
    reference = f"merge:{merge_id}:debt:{account.id}:{occasion.now.isoformat()}"
    line = Line("adjust", "adjusted", f"{reference}:out", (because("merged_away"),))
    write(account, line, occasion, owed, balance=0, debt=-owed)
    here = Line("adjust", "adjusted", f"{reference}:in", (because("merged_here"),))
    claw_back(sides.into_id, owed, here, frozenset(), occasion, points_kind=sides.kind)
