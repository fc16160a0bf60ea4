"""Putting off the end of lots: never to an earlier one, and each time with a note that stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from shop.books.rulebooks import Occasion
from shop.extensions import db, table_of
from shop.models import Lot, LotExtension
from shop.rules.points.expiry import end_after

LOTS = table_of(Lot)
NOTE = insert(table_of(LotExtension))
ROLLING = select(Lot.id, Lot.expires_at, Lot.extension_days).where(
    Lot.account_id == bindparam("account_id"),
    Lot.extension == "activity",
    Lot.remaining_points > 0,
    Lot.expires_at > bindparam("now"),
)
PUT_OFF = (
    update(LOTS)
    .where(LOTS.c.id == bindparam("lot_id"), LOTS.c.expires_at == bindparam("ended_at"))
    .values(
        expires_at=bindparam("ends_at"), extensions_left=LOTS.c.extensions_left - bindparam("extensions_used")
    )
)


@dataclass(frozen=True)
class Extension:
    """A lot whose end moves from ``ended_at`` to ``ends_at``."""

    lot_id: int
    ended_at: datetime
    ends_at: datetime


def put_off(
    extensions: Sequence[Extension], reason: str, now: datetime, *, entry_id: int | None = None
) -> None:
    """Move ends and write a note for each.  The caller has locked the accounts.

    ``reason`` unused takes one of the lot's extensions away.
    """
    if not extensions:
        return
    used = 1 if reason == "unused" else 0
    rows = [
        {"lot_id": each.lot_id, "ended_at": each.ended_at, "ends_at": each.ends_at}
        for each in sorted(extensions, key=lambda each: each.lot_id)
    ]
    moved = db.session.execute(PUT_OFF, [{**row, "extensions_used": used} for row in rows])
    assert moved.rowcount == len(rows), f"lots cannot be put off: {rows}"  # type: ignore[attr-defined]
    notes = [{**row, "reason": reason, "entry_id": entry_id, "created_at": now} for row in rows]
    db.session.execute(NOTE, notes)


def roll(account_id: int, entry_id: int, occasion: Occasion) -> None:
    """An earning or a spending: every living lot that rolls with activity ends its days after today."""
    rows = db.session.execute(ROLLING, {"account_id": account_id, "now": occasion.now}).all()
    moves = [
        Extension(row.id, row.expires_at, end_after(row.extension_days, occasion.today, occasion.zone))
        for row in rows
    ]
    later = [move for move in moves if move.ends_at > move.ended_at]
    put_off(later, "activity", occasion.now, entry_id=entry_id)
