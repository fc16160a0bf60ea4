"""The sweep of expired lots: it only writes down what is already true (invariant L5).

Lots lapse by the hundred thousand on one day, so a batch of them is a handful of statements, each over all its lots: one
locks the accounts, one reads the lots under that lock, and the rest write.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from shop.books.points.lots import CHANGE, LOTS, NEW_ALLOCATION
from shop.books.points.reminders import keep_from_lapsing
from shop.books.rulebooks import Occasion
from shop.extensions import db, table_of
from shop.models import Lot, PointsAccount, PointsEntry
from shop.rules.reasons import Reason, because

ACCOUNTS, ENTRIES = table_of(PointsAccount), table_of(PointsEntry)
DUE = (
    select(Lot.id, Lot.account_id)
    .join(PointsAccount, PointsAccount.id == Lot.account_id)
    .where(
        Lot.remaining_points > Lot.held_points,
        Lot.remaining_points > 0,
        Lot.expires_at <= bindparam("now"),
        ~PointsAccount.is_spending_frozen,
        Lot.thawed_available_at.is_(None),
    )
    .order_by(Lot.expires_at, Lot.id)
    .limit(bindparam("limit"))
)
LOCK = (
    select(ACCOUNTS.c.id, ACCOUNTS.c.balance_points)
    .where(ACCOUNTS.c.id.in_(bindparam("accounts", expanding=True)))
    .order_by(ACCOUNTS.c.id)
    .with_for_update()
)
LAPSED = (
    select(
        LOTS.c.id,
        LOTS.c.account_id,
        LOTS.c.points,
        LOTS.c.remaining_points,
        (LOTS.c.remaining_points - LOTS.c.held_points).label("free_points"),
        LOTS.c.source_class,
        LOTS.c.credited_at,
    )
    .where(
        LOTS.c.id.in_(bindparam("lots", expanding=True)),
        LOTS.c.remaining_points > LOTS.c.held_points,
        LOTS.c.expires_at <= bindparam("now"),
    )
    .order_by(LOTS.c.account_id, LOTS.c.id)
)
NEW_ENTRIES = insert(ENTRIES).returning(ENTRIES.c.reference, ENTRIES.c.id)
TAKE_OFF = (
    update(ACCOUNTS)
    .where(ACCOUNTS.c.id == bindparam("account"))
    .values(balance_points=ACCOUNTS.c.balance_points - bindparam("lapsed"))
)
DueLot = Any  # a row of DUE
LapsedLot = Any  # a row of LAPSED


def due(now: datetime, limit: int) -> Sequence[DueLot]:
    """At most ``limit`` lots whose time has passed, those that ended first.  Reads only, and needs no lock.

    Held points wait for their order, frozen ones for the thaw.
    """
    return db.session.execute(DUE, {"now": now, "limit": limit}).all()


def sweep(occasion: Occasion, limit: int) -> int:
    """Write off at most ``limit`` lots whose time has passed.  Returns how many were dealt with."""
    return sweep_lots(due(occasion.now, limit), occasion)


def sweep_lots(lots: Sequence[DueLot], occasion: Occasion) -> int:
    """Write off these lots.

    What renews, or was not announced in time, is put off instead: from now on it can be spent again, and never before.
    Returns how many were dealt with.  Safe to run twice and on two machines: the lots are read again under the locks of
    their accounts.
    """
    if not lots:
        return 0
    accounts = db.session.execute(LOCK, {"accounts": sorted({row.account_id for row in lots})})
    balances = {row.id: row.balance_points for row in accounts}
    values = {"lots": [row.id for row in lots], "now": occasion.now}
    over = db.session.execute(LAPSED, values).all()
    kept = keep_from_lapsing([lot.id for lot in over], occasion)
    lapsed = [lot for lot in over if lot.id not in kept]
    if lapsed:
        _write_off(lapsed, balances, occasion)
    return len(over)


def _write_off(lapsed: Sequence[LapsedLot], balances: dict[int, int], occasion: Occasion) -> None:
    """An entry for each lot, what it took from the lot, and what is left: of the lots, and of the accounts."""
    before = dict(balances)
    new = db.session.execute(NEW_ENTRIES, [_entry(lot, balances, occasion) for lot in lapsed])
    entry_ids: dict[str, int] = {row.reference: row.id for row in new}
    taken = [
        {"entry_id": entry_ids[_reference(lot)], "lot_id": lot.id, "points": -lot.free_points}
        for lot in lapsed
    ]
    db.session.execute(NEW_ALLOCATION, taken)
    changes = [{"lot_id": lot.id, "remaining": -lot.free_points, "held": 0} for lot in lapsed]
    changed = db.session.execute(CHANGE, changes)
    assert changed.rowcount == len(lapsed), "lots cannot change"  # type: ignore[attr-defined]
    moves = [
        {"account": account_id, "lapsed": before[account_id] - after}
        for account_id, after in balances.items()
        if after != before[account_id]
    ]
    db.session.execute(TAKE_OFF, moves)


def _entry(lot: LapsedLot, balances: dict[int, int], occasion: Occasion) -> dict[str, Any]:
    """The entry that says that a lot has lapsed; ``balances`` runs along, for an account may lose several lots."""
    balances[lot.account_id] -= lot.free_points
    return {
        "account_id": lot.account_id,
        "points": -lot.free_points,
        "kind": "expire",
        "program_account": "expired",
        "source_class": lot.source_class,
        "reference": _reference(lot),
        "rulebook_version": occasion.version,
        "shop_day": occasion.today,
        "occurred_at": occasion.now,
        "reasons": [_reason(lot.points, lot.credited_at, occasion).to_document()],
        "debt_points": 0,
        "balance_after_points": balances[lot.account_id],
    }


def _reference(lot: LapsedLot) -> str:
    """A lot may lapse twice: what was held at its end comes back later."""
    return f"expire:{lot.id}:{lot.remaining_points}"


def _reason(points: int, credited_at: datetime, occasion: Occasion) -> Reason:
    credited_on = credited_at.astimezone(occasion.zone).date()
    return because("lot_expired", points=points, credited_on=credited_on.isoformat())
