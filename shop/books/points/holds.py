"""Holds: points set aside for an unpaid order.  Each ends exactly once: captured, voided or expired."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from shop.books.points import accounts, lots
from shop.books.points.accounts import LockedAccount
from shop.books.points.entries import Line, take_held
from shop.books.rulebooks import Occasion
from shop.errors import PointsFrozen
from shop.extensions import db, table_of
from shop.models import HeldLot, Hold, PointsAccount
from shop.rules.points.allocation import Take
from shop.rules.points.kinds import MAIN_KIND

END = (
    update(Hold)
    .where(Hold.reference == bindparam("hold_reference"), Hold.state == "held")
    .values(state=bindparam("end_state"), ended_at=bindparam("ended"))
    .returning(Hold.id, Hold.account_id)
)
PARTS = (
    select(HeldLot.lot_id, HeldLot.points)
    .where(HeldLot.hold_id == bindparam("hold_id"))
    .order_by(HeldLot.lot_id)
)
OWNER = (
    select(PointsAccount.member_id, PointsAccount.kind)
    .join(Hold, Hold.account_id == PointsAccount.id)
    .where(Hold.reference == bindparam("reference"))
)
NEW_HOLD = insert(table_of(Hold)).returning(table_of(Hold).c.id)
NEW_PART = insert(table_of(HeldLot))


def place(
    member_id: int,
    points: int,
    *,
    reference: str,
    expires_at: datetime,
    now: datetime,
    points_kind: str = MAIN_KIND,
) -> int:
    """Set points aside, soonest to expire first.  Raises InsufficientPoints and PointsFrozen.  Returns the hold."""
    assert points > 0, "a hold is positive"
    account = accounts.lock(member_id, points_kind)
    if account.is_spending_frozen:
        raise PointsFrozen
    takes = lots.choose_affordable(account, points, now)
    row = {
        "account_id": account.id,
        "reference": reference,
        "points": points,
        "state": "held",
        "created_at": now,
        "expires_at": expires_at,
    }
    hold_id = int(db.session.execute(NEW_HOLD, row).scalar_one())
    lots.change(takes, held=1)
    parts = [{"hold_id": hold_id, "lot_id": take.lot_id, "points": take.points} for take in takes]
    db.session.execute(NEW_PART, parts)
    accounts.move(account.id, held=points)
    return hold_id


def capture(reference: str, line: Line, occasion: Occasion) -> int | None:
    """Spend what a hold set aside, even from a lot that expired meanwhile.  Returns the entry, or None on a repeat."""
    account = _lock(reference)
    if account is None:
        return None
    hold_id = _end(reference, "captured", occasion.now)
    if hold_id is None:
        return None
    return take_held(account, _parts(hold_id), line, occasion)


def void(reference: str, now: datetime, *, state: str = "voided") -> bool:
    """Let held points go, back into the lots they were set aside in.  False when the hold had ended before."""
    account = _lock(reference)
    if account is None:
        return False
    hold_id = _end(reference, state, now)
    if hold_id is None:
        return False
    parts = _parts(hold_id)
    lots.change(parts, held=-1)
    accounts.move(account.id, held=-sum(part.points for part in parts))
    return True


def _lock(reference: str) -> LockedAccount | None:
    """Lock the account that a hold is on; None when there is no such hold."""
    owner = db.session.execute(OWNER, {"reference": reference}).one_or_none()
    return accounts.lock(owner.member_id, owner.kind) if owner else None


def _end(reference: str, state: str, now: datetime) -> int | None:
    values = {"hold_reference": reference, "end_state": state, "ended": now}
    row = db.session.execute(END, values, execution_options={"synchronize_session": False}).one_or_none()
    return int(row.id) if row else None


def _parts(hold_id: int) -> tuple[Take, ...]:
    return tuple(Take(*row) for row in db.session.execute(PARTS, {"hold_id": hold_id}))
