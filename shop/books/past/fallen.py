"""Awards by threshold of a month that returns took back, or that were void before they were credited."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select

from shop.books.past.standing import Merges
from shop.extensions import db
from shop.models import MonthReversal, Purchase
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.simulation import Event, FellShort

LAST = 2**62
"""The place of returns among what happened at one moment: they follow everything else."""
SINCE = bindparam("since", type_=MonthReversal.at.type)
VOID = select(MonthReversal.purchase_id, MonthReversal.award, MonthReversal.points).where(
    MonthReversal.entry_id.is_(None)
)
FELL_SHORT = (
    select(
        MonthReversal.purchase_id,
        MonthReversal.award,
        MonthReversal.points,
        MonthReversal.waived_points,
        MonthReversal.at,
        Purchase.member_id,
        Purchase.rulebook_version,
        Purchase.awards,
    )
    .join(Purchase, Purchase.id == MonthReversal.purchase_id)
    .where(MonthReversal.entry_id.is_not(None), MonthReversal.at >= SINCE)
    .order_by(MonthReversal.id)
)


def left_out() -> Mapping[int, dict[int, int]]:
    """By purchase and number of the award: points that were void before the award was credited."""
    sums: dict[int, dict[int, int]] = defaultdict(dict)
    for row in db.session.execute(VOID):
        of_purchase = sums[row.purchase_id]
        of_purchase[row.award] = of_purchase.get(row.award, 0) + row.points
    return sums


def fallen_since(start: datetime, merges: Merges) -> Iterator[tuple[datetime, int, Event]]:
    """Each award that a return took back after it was credited."""
    for row in db.session.execute(FELL_SHORT, {"since": start}).all():
        if row.awards[row.award - 1].get("points_kind", MAIN_KIND) != MAIN_KIND:
            continue
        event = FellShort(
            at=row.at,
            member_id=merges.owner(row.purchase_id, row.member_id, row.at),
            key=row.purchase_id,
            rule=row.awards[row.award - 1]["rule"],
            points=row.points,
            let_go=row.waived_points,
            version=row.rulebook_version,
        )
        yield row.at, LAST, event
