"""How every member stood at a moment in the past, worked out from entries, allocations and what moved since."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from shop.books.past.ends import PLACE, Ends
from shop.books.past.given import GIVEN, deed_key
from shop.books.past.purchases import purchases_before
from shop.books.past.standing import Merges, tiers_at
from shop.books.past.uses import uses_before
from shop.crypto import unseal
from shop.extensions import db
from shop.models import Allocation, HeldLot, Hold, Lot, Member, PointsAccount, PointsEntry, is_main_account
from shop.rules.points.expiry import FROZEN
from shop.rules.points.simulation import Event, Opening, OpeningLot, Parts
from shop.rules.rulebook import BirthdayCondition, Rulebook

BEFORE = bindparam("before", type_=PointsEntry.occurred_at.type)
CHANGED = (
    select(Allocation.lot_id, func.sum(Allocation.points).label("points"))
    .join(PointsEntry, PointsEntry.id == Allocation.entry_id)
    .where(PointsEntry.occurred_at < BEFORE)
    .group_by(Allocation.lot_id)
    .subquery()
)
REMAINING = Lot.points + func.coalesce(CHANGED.c.points, 0)
ALL_LOTS = (
    select(
        PointsAccount.member_id,
        Lot.id,
        Lot.points,
        REMAINING.label("remaining"),
        Lot.available_at,
        Lot.thawed_available_at,
        Lot.expires_at,
        Lot.credited_at,
        Lot.extension,
        Lot.extension_days,
        Lot.extensions_left,
        PointsEntry.kind,
        PointsEntry.purchase_id,
        PointsEntry.reference,
        PointsEntry.id.label("entry_id"),
        PointsEntry.occurred_at,
        PLACE,
    )
    .join(PointsEntry, PointsEntry.id == Lot.entry_id)
    .join(PointsAccount, (PointsAccount.id == Lot.account_id) & is_main_account)
    .outerjoin(CHANGED, CHANGED.c.lot_id == Lot.id)
    .where(PointsEntry.occurred_at < BEFORE)
    .order_by(Lot.id)
)
LOTS = ALL_LOTS.where(REMAINING > 0)
EMPTY_LOTS = ALL_LOTS.where(REMAINING == 0, Lot.id.in_(bindparam("lots", expanding=True)))
DEBTS = (
    select(PointsAccount.member_id, func.sum(PointsEntry.debt_points).label("debt"))
    .join(PointsAccount, (PointsAccount.id == PointsEntry.account_id) & is_main_account)
    .where(PointsEntry.occurred_at < BEFORE)
    .group_by(PointsAccount.member_id)
)
HOLDS = (
    select(PointsAccount.member_id, Hold.id, HeldLot.lot_id, HeldLot.points)
    .join(PointsAccount, (PointsAccount.id == Hold.account_id) & is_main_account)
    .join(HeldLot, HeldLot.hold_id == Hold.id)
    .where(Hold.created_at < BEFORE, Hold.ended_at.is_(None) | (Hold.ended_at >= BEFORE))
    .order_by(Hold.id, HeldLot.lot_id)
)
spent, restored, earlier = aliased(PointsEntry), aliased(PointsEntry), aliased(PointsEntry)
COME_BACK = (
    select(spent.id)
    .join(restored, restored.corrects_entry_id == spent.id)
    .where(spent.occurred_at < BEFORE, restored.kind == "restore", restored.occurred_at >= BEFORE)
)
TAKES = (
    select(
        PointsAccount.member_id,
        func.coalesce(earlier.corrects_entry_id, earlier.id).label("entry_id"),
        Allocation.lot_id,
        func.sum(-Allocation.points).label("points"),
    )
    .join(earlier, earlier.id == Allocation.entry_id)
    .join(PointsAccount, (PointsAccount.id == earlier.account_id) & is_main_account)
    .where(
        earlier.id.in_(COME_BACK)
        | (earlier.corrects_entry_id.in_(COME_BACK) & (earlier.kind == "restore") & (Allocation.points > 0)),
        earlier.occurred_at < BEFORE,
    )
    .group_by(
        PointsAccount.member_id,
        func.coalesce(earlier.corrects_entry_id, earlier.id),
        Allocation.lot_id,
    )
)
MEMBERS = select(Member.id, Member.growth, Member.birthday_sealed, Member.birthday_changed_on).order_by(
    Member.id
)
EARNED = (
    select(
        PointsAccount.member_id,
        PointsEntry.shop_day,
        PointsEntry.source_class,
        func.sum(PointsEntry.points).label("points"),
    )
    .join(PointsAccount, (PointsAccount.id == PointsEntry.account_id) & is_main_account)
    .where(
        PointsEntry.kind == "earn",
        PointsEntry.occurred_at < BEFORE,
        PointsEntry.shop_day >= bindparam("month"),
    )
    .group_by(PointsAccount.member_id, PointsEntry.shop_day, PointsEntry.source_class)
)
award, taken_back = aliased(PointsEntry), aliased(PointsEntry)
POINTS_BY_DAY = (
    select(PointsAccount.member_id, award.shop_day, func.sum(award.points).label("points"))
    .join(PointsAccount, (PointsAccount.id == award.account_id) & is_main_account)
    .where(award.kind == "earn", award.occurred_at < BEFORE)
    .group_by(PointsAccount.member_id, award.shop_day)
)
TAKEN_BY_DAY = (
    select(PointsAccount.member_id, award.shop_day, func.sum(taken_back.points).label("points"))
    .join(award, award.id == taken_back.corrects_entry_id)
    .join(PointsAccount, (PointsAccount.id == taken_back.account_id) & is_main_account)
    .where(award.kind == "earn", taken_back.kind == "claw_back", taken_back.occurred_at < BEFORE)
    .group_by(PointsAccount.member_id, award.shop_day)
)


@dataclass(frozen=True)
class Past:
    """What openings are worked out with: what moved since, what happened since, and the rulebooks by their numbers.

    ``asked`` are the rulebooks that the replays use: they say what has to be known.
    """

    start: datetime
    zone: ZoneInfo
    ends: Ends
    merges: Merges
    events: Iterable[Event]
    rulebooks: Mapping[int, Rulebook]
    asked: tuple[Rulebook, ...]


def openings_at(past: Past) -> list[Opening]:
    """Every member as they stood at the start: a handful of statements, whatever the number of members."""
    values = {"before": past.start}
    month = past.start.astimezone(past.zone).date().replace(day=1)
    holds, takes = _parts(HOLDS, "id", values), _parts(TAKES, "entry_id", values)
    lots = _lots(past, holds, takes)
    debts = {row.member_id: int(row.debt) for row in db.session.execute(DEBTS, values)}
    earned = _grouped(db.session.execute(EARNED, {**values, "month": month}))
    bought = purchases_before(past.start, past.events, past.merges)
    uses = uses_before(past.start, past.events, past.zone)
    tiers = tiers_at(past.start, past.rulebooks)
    points_by_day = _points_by_day(past.asked, values)
    merged = past.merges.merged_at(past.start)
    reads_birthdays = any(_asks_for_birthday(rulebook) for rulebook in past.asked)
    return [
        Opening(
            member_id=row.id,
            lots=tuple(lots.get(row.id, ())),
            debt=debts.get(row.id, 0),
            holds=tuple(holds.get(row.id, {}).items()),
            takes=tuple(takes.get(row.id, {}).items()),
            freeze=past.ends.freeze_at(row.id, past.start),
            growth=row.growth - bought.growth.get(row.id, 0),
            tier=tiers.get(row.id),
            birthday=_birthday(row.birthday_sealed) if reads_birthdays else None,
            birthday_known_on=row.birthday_changed_on,
            purchases=tuple(bought.purchases.get(row.id, ())),
            points_orders=tuple(bought.points_orders.get(row.id, ())),
            earned=tuple(
                (each.shop_day, each.source_class, int(each.points)) for each in earned.get(row.id, ())
            ),
            uses=tuple(uses.get(row.id, ())),
            points_by_day=tuple(points_by_day.get(row.id, {}).items()),
            merged_into=merged.get(row.id),
        )
        for row in db.session.execute(MEMBERS)
    ]


def _lots(past: Past, *used: dict[int, dict[int, Parts]]) -> dict[int, list[OpeningLot]]:
    """The lots of which something was left, and those to which something comes back."""
    rows = list(db.session.execute(LOTS, {"before": past.start}))
    known = {row.id for row in rows}
    named = {lot for each in used for parts in each.values() for part in parts.values() for lot, _ in part}
    if missing := sorted(named - known):
        rows += db.session.execute(EMPTY_LOTS, {"before": past.start, "lots": missing})
    lots: dict[int, list[OpeningLot]] = defaultdict(list)
    for row in rows:
        lots[row.member_id].append(_lot(row, past))
    return lots


def _lot(row: Any, past: Past) -> OpeningLot:
    freeze = past.ends.freeze_at(row.member_id, past.start)
    waits = (
        freeze is not None
        and freeze.earning
        and row.kind in ("earn", "grant")
        and freeze.frozen_at <= row.occurred_at
    )
    return OpeningLot(
        row.id,
        int(row.remaining),
        FROZEN if waits else row.available_at,
        past.ends.first_end(row.id, row.expires_at),
        row.credited_at,
        _owner(row),
        row.points,
        row.extension,
        row.extension_days,
        past.ends.extensions_left(row.id, row.extensions_left),
        past.ends.available_at(row.member_id, row) if waits else None,
        int(row.place),
    )


def _owner(row: Any) -> int:
    """The number of what earned a lot: a purchase, a deed, or the entry that gave it."""
    if row.purchase_id is not None:
        return int(row.purchase_id)
    if row.reference.startswith("deed:"):
        return deed_key(int(row.reference.split(":")[1]))
    return GIVEN + int(row.entry_id)


def _parts(statement: Any, key: str, values: dict[str, datetime]) -> dict[int, dict[int, Parts]]:
    """For each member, parts of lots by what holds or took them."""
    found: dict[int, dict[int, Parts]] = defaultdict(dict)
    for row in db.session.execute(statement, values):
        if row.points > 0:
            parts = found[row.member_id].get(getattr(row, key), ())
            found[row.member_id][getattr(row, key)] = (*parts, (row.lot_id, int(row.points)))
    return found


def _points_by_day(asked: tuple[Rulebook, ...], values: dict[str, datetime]) -> dict[int, dict[date, int]]:
    """The points that each member earned by day, net of what was taken back: only where tiers count them."""
    sums: dict[int, dict[date, int]] = defaultdict(dict)
    if any(rulebook.tier_policy.measure == "points" for rulebook in asked):
        for statement in (POINTS_BY_DAY, TAKEN_BY_DAY):
            for row in db.session.execute(statement, values):
                days = sums[row.member_id]
                days[row.shop_day] = days.get(row.shop_day, 0) + int(row.points)
    return sums


def _asks_for_birthday(rulebook: Rulebook) -> bool:
    return any(
        isinstance(condition, BirthdayCondition) for rule in rulebook.rules for condition in rule.conditions
    )


def _birthday(sealed: str | None) -> date | None:
    return date.fromisoformat(unseal(sealed)) if sealed else None


def _grouped(rows: Any) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.member_id].append(row)
    return groups
