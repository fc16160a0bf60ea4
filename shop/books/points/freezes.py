"""Freezing a member's points, of every kind, and letting them go on: nothing is lost while they stand still."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, insert, select, update

from shop.books.points import accounts
from shop.books.points.extensions import Extension, put_off
from shop.books.rulebooks import Occasion
from shop.extensions import db, table_of
from shop.models import Lot, PointsAccount, PointsFreeze
from shop.rules.points.expiry import end_after

ACCOUNTS, LOTS = table_of(PointsAccount), table_of(Lot)
OPEN = select(PointsFreeze.id, PointsFreeze.frozen_at).where(
    PointsFreeze.member_id == bindparam("member_id"), PointsFreeze.lifted_at.is_(None)
)
FLAGS = (
    update(ACCOUNTS)
    .where(ACCOUNTS.c.member_id == bindparam("of_member"))
    .values(is_spending_frozen=bindparam("spending"), is_earning_frozen=bindparam("earning"))
)
MINE = Lot.account_id.in_(select(PointsAccount.id).where(PointsAccount.member_id == bindparam("member_id")))
WAITING = select(Lot.id, Lot.thawed_available_at).where(MINE, Lot.thawed_available_at.is_not(None))
THAW = (
    update(LOTS)
    .where(LOTS.c.id == bindparam("lot_id"))
    .values(available_at=bindparam("from_at"), thawed_available_at=None)
)
ENDED_MEANWHILE = select(Lot.id, Lot.expires_at).where(
    MINE,
    Lot.remaining_points > 0,
    Lot.expires_at > bindparam("frozen_at"),
    Lot.expires_at < bindparam("ends_at"),
)


@dataclass(frozen=True)
class Freeze:
    """What stands still, why, and on which day somebody looks again."""

    freezes_spending: bool
    freezes_earning: bool
    reason: str
    review_on: date
    staff_id: int


def is_open(member_id: int) -> bool:
    """Whether a freeze of this member is open.  Call it with the account locked to rely on it."""
    return db.session.execute(OPEN, {"member_id": member_id}).one_or_none() is not None


def freeze(member_id: int, what: Freeze, occasion: Occasion) -> int:
    """Open a freeze on a locked member who has none: points of every kind stand still.  Returns its id."""
    accounts.lock(member_id)
    row = {
        "member_id": member_id,
        "freezes_spending": what.freezes_spending,
        "freezes_earning": what.freezes_earning,
        "reason": what.reason,
        "review_on": what.review_on,
        "staff_id": what.staff_id,
        "frozen_at": occasion.now,
    }
    statement = insert(PointsFreeze).values(row).returning(PointsFreeze.id)
    freeze_id = int(db.session.execute(statement).scalar_one())
    flags = {"spending": what.freezes_spending, "earning": what.freezes_earning}
    db.session.execute(FLAGS, {"of_member": member_id, **flags})
    return freeze_id


def thaw(member_id: int, reason: str, staff_id: int, occasion: Occasion) -> int | None:
    """End the open freeze: what was earned meanwhile arrives, and what ended meanwhile lasts a while longer.

    Returns the freeze's id; None when none is open.
    """
    accounts.lock(member_id)
    opened = db.session.execute(OPEN, {"member_id": member_id}).one_or_none()
    if opened is None:
        return None
    values = {"lifted_at": occasion.now, "lifted_by_staff_id": staff_id, "lift_reason": reason}
    db.session.execute(
        update(PointsFreeze).where(PointsFreeze.id == opened.id).values(values),
        execution_options={"synchronize_session": False},
    )
    db.session.execute(FLAGS, {"of_member": member_id, "spending": False, "earning": False})
    waiting = [
        {"lot_id": row.id, "from_at": max(row.thawed_available_at, occasion.now)}
        for row in db.session.execute(WAITING, {"member_id": member_id})
    ]
    if waiting:
        db.session.execute(THAW, waiting)
    notice = occasion.rulebook.reminders.notice_days_min
    ends_at = end_after(notice, occasion.today, occasion.zone)
    named = {"member_id": member_id, "frozen_at": opened.frozen_at, "ends_at": ends_at}
    ended = [Extension(row.id, row.expires_at, ends_at) for row in db.session.execute(ENDED_MEANWHILE, named)]
    put_off(ended, "unfrozen", occasion.now)
    return int(opened.id)
