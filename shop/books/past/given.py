"""Movements that no rule of earning decides: gifts and prizes, spendings, and what came back of them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from shop.books.rulebooks import occasion_under
from shop.extensions import db
from shop.models import Allocation, Hold, Lot, PointsAccount, PointsEntry
from shop.rules.points.simulation import Event, Given, Restored, Spent

SINCE = bindparam("since", type_=PointsEntry.occurred_at.type)
DECIDED = ("order:", "purchase:", "signin:", "signin-milestone:", "deed:")
"""References of earnings that are replayed from their causes."""
ENTRIES = (
    select(
        PointsEntry.id,
        PointsAccount.member_id,
        PointsEntry.points,
        PointsEntry.kind,
        PointsEntry.reference,
        PointsEntry.source_class,
        PointsEntry.occurred_at,
        PointsEntry.corrects_entry_id,
        PointsEntry.rulebook_version,
        Lot.points.label("lot_points"),
        Lot.available_at,
        Lot.expires_at,
    )
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .outerjoin(Lot, Lot.entry_id == PointsEntry.id)
    .where(PointsEntry.occurred_at >= SINCE, PointsEntry.kind != "expire")
    .order_by(PointsEntry.id)
)
RETURNED_TO = (
    select(Allocation.entry_id, Allocation.points, Lot.expires_at)
    .join(PointsEntry, PointsEntry.id == Allocation.entry_id)
    .join(Lot, Lot.id == Allocation.lot_id)
    .where(PointsEntry.kind == "restore", PointsEntry.occurred_at >= SINCE, Allocation.points > 0)
)
HELD = select(Hold.reference, Hold.created_at).where(Hold.state == "captured", Hold.ended_at >= SINCE)


def movements_since(start: datetime) -> Iterator[tuple[datetime, int, Event]]:
    """Gifts, spendings and returns, each with its place in the book.

    A spending of held points counts from the moment at which they were set aside: then its lots were chosen.
    """
    held = {row.reference: row.created_at for row in db.session.execute(HELD, {"since": start})}
    parts: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for part in db.session.execute(RETURNED_TO, {"since": start}):
        parts[part.entry_id].append((part.points, part.expires_at))
    for row in db.session.execute(ENTRIES, {"since": start}).all():
        event = _restored(row, parts[row.id]) if row.kind == "restore" else _event(row, held)
        if event is not None:
            yield event.at, row.id, event


def _restored(row: Any, parts: list[tuple[int, datetime]]) -> Restored:
    grace = [(row.lot_points, row.expires_at)] if row.lot_points else []
    rulebook = occasion_under(row.rulebook_version, row.occurred_at).rulebook
    return Restored(
        at=row.occurred_at,
        member_id=row.member_id,
        key=row.corrects_entry_id,
        points=row.points,
        grace_days=rulebook.returns.grace_days,
        parts=tuple(parts + grace),
    )


def _event(row: Any, held: dict[str, datetime]) -> Event | None:
    if row.kind == "redeem" or (row.kind == "adjust" and row.points < 0):
        at = held.get(row.reference.removesuffix(":redeem"), row.occurred_at)
        return Spent(at=at, member_id=row.member_id, key=row.id, points=-row.points)
    if row.points > 0 and not row.reference.startswith(DECIDED):
        return Given(
            at=row.occurred_at,
            member_id=row.member_id,
            points=row.points,
            source_class=row.source_class or "grant",
            counts_as_earned=row.kind == "earn",
            available_at=row.available_at,
            expires_at=None if row.kind == "earn" else row.expires_at,
        )
    return None
