"""Many members at once: accounts opened, points credited and taken back, in a handful of statements.

What a file brings moves exactly as ``entries`` would move it one by one; it only asks the database less often, so that
twenty thousand rows do not keep everybody else waiting.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import bindparam, insert, select, update

from shop.books.points.accounts import LockedAccount
from shop.books.points.lots import NEW_ALLOCATION
from shop.books.rulebooks import Occasion
from shop.extensions import db, table_of
from shop.models import Lot, PointsAccount, PointsEntry
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.reasons import Reason, because

CHUNK = 500
LOCKED = (
    select(
        PointsAccount.member_id,
        PointsAccount.id,
        PointsAccount.balance_points,
        PointsAccount.held_points,
        PointsAccount.debt_points,
    )
    .where(PointsAccount.member_id.in_(bindparam("members", expanding=True)), PointsAccount.kind == MAIN_KIND)
    .order_by(PointsAccount.id)
    .with_for_update()
)
ACCOUNTS, ENTRIES, LOTS = table_of(PointsAccount), table_of(PointsEntry), table_of(Lot)
NEW_ACCOUNTS = insert(ACCOUNTS)
NEW_ENTRIES = insert(ENTRIES).returning(ENTRIES.c.id, ENTRIES.c.reference)
NEW_LOTS = insert(LOTS).returning(LOTS.c.id, LOTS.c.entry_id)
MOVE = (
    update(ACCOUNTS)
    .where(ACCOUNTS.c.id == bindparam("account"))
    .values(
        balance_points=ACCOUNTS.c.balance_points + bindparam("balance"),
        debt_points=ACCOUNTS.c.debt_points + bindparam("debt"),
    )
)
EMPTY_LOT = update(LOTS).where(LOTS.c.id == bindparam("lot")).values(remaining_points=0)
TAKE = (
    update(LOTS)
    .where(LOTS.c.id == bindparam("lot"))
    .values(remaining_points=LOTS.c.remaining_points - bindparam("taken"))
)
Item = TypeVar("Item")


@dataclass(frozen=True)
class Credit:
    """Points for one member, as a grant with a lot of its own.  ``expires_at`` half open, in UTC."""

    member_id: int
    points: int
    reference: str
    source_class: str
    expires_at: datetime
    reasons: tuple[Reason, ...]
    staff_id: int | None


@dataclass(frozen=True)
class WholeLot:
    """A lot of which nothing was used, and the entry that brought it."""

    member_id: int
    lot_id: int
    entry_id: int
    points: int
    source_class: str


def chunks(items: Sequence[Item], size: int = CHUNK) -> Iterator[Sequence[Item]]:
    """The items in their order, so many at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))


def open_accounts(member_ids: Sequence[int]) -> None:
    """Open the points accounts of new members, in the members' own transaction."""
    if member_ids:
        rows = [
            {"member_id": each, "kind": MAIN_KIND, "balance_points": 0, "held_points": 0, "debt_points": 0}
            for each in member_ids
        ]
        db.session.execute(NEW_ACCOUNTS, rows)


def lock_all(member_ids: Sequence[int]) -> dict[int, LockedAccount]:
    """Lock the main accounts of many members, in the order of their ids: two such transactions never wait in a circle."""
    locked = {}
    for members in chunks(sorted(set(member_ids))):
        for row in db.session.execute(LOCKED, {"members": members}):
            locked[row.member_id] = LockedAccount(
                row.id, row.balance_points, row.held_points, row.debt_points
            )
    return locked


def credit_all(brought: Sequence[Credit], occasion: Occasion) -> dict[str, int]:
    """Credit points to many members.  What somebody owes is filled first.  Returns the entries by their references.

    A reference that is booked already fails the whole transaction: callers look before.
    """
    if not brought:
        return {}
    standing = {
        member: _Standing(account)
        for member, account in lock_all([each.member_id for each in brought]).items()
    }
    filled = [standing[each.member_id].add(each.points) for each in brought]
    rows = [
        _entry(each, standing[each.member_id].account.id, debt, balance, occasion)
        for each, (debt, balance) in zip(brought, filled, strict=True)
    ]
    entry_ids: dict[str, int] = {row.reference: row.id for row in db.session.execute(NEW_ENTRIES, rows)}
    lots = [_lot(each, standing[each.member_id].account.id, entry_ids, occasion) for each in brought]
    lot_ids = {row.entry_id: row.id for row in db.session.execute(NEW_LOTS, lots)}
    _fill_debts(brought, filled, entry_ids, lot_ids)
    db.session.execute(MOVE, [each.movement for each in standing.values()])
    return entry_ids


def take_back_all(lots: Sequence[WholeLot], line: tuple[str, Reason], occasion: Occasion) -> None:
    """Take back whole lots that nobody has touched.  ``line`` is the head of the references, and why.

    The caller holds the accounts' locks and has seen that each lot is whole.
    """
    if not lots:
        return
    head, reason = line
    accounts = lock_all([each.member_id for each in lots])
    balances = {member: account.balance_points for member, account in accounts.items()}
    rows = []
    for each in lots:
        balances[each.member_id] -= each.points
        rows.append(
            {
                **_common(accounts[each.member_id].id, (reason,), occasion),
                "points": -each.points,
                "kind": "claw_back",
                "program_account": "clawed_back",
                "source_class": each.source_class,
                "reference": f"{head}:{each.entry_id}",
                "debt_points": 0,
                "balance_after_points": balances[each.member_id],
                "corrects_entry_id": each.entry_id,
                "staff_id": None,
            }
        )
    entry_ids = {row.reference: row.id for row in db.session.execute(NEW_ENTRIES, rows)}
    taken = [
        {"entry_id": entry_ids[f"{head}:{each.entry_id}"], "lot_id": each.lot_id, "points": -each.points}
        for each in lots
    ]
    db.session.execute(NEW_ALLOCATION, taken)
    db.session.execute(EMPTY_LOT, [{"lot": each.lot_id} for each in lots])
    moves = [
        {"account": account.id, "balance": balances[member] - account.balance_points, "debt": 0}
        for member, account in accounts.items()
    ]
    db.session.execute(MOVE, moves)


class _Standing:
    """A locked account while credits are added to it."""

    def __init__(self, account: LockedAccount) -> None:
        self.account = account
        self.balance, self.debt = account.balance_points, account.debt_points

    def add(self, points: int) -> tuple[int, int]:
        """How much of the points fills debt, and the balance afterwards."""
        filled = min(points, self.debt)
        self.debt -= filled
        self.balance += points - filled
        return filled, self.balance

    @property
    def movement(self) -> dict[str, int]:
        return {
            "account": self.account.id,
            "balance": self.balance - self.account.balance_points,
            "debt": self.debt - self.account.debt_points,
        }


def _common(account_id: int, reasons: tuple[Reason, ...], occasion: Occasion) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "rulebook_version": occasion.version,
        "shop_day": occasion.today,
        "occurred_at": occasion.now,
        "reasons": [reason.to_document() for reason in reasons],
        "order_id": None,
    }


def _entry(credit: Credit, account_id: int, debt: int, balance: int, occasion: Occasion) -> dict[str, Any]:
    repaid = (because("debt_repaid", points=debt),) if debt else ()
    return {
        **_common(account_id, (*credit.reasons, *repaid), occasion),
        "points": credit.points,
        "kind": "grant",
        "program_account": "issued",
        "source_class": credit.source_class,
        "reference": credit.reference,
        "debt_points": -debt,
        "balance_after_points": balance,
        "corrects_entry_id": None,
        "staff_id": credit.staff_id,
    }


def _lot(credit: Credit, account_id: int, entry_ids: dict[str, int], occasion: Occasion) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "entry_id": entry_ids[credit.reference],
        "source_class": credit.source_class,
        "points": credit.points,
        "remaining_points": credit.points,
        "held_points": 0,
        "credited_at": occasion.now,
        "available_at": occasion.now,
        "expires_at": credit.expires_at,
        "rulebook_version": occasion.version,
    }


def _fill_debts(
    brought: Sequence[Credit],
    filled: Sequence[tuple[int, int]],
    entry_ids: dict[str, int],
    lot_ids: dict[int, int],
) -> None:
    """What filled debt was taken from the very lot that came."""
    owed = [
        {"entry": entry_ids[each.reference], "taken": debt}
        for each, (debt, _balance) in zip(brought, filled, strict=True)
        if debt
    ]
    if not owed:
        return
    taken = [
        {"entry_id": each["entry"], "lot_id": lot_ids[each["entry"]], "points": -each["taken"]}
        for each in owed
    ]
    db.session.execute(NEW_ALLOCATION, taken)
    db.session.execute(TAKE, [{"lot": lot_ids[each["entry"]], "taken": each["taken"]} for each in owed])
