"""What happened since a moment, in its order, as causes that a replay can decide anew."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from operator import itemgetter
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select

from shop.books.past import bought, fallen, given
from shop.books.past.ends import Ends, moved_since
from shop.books.past.signed import signed_since
from shop.books.past.standing import Merges, tiers_given_since
from shop.extensions import db
from shop.models import Deed, PointsEntry
from shop.rules.points.simulation import Did, Event
from shop.rules.rulebook import Rulebook

SINCE = bindparam("since", type_=PointsEntry.occurred_at.type)
Placed = tuple[datetime, int, Event]
DEEDS = select(Deed.id, Deed.member_id, Deed.event, Deed.detail, Deed.at).where(Deed.at >= SINCE)
DEED_ENTRIES = (
    select(PointsEntry.reference, func.min(PointsEntry.id))
    .where(PointsEntry.reference.startswith("deed:"), PointsEntry.occurred_at >= SINCE)
    .group_by(PointsEntry.reference)
)


def events_since(
    start: datetime, zone: ZoneInfo, rulebooks: Mapping[int, Rulebook], ends: Ends, merges: Merges
) -> list[Event]:
    """Every event from ``start`` on.  At one moment the order of the entries in the book decides.

    ``rulebooks`` are the published ones by their numbers.
    """
    placed = [
        *bought.purchases_since(start, merges),
        *bought.returns_since(start, merges),
        *fallen.fallen_since(start, merges),
        *given.movements_since(start, ends),
        *moved_since(start, ends),
        *tiers_given_since(start),
        *merges.since(start),
        *signed_since(start, zone, rulebooks),
        *_done_since(start),
    ]
    placed.sort(key=itemgetter(0, 1))
    return [event for _at, _place, event in placed]


def _done_since(start: datetime) -> Iterator[Placed]:
    places: dict[int, int] = defaultdict(int)
    for reference, entry_id in db.session.execute(DEED_ENTRIES, {"since": start}):
        places[int(reference.split(":")[1])] = int(entry_id)
    for row in db.session.execute(DEEDS, {"since": start}):
        event = Did(
            at=row.at, member_id=row.member_id, key=given.deed_key(row.id), event=row.event, detail=row.detail
        )
        yield row.at, places[row.id], event
