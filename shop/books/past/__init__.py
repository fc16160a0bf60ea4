"""The shop's past as a replay needs it: how every member stood, and what happened since.  Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from shop.books.past.ends import ends_since
from shop.books.past.events import events_since
from shop.books.past.openings import Past, openings_at
from shop.books.past.standing import Merges
from shop.books.past.uses import budgets_before
from shop.rules.points.simulation import Event, Opening
from shop.rules.rulebook import Rulebook

__all__ = ["History", "history_since"]


@dataclass(frozen=True)
class History:
    """Everything that a replay needs, in memory."""

    openings: list[Opening]
    events: list[Event]
    budgets: Mapping[str, int]


def history_since(
    start: datetime,
    until: datetime,
    zone: ZoneInfo,
    rulebooks: Mapping[int, Rulebook],
    asked: tuple[Rulebook, ...],
) -> History:
    """How everybody stood at ``start``, and what happened up to ``until``.

    ``rulebooks`` are the published ones by their numbers, ``asked`` those of the replays.
    """
    ends, merges = ends_since(start), Merges()
    events = events_since(start, zone, rulebooks, ends, merges)
    openings = openings_at(Past(start, zone, ends, merges, events, rulebooks, asked))
    budgets = budgets_before(start, events, zone)
    return History(openings, [event for event in events if event.at <= until], budgets)
