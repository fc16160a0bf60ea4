"""The row that every movement of a member's points locks first."""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from shop.extensions import db, table_of
from shop.models import PointsAccount

LOCKED = (
    select(
        PointsAccount.id, PointsAccount.balance_points, PointsAccount.held_points, PointsAccount.debt_points
    )
    .where(PointsAccount.member_id == bindparam("member_id"))
    .with_for_update()
)
ACCOUNTS = table_of(PointsAccount)
MOVE = (
    update(ACCOUNTS)
    .where(ACCOUNTS.c.id == bindparam("account_id"))
    .values(
        balance_points=ACCOUNTS.c.balance_points + bindparam("balance"),
        held_points=ACCOUNTS.c.held_points + bindparam("held"),
        debt_points=ACCOUNTS.c.debt_points + bindparam("debt"),
    )
)


@dataclass(frozen=True)
class LockedAccount:
    """An account whose row this transaction holds: nobody else moves its points until it ends."""

    id: int
    balance_points: int
    held_points: int
    debt_points: int


def open_account(member_id: int) -> int:
    """Open the points account of a new member, in the member's own transaction.  Returns its id."""
    result = db.session.execute(insert(PointsAccount).values(member_id=member_id).returning(PointsAccount.id))
    return int(result.scalar_one())


def lock(member_id: int) -> LockedAccount:
    """Lock a member's account: the first lock of every transaction that moves points (invariants 3.4)."""
    return LockedAccount(*db.session.execute(LOCKED, {"member_id": member_id}).one())


def move(account_id: int, *, balance: int = 0, held: int = 0, debt: int = 0) -> None:
    """Add to the sums of a locked account.  The table's constraints refuse anything below zero."""
    db.session.execute(MOVE, {"account_id": account_id, "balance": balance, "held": held, "debt": debt})
