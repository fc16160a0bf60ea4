"""Rules with limited times or a budget: how often and for how much they applied before a replay begins."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from shop.extensions import db
from shop.models import Deed, Purchase, RuleUse
from shop.rules.points.simulation import Bought, Event, Signed

USES = select(RuleUse.rule_code, RuleUse.member_id, RuleUse.reference, RuleUse.used_on, RuleUse.points)
PURCHASES = select(Purchase.source, Purchase.external_id).where(
    Purchase.id.in_(bindparam("purchases", expanding=True))
)
DEEDS = select(Deed.event, Deed.key).where(Deed.at >= bindparam("since", type_=Deed.at.type))
CHUNK = 500


def uses_before(
    start: datetime, events: Iterable[Event], zone: ZoneInfo
) -> dict[int, list[tuple[str, date]]]:
    """The days on which each rule applied for each member, without what the replay decides itself."""
    uses: dict[int, list[tuple[str, date]]] = defaultdict(list)
    for row in _before(start, events, zone):
        uses[row.member_id].append((row.rule_code, row.used_on))
    return uses


def budgets_before(start: datetime, events: Iterable[Event], zone: ZoneInfo) -> dict[str, int]:
    """The points that each rule had promised to all members together."""
    budgets: dict[str, int] = defaultdict(int)
    for row in _before(start, events, zone):
        budgets[row.rule_code] += row.points
    return budgets


def _before(start: datetime, events: Iterable[Event], zone: ZoneInfo) -> Iterable[Any]:
    first_day = start.astimezone(zone).date()
    rows = db.session.execute(USES).all()
    decided = _decided(start, events) if rows else set()
    return [row for row in rows if row.used_on <= first_day and row.reference not in decided]


def _decided(start: datetime, events: Iterable[Event]) -> set[str]:
    """References of what the replay decides itself."""
    bought = [event.key for event in events if isinstance(event, Bought)]
    references = {f"signin:{event.member_id}:{event.day}" for event in events if isinstance(event, Signed)}
    references |= {f"deed:{row.event}:{row.key}" for row in db.session.execute(DEEDS, {"since": start})}
    for first in range(0, len(bought), CHUNK):
        for row in db.session.execute(PURCHASES, {"purchases": bought[first : first + CHUNK]}):
            name = "order" if row.source == "order" else f"purchase:{row.source}"
            references.add(f"{name}:{row.external_id}")
    return references
