"""Signed days since a moment, each as it was counted when it was signed."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select

from shop.extensions import db
from shop.models import PointsEntry, SignIn
from shop.rules.points.simulation import Event, Signed
from shop.rules.rulebook import Rulebook

SINCE = bindparam("since", type_=PointsEntry.occurred_at.type)
SIGNINS = (
    select(
        SignIn.member_id,
        SignIn.day,
        SignIn.streak,
        SignIn.reasons,
        SignIn.milestones,
        SignIn.cycle_version,
        SignIn.rulebook_version,
        SignIn.created_at,
    )
    .where(or_(SignIn.created_at >= SINCE, SignIn.day >= bindparam("month")))
    .order_by(SignIn.created_at)
)
ENTRIES = select(PointsEntry.reference, PointsEntry.id).where(
    PointsEntry.reference.startswith("signin"), PointsEntry.occurred_at >= SINCE, PointsEntry.points > 0
)


def signed_since(
    start: datetime, zone: ZoneInfo, rulebooks: Mapping[int, Rulebook]
) -> Iterator[tuple[datetime, int, Event]]:
    """Each sign-in with its place in the book; those before ``start`` count in their month only."""
    places = _places(start)
    months: dict[tuple[int, int, int], _Month] = {}
    first_day = start.astimezone(zone).date().replace(day=1)
    for row in db.session.execute(SIGNINS, {"since": start, "month": first_day}):
        month = months.setdefault((row.member_id, row.day.year, row.day.month), _Month(row.rulebook_version))
        month.days += 1
        if row.created_at >= start:
            event = _event(row, month, rulebooks[row.cycle_version])
            yield row.created_at, places.get((row.member_id, str(row.day)), 0), event


class _Month:
    """A member's month while it goes on: by which version, and how many days are signed."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.days = 0


def _event(row: Any, month: _Month, of_cycle: Rulebook) -> Signed:
    told = {reason["code"]: reason["params"] for reason in row.reasons}
    streak = int(told["signed_in_day"]["streak"]) if "signed_in_day" in told else int(row.streak)
    counted = int(told["sign_in_day_of_cycle"]["counted"]) if "sign_in_day_of_cycle" in told else streak
    return Signed(
        at=row.created_at,
        member_id=row.member_id,
        day=row.day,
        streak=streak,
        counted=counted,
        cycle=of_cycle.signin.streak_cycle,
        month_days=month.days,
        milestones=tuple(row.milestones),
        known_milestones=frozenset(each.days for each in of_cycle.signin.milestones),
        cycle_version=row.cycle_version,
        month_version=month.version,
    )


def _places(start: datetime) -> dict[tuple[int, str], int]:
    """Where in the book a sign-in stands: its first entry, by member and day."""
    places: dict[tuple[int, str], int] = {}
    for reference, entry_id in db.session.execute(ENTRIES, {"since": start}):
        _kind, member_id, day, *_milestone = reference.split(":")
        key = (int(member_id), day)
        places[key] = min(entry_id, places.get(key, entry_id))
    return places
