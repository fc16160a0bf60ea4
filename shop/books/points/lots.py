"""Lots: taking points from batches, soonest to expire first, and putting them back where they came from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from shop.books.points.accounts import LockedAccount
from shop.books.points.kinds import shortage
from shop.extensions import db, table_of
from shop.models import Allocation, Lot
from shop.rules.points.allocation import LotView, Take, allocate

SPENDABLE = (
    select(Lot.id, Lot.remaining_points, Lot.held_points, Lot.expires_at, Lot.credited_at)
    .where(
        Lot.account_id == bindparam("account_id"),
        Lot.remaining_points > 0,
        Lot.available_at <= bindparam("now"),
        Lot.expires_at > bindparam("now"),
    )
    .order_by(Lot.expires_at, Lot.credited_at, Lot.id)
)
TAKEABLE = (
    select(
        Lot.id,
        Lot.remaining_points,
        Lot.held_points,
        Lot.available_at,
        Lot.expires_at,
        Lot.credited_at,
        Lot.entry_id,
    )
    .where(
        Lot.account_id == bindparam("account_id"), Lot.remaining_points > 0, Lot.expires_at > bindparam("now")
    )
    .order_by(Lot.expires_at, Lot.credited_at, Lot.id)
)
LOTS = table_of(Lot)
CHANGE = (
    update(LOTS)
    .where(
        LOTS.c.id == bindparam("lot_id"),
        LOTS.c.remaining_points + bindparam("remaining") >= LOTS.c.held_points + bindparam("held"),
        LOTS.c.held_points + bindparam("held") >= 0,
    )
    .values(
        remaining_points=LOTS.c.remaining_points + bindparam("remaining"),
        held_points=LOTS.c.held_points + bindparam("held"),
    )
)
NEW_LOT = insert(table_of(Lot)).returning(table_of(Lot).c.id)
NEW_ALLOCATION = insert(table_of(Allocation))


@dataclass(frozen=True)
class NewLot:
    """A batch to open: points, class, and the half-open time ``[available_at, expires_at)`` in which they can be spent."""

    points: int
    source_class: str
    credited_at: datetime
    available_at: datetime
    expires_at: datetime
    rulebook_version: int
    extension: str | None = None
    extension_days: int = 0
    extensions_left: int = 0
    thawed_available_at: datetime | None = None


def open_lot(account_id: int, entry_id: int, lot: NewLot) -> int:
    """Open a lot for points that an entry brought.  Returns its id."""
    row = {
        "account_id": account_id,
        "entry_id": entry_id,
        "source_class": lot.source_class,
        "points": lot.points,
        "remaining_points": lot.points,
        "credited_at": lot.credited_at,
        "available_at": lot.available_at,
        "expires_at": lot.expires_at,
        "rulebook_version": lot.rulebook_version,
        "extension": lot.extension,
        "extension_days": lot.extension_days,
        "extensions_left": lot.extensions_left,
        "thawed_available_at": lot.thawed_available_at,
    }
    return int(db.session.execute(NEW_LOT, row).scalar_one())


def choose_affordable(account: LockedAccount, points: int, now: datetime) -> tuple[Take, ...]:
    """Which living lots pay ``points`` now.  Raises InsufficientPoints; what is owed cannot be spent."""
    rows = db.session.execute(SPENDABLE, {"account_id": account.id, "now": now})
    views = [
        LotView(row.id, row.remaining_points - row.held_points, row.expires_at, row.credited_at)
        for row in rows
    ]
    available = max(0, sum(view.free_points for view in views) - account.debt_points)
    if available < points:
        raise shortage(points, available, account.kind)
    return allocate(points, views, now=now).takes


def choose_for_claw_back(
    account_id: int, points: int, own_entries: frozenset[int], now: datetime
) -> tuple[Take, ...]:
    """Which lots give back what a refund takes: pending ones first, then those of the same order, then the others."""
    rows = list(db.session.execute(TAKEABLE, {"account_id": account_id, "now": now}))

    def turn(row: object) -> int:
        if row.available_at > now:  # type: ignore[attr-defined]
            return 0
        return 1 if row.entry_id in own_entries else 2  # type: ignore[attr-defined]

    takes: list[Take] = []
    wanted = points
    for row in sorted(rows, key=turn):  # sorted() keeps the order of expiry within a turn
        if part := min(wanted, row.remaining_points - row.held_points):
            takes.append(Take(row.id, part))
            wanted -= part
    return tuple(takes)


def change(parts: Iterable[Take], *, remaining: int = 0, held: int = 0) -> None:
    """Change lots by so many times each part, in the order of their ids, by guarded updates sent together.

    A refusal means that the caller's lock did not hold: a bug, so it raises.
    """
    rows = [
        {"lot_id": part.lot_id, "remaining": remaining * part.points, "held": held * part.points}
        for part in sorted(parts, key=lambda each: each.lot_id)
    ]
    if not rows:
        return
    changed = db.session.execute(CHANGE, rows)
    assert changed.rowcount == len(rows), f"lots cannot change: {rows}"  # type: ignore[attr-defined]


def record_takes(entry_id: int, takes: tuple[Take, ...], *, were_held: bool = False) -> None:
    """Take from lots and write down, for the entry, how much came from which."""
    change(takes, remaining=-1, held=-1 if were_held else 0)
    _allocate(entry_id, [(take.lot_id, -take.points) for take in takes])


def record_returns(entry_id: int, returns: tuple[Take, ...]) -> None:
    """Put points back into lots and write it down for the entry."""
    change(returns, remaining=1)
    _allocate(entry_id, [(part.lot_id, part.points) for part in returns])


def _allocate(entry_id: int, parts: list[tuple[int, int]]) -> None:
    if parts:
        rows = [{"entry_id": entry_id, "lot_id": lot_id, "points": points} for lot_id, points in parts]
        db.session.execute(NEW_ALLOCATION, rows)
