"""Spent points go back to the lots they came from."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, func, select

from shop.books.points import accounts, moving
from shop.books.points.accounts import Owner
from shop.books.points.entries.lines import Line, credit, with_reasons
from shop.books.points.lots import NewLot
from shop.books.rulebooks import Occasion
from shop.extensions import db
from shop.models import Allocation, Lot, PointsAccount, PointsEntry
from shop.rules.points.allocation import Take
from shop.rules.points.expiry import expiry_of_return
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.reasons import because

TAKEN_BY = (  # what an entry took from each lot, less what its restorations put back
    select(Allocation.lot_id, func.sum(Allocation.points).label("points"), Lot.expires_at, Lot.source_class)
    .join(Lot, Lot.id == Allocation.lot_id)
    .join(PointsEntry, PointsEntry.id == Allocation.entry_id)
    .where(
        (PointsEntry.id == bindparam("entry_id"))
        | ((PointsEntry.corrects_entry_id == bindparam("entry_id")) & (Allocation.points > 0))
    )
    .group_by(Allocation.lot_id, Lot.expires_at, Lot.source_class, Lot.credited_at)
    .order_by(Lot.expires_at.desc(), Lot.credited_at.desc(), Allocation.lot_id.desc())
)
OWNER = (
    select(PointsAccount.member_id, PointsAccount.kind)
    .join(PointsEntry, PointsEntry.account_id == PointsAccount.id)
    .where(PointsEntry.id == bindparam("entry_id"))
)
RETURNED_LATE = (
    select(func.sum(Lot.points))
    .join(PointsEntry, PointsEntry.id == Lot.entry_id)
    .where(PointsEntry.corrects_entry_id == bindparam("entry_id"))
)


@dataclass(frozen=True)
class Late:
    """Points to give back whose lots have expired: of the class and end of the one that expired last."""

    points: int
    source_class: str
    expires_at: datetime


def restore(
    member_id: int, spent_entry_id: int, points: int, line: Line, occasion: Occasion, grace_days: int
) -> int:
    """Give spent points back to the account and the lots they came from, last to expire first.  Returns the entry.

    What came from a lot that has expired meanwhile returns as one new lot of ``grace_days`` (invariant L6), without
    grace as one that has lapsed already.  Giving back more than the entry took is a bug of the caller and raises.
    """
    owner = _owner_of(spent_entry_id, member_id)
    account = accounts.lock(owner.member_id, owner.kind)
    returns, late = where_it_came_from(spent_entry_id, points, occasion.now)
    line = replace(line, corrects_entry_id=spent_entry_id)
    if returns:
        line = with_reasons(line, (because("returned_in_time"),))
    grace = None
    if late is not None:
        end = expiry_of_return(late.expires_at, occasion.now, grace_days, occasion.zone)
        line = with_reasons(line, end.reasons)
        grace = NewLot(
            points=late.points,
            source_class=late.source_class,
            credited_at=occasion.now,
            available_at=occasion.now,
            expires_at=end.expires_at,
            rulebook_version=occasion.version,
        )
    entry_id = credit(account, line, occasion, points, grace, returns)
    moving.follow(owner.member_id, occasion)
    return entry_id


def _owner_of(entry_id: int, member_id: int) -> Owner:
    """Whose account an entry is on: not the member's own when it was spent before two accounts were merged."""
    row = db.session.execute(OWNER, {"entry_id": entry_id}).one_or_none()
    return Owner(member_id, MAIN_KIND) if row is None else Owner(*row)


def where_it_came_from(
    spent_entry_id: int, points: int, now: datetime
) -> tuple[tuple[Take, ...], Late | None]:
    """Parts for lots that still live, and what belongs to lots that have expired."""
    returns: list[Take] = []
    late_left = -int(db.session.scalar(RETURNED_LATE, {"entry_id": spent_entry_id}) or 0)
    late: Late | None = None
    wanted = points
    for row in db.session.execute(TAKEN_BY, {"entry_id": spent_entry_id}):
        if row.expires_at <= now:
            late_left -= int(row.points)
            late = late or Late(0, row.source_class, row.expires_at)
        elif part := min(wanted, -int(row.points)):
            returns.append(Take(row.lot_id, part))
            wanted -= part
    if wanted == 0:
        return tuple(returns), None
    assert late is not None, "more restored than was spent"
    assert wanted <= late_left, "more restored than was spent"
    return tuple(returns), replace(late, points=wanted)
