"""The rows that every movement of a member's points locks first; which account is meant is decided here alone.

A member's account of the main kind is the member's lock: whoever moves points of another kind locks it too, and before
the other, so that two movements of one member never overlap, and no two transactions wait for each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from shop.extensions import db, table_of
from shop.models import PointsAccount
from shop.rules.points.kinds import MAIN_KIND

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
        PointsAccount.kind,
    )
    .where(PointsAccount.member_id == bindparam("member_id"), PointsAccount.kind == bindparam("points_kind"))
    .with_for_update()
)
KINDS_OF = (
    select(PointsAccount.kind)
    .where(PointsAccount.member_id == bindparam("member_id"))
    .order_by(PointsAccount.id)
)
ACCOUNTS = table_of(PointsAccount)
NEW_ACCOUNT = insert(ACCOUNTS).returning(ACCOUNTS.c.id)
EMPTY = {"balance_points": 0, "held_points": 0, "debt_points": 0}
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
    kind: str = MAIN_KIND


@dataclass(frozen=True)
class Owner:
    """Whose account it is, and of which kind of points."""

    member_id: int
    kind: str


def open_account(member_id: int) -> int:
    """Open the points account of a new member, in the member's own transaction.  Returns its id."""
    row = {**EMPTY, "member_id": member_id, "kind": MAIN_KIND}
    return int(db.session.execute(NEW_ACCOUNT, row).scalar_one())


def lock(member_id: int, points_kind: str = MAIN_KIND) -> LockedAccount:
    """Lock a member's account: the first lock of every transaction that moves points (invariants 3.4).

    An account of a further kind is opened when it is first asked for, frozen as the member is.
    """
    main = LockedAccount(
        *db.session.execute(LOCKED, {"member_id": member_id, "points_kind": MAIN_KIND}).one()
    )
    if points_kind == MAIN_KIND:
        return main
    named = {"member_id": member_id, "points_kind": points_kind}
    row = db.session.execute(LOCKED, named).one_or_none()
    return LockedAccount(*row) if row else _open_beside(main, member_id, points_kind)


def lock_all(account_ids: Iterable[int]) -> None:
    """Lock many accounts, always in the order of their ids, so that no two transactions wait for each other."""
    db.session.execute(LOCK_ALL, {"accounts": sorted(account_ids)}).all()


def kinds_of(member_id: int) -> tuple[str, ...]:
    """The kinds of points that a member has an account of, the main one first."""
    return tuple(db.session.scalars(KINDS_OF, {"member_id": member_id}))


def move(account_id: int, *, balance: int = 0, held: int = 0, debt: int = 0) -> None:
    """Add to the sums of a locked account.  The table's constraints refuse anything below zero."""
    db.session.execute(MOVE, {"account_id": account_id, "balance": balance, "held": held, "debt": debt})


def start_rolling(account_id: int) -> None:
    """From now on every earning and spending looks for lots whose end it puts off."""
    db.session.execute(START_ROLLING, {"account_id": account_id})


def _open_beside(main: LockedAccount, member_id: int, points_kind: str) -> LockedAccount:
    frozen = {"is_spending_frozen": main.is_spending_frozen, "is_earning_frozen": main.is_earning_frozen}
    row = {**EMPTY, **frozen, "member_id": member_id, "kind": points_kind}
    account_id = int(db.session.execute(NEW_ACCOUNT, row).scalar_one())
    return LockedAccount(account_id, 0, 0, 0, kind=points_kind, **frozen)
