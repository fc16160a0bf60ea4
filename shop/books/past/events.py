"""What happened since a moment, in its order, as causes that a replay can decide anew."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, func, select

from shop.books.past import bought, given
from shop.books.past.ends import Ends, moved_since
from shop.books.past.standing import Merges, tiers_given_since
from shop.extensions import db
from shop.models import Deed, PointsEntry, SignIn
from shop.rules.points.simulation import Did, Event, Signed

SINCE = bindparam("since", type_=PointsEntry.occurred_at.type)
Placed = tuple[datetime, int, Event]
SIGNINS = (
    select(
        SignIn.member_id,
        SignIn.day,
        SignIn.streak,
        SignIn.reasons,
        SignIn.milestones,
        SignIn.kind,
        SignIn.rulebook_version,
        SignIn.created_at,
    )
    .where(SignIn.created_at >= SINCE)
    .order_by(SignIn.created_at)
)
DEEDS = select(Deed.id, Deed.member_id, Deed.event, Deed.detail, Deed.at).where(Deed.at >= SINCE)
DEED_ENTRIES = (
    select(PointsEntry.reference, func.min(PointsEntry.id))
    .where(PointsEntry.reference.startswith("deed:"), PointsEntry.occurred_at >= SINCE)
    .group_by(PointsEntry.reference)
)


def events_since(
    start: datetime, milestones_of: dict[int, frozenset[int]], ends: Ends, merges: Merges
) -> list[Event]:
    """Every event from ``start`` on.  At one moment the order of the entries in the book decides.

    ``milestones_of`` gives the milestone days that each rulebook version knew.
    """
    placed = [
        *bought.purchases_since(start, merges),
        *bought.returns_since(start, merges),
        *bought.fallen_since(start, merges),
        *given.movements_since(start, ends),
        *moved_since(start, ends),
        *tiers_given_since(start),
        *merges.since(start),
        *_signed_since(start, milestones_of),
        *_done_since(start),
    ]
    placed.sort(key=itemgetter(0, 1))
    return [event for _at, _place, event in placed]


def _signed_since(start: datetime, milestones_of: dict[int, frozenset[int]]) -> Iterator[Placed]:
    places = _places_of_sign_ins(start)
    for row in db.session.execute(SIGNINS, {"since": start}):
        event = Signed(
            at=row.created_at,
            member_id=row.member_id,
            day=row.day,
            streak=_streak_then(row),
            milestones=tuple(row.milestones),
            known_milestones=milestones_of.get(row.rulebook_version, frozenset()),
        )
        yield row.created_at, places.get((row.member_id, str(row.day)), 0), event


def _streak_then(row: Any) -> int:
    """The place in the run when the day was signed; a make-up may have lengthened the run since."""
    for reason in row.reasons:
        if reason["code"] == "signed_in_day":
            return int(reason["params"]["streak"])
    return int(row.streak)


def _places_of_sign_ins(start: datetime) -> dict[tuple[int, str], int]:
    """Where in the book a sign-in stands: its first entry, by member and day."""
    rows = db.session.execute(
        select(PointsEntry.reference, PointsEntry.id).where(
            PointsEntry.reference.startswith("signin"),
            PointsEntry.occurred_at >= start,
            PointsEntry.points > 0,
        )
    )
    places: dict[tuple[int, str], int] = {}
    for reference, entry_id in rows:
        _kind, member_id, day, *_milestone = reference.split(":")
        key = (int(member_id), day)
        places[key] = min(entry_id, places.get(key, entry_id))
    return places


def _done_since(start: datetime) -> Iterator[Placed]:
    places: dict[int, int] = defaultdict(int)
    for reference, entry_id in db.session.execute(DEED_ENTRIES, {"since": start}):
        places[int(reference.split(":")[1])] = int(entry_id)
    for row in db.session.execute(DEEDS, {"since": start}):
        event = Did(
            at=row.at, member_id=row.member_id, key=given.deed_key(row.id), event=row.event, detail=row.detail
        )
        yield row.at, places[row.id], event
