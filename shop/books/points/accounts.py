"""The row that every movement of a member's points locks first."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from shop.extensions import db, table_of
from shop.models import PointsAccount

LOCK_ALL = (
    select(PointsAccount.id)
    .where(PointsAccount.id.in_(bindparam("accounts", expanding=True)))
    .order_by(PointsAccount.id)
    .with_for_update()
)
LOCKED = (
    select(
        PointsAccount.id,
        PointsAccount.balance_points,
        PointsAccount.held_points,
        PointsAccount.debt_points,
        PointsAccount.has_rolling_lots,
        PointsAccount.is_spending_frozen,
        PointsAccount.is_earning_frozen,
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
START_ROLLING = update(ACCOUNTS).where(ACCOUNTS.c.id == bindparam("account_id")).values(has_rolling_lots=True)


@dataclass(frozen=True)
class LockedAccount:
    """An account whose row this transaction holds: nobody else moves its points until it ends."""

    id: int
    balance_points: int
    held_points: int
    debt_points: int
    has_rolling_lots: bool = False
    is_spending_frozen: bool = False
    is_earning_frozen: bool = False


def open_account(member_id: int) -> int:
    """Open the points account of a new member, in the member's own transaction.  Returns its id."""
    result = db.session.execute(insert(PointsAccount).values(member_id=member_id).returning(PointsAccount.id))
    return int(result.scalar_one())


def lock(member_id: int) -> LockedAccount:
    """Lock a member's account: the first lock of every transaction that moves points (invariants 3.4)."""
    return LockedAccount(*db.session.execute(LOCKED, {"member_id": member_id}).one())


def lock_all(account_ids: Iterable[int]) -> None:
    """Lock many accounts, always in the order of their ids, so that no two transactions wait for each other."""
    db.session.execute(LOCK_ALL, {"accounts": sorted(account_ids)}).all()


def move(account_id: int, *, balance: int = 0, held: int = 0, debt: int = 0) -> None:
    """Add to the sums of a locked account.  The table's constraints refuse anything below zero."""
    db.session.execute(MOVE, {"account_id": account_id, "balance": balance, "held": held, "debt": debt})


def start_rolling(account_id: int) -> None:
    """From now on every earning and spending looks for lots whose end it puts off."""
    db.session.execute(START_ROLLING, {"account_id": account_id})
