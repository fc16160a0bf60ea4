"""The sweep of expired lots: it only writes down what is already true (invariant L5)."""

from datetime import datetime

from sqlalchemy import bindparam, select

from shop.books.points import accounts
from shop.books.points.entries import Line, expire_lot
from shop.books.rulebooks import Occasion
from shop.extensions import db
from shop.models import Lot, PointsAccount
from shop.rules.reasons import Reason, because

DUE = (
    select(Lot.id, PointsAccount.member_id)
    .join(PointsAccount, PointsAccount.id == Lot.account_id)
    .where(
        Lot.remaining_points > Lot.held_points, Lot.remaining_points > 0, Lot.expires_at <= bindparam("now")
    )
    .order_by(Lot.expires_at, Lot.id)
    .limit(bindparam("limit"))
)
LEFT = select(Lot.remaining_points, Lot.held_points, Lot.points, Lot.source_class, Lot.credited_at).where(
    Lot.id == bindparam("lot_id")
)


def sweep(occasion: Occasion, limit: int) -> int:
    """Write off at most ``limit`` lots whose time has passed.  Held points wait for their order.  Returns how many.

    Safe to run twice and on two machines: each lot is read again under its member's lock.
    """
    due = db.session.execute(DUE, {"now": occasion.now, "limit": limit}).all()
    swept = 0
    for lot_id, member_id in sorted(due, key=lambda row: (row.member_id, row.id)):
        swept += _expire(lot_id, member_id, occasion)
    return swept


def _expire(lot_id: int, member_id: int, occasion: Occasion) -> bool:
    account = accounts.lock(member_id)
    lot = db.session.execute(LEFT, {"lot_id": lot_id}).one()
    points = lot.remaining_points - lot.held_points
    if points <= 0:
        return False
    line = Line(
        kind="expire",
        program_account="expired",
        reference=f"expire:{lot_id}:{lot.remaining_points}",
        reasons=(_reason(lot.points, lot.credited_at, occasion),),
        source_class=lot.source_class,
    )
    expire_lot(lot_id, account, points, line, occasion)
    return True


def _reason(points: int, credited_at: datetime, occasion: Occasion) -> Reason:
    credited_on = credited_at.astimezone(occasion.zone).date()
    return because("lot_expired", points=points, credited_on=credited_on.isoformat())
