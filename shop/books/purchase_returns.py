"""What a refund of a reported purchase would take back: worked out the same for the preview and for the booking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from shop.errors import RefundAboveLeft
from shop.extensions import db
from shop.models import PointsEntry, PurchaseLine
from shop.rules.orders.splitting import largest_remainder
from shop.rules.points.award_documents import awards_from_documents
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.reversing import Returned, Standing, points_to_take_back

LINES = (
    select(PurchaseLine)
    .where(PurchaseLine.purchase_id == bindparam("purchase_id"))
    .order_by(PurchaseLine.number)
)
Clawed = aliased(PointsEntry)
ENTRIES = (
    select(
        PointsEntry.id,
        PointsEntry.points,
        PointsEntry.reference,
        func.coalesce(func.sum(-Clawed.points), 0).label("clawed"),
    )
    .outerjoin(Clawed, (Clawed.corrects_entry_id == PointsEntry.id) & (Clawed.kind == "claw_back"))
    .where(PointsEntry.purchase_id == bindparam("purchase_id"), PointsEntry.kind == "earn")
    .group_by(PointsEntry.id, PointsEntry.points, PointsEntry.reference)
    .order_by(PointsEntry.id)
)


@dataclass(frozen=True)
class Back:
    """What goes back of one line."""

    number: int
    cents: int
    quantity: int


@dataclass(frozen=True)
class EntryBack:
    """An entry that the purchase earned, and how many of its points go back now."""

    entry_id: int
    awarded: int
    points: int
    points_kind: str = MAIN_KIND


def lines_of(purchase_id: int) -> list[PurchaseLine]:
    """The lines of a reported purchase in their order."""
    return list(db.session.scalars(LINES, {"purchase_id": purchase_id}))


def split_over_lines(cents: int, lines: Sequence[PurchaseLine]) -> list[Back]:
    """An amount in cents over all lines, in proportion to what is left of them.  Raises RefundAboveLeft."""
    left = [line.cents - line.refunded_cents for line in lines]
    if not 0 < cents <= sum(left):
        raise RefundAboveLeft(sum(left))
    parts = largest_remainder(cents, left)
    return [Back(line.number, part, 0) for line, part in zip(lines, parts, strict=True) if part]


def entries_going_back(purchase: Any, lines: Sequence[PurchaseLine], back: Sequence[Back]) -> list[EntryBack]:
    """What each entry gives back; ``purchase`` has ``id``, ``awards`` and ``waived_points``."""
    going = {each.number: each for each in back}
    awards = awards_from_documents(purchase.awards).awards
    rows = db.session.execute(ENTRIES, {"purchase_id": purchase.id}).all()
    standings, kinds = [], []
    for row in rows:
        award = awards[int(row.reference.rpartition(":")[2]) - 1]
        kinds.append(award.points_kind)
        standings.append(Standing(award.points, row.points, int(row.clawed), award.shares, award.threshold))
    returned = [_returned(line, going) for line in lines]
    taken = points_to_take_back(standings, [*returned, Returned(0, 0)], waived=purchase.waived_points)
    return [
        EntryBack(row.id, row.points, points, kind)
        for row, points, kind in zip(rows, taken, kinds, strict=True)
    ]


def _returned(line: PurchaseLine, going: Mapping[int, Back]) -> Returned:
    now = going.get(line.number, Back(line.number, 0, 0))
    return Returned(
        line.cents, line.refunded_cents + now.cents, line.quantity, line.refunded_quantity + now.quantity
    )
