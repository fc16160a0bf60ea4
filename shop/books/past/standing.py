"""Tiers as they were held, those that were bought or granted, and accounts that became one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from shop.books.past.ends import LAST
from shop.extensions import db
from shop.models import Member, MemberMerge, TierChange
from shop.rules.points.simulation import Event, Merged, OpeningTier, TierGiven
from shop.rules.points.tiers import GIFTS, Held
from shop.rules.rulebook import Rulebook

SINCE = bindparam("since", type_=TierChange.at.type)
CHANGES = select(
    TierChange.member_id,
    TierChange.from_code,
    TierChange.to_code,
    TierChange.why,
    TierChange.until_at,
    TierChange.counted_from_at,
    TierChange.amount,
    TierChange.rulebook_version,
    TierChange.at,
).order_by(TierChange.id)
GIVEN = CHANGES.where(
    TierChange.at >= SINCE,
    ((TierChange.why == "bought") & TierChange.entry_id.is_not(None))
    | ((TierChange.why == "granted") & TierChange.staff_id.is_not(None))
    | (TierChange.why == "withdrawn"),
)
"""Without those that only stand again after something above them ended."""
MERGES = select(MemberMerge).order_by(MemberMerge.id)
Placed = tuple[datetime, int, Event]


def tiers_at(start: datetime, rulebooks: Mapping[int, Rulebook]) -> dict[int, OpeningTier]:
    """How every member with a history, or above the first step, held a tier at a moment."""
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(CHANGES):
        rows[row.member_id].append(row)
    tiers = {
        member_id: OpeningTier(Held(code=code), joined=code)
        for member_id, code in db.session.execute(select(Member.id, Member.tier_code))
    }
    for member_id, changes in rows.items():
        tiers[member_id] = _tier(changes, start, rulebooks)
    return tiers


def tiers_given_since(start: datetime) -> Iterator[Placed]:
    """Tiers that nothing counted gave, and granted ones that were withdrawn."""
    for row in db.session.execute(GIVEN, {"since": start}):
        event = TierGiven(
            at=row.at, member_id=row.member_id, code=row.to_code, why=row.why, until_at=row.until_at
        )
        yield row.at, LAST, event


class Merges:
    """Which accounts became one, and whose a purchase was at a moment."""

    def __init__(self) -> None:
        self._rows = db.session.scalars(MERGES).all()
        self._by_purchase: dict[int, list[MemberMerge]] = defaultdict(list)
        for row in self._rows:
            for purchase_id in row.moved.get("purchases", ()):
                self._by_purchase[purchase_id].append(row)

    def owner(self, purchase_id: int, member_id: int, at: datetime) -> int:
        """Whose a purchase was then; ``member_id`` is whose it is now."""
        for merge in reversed(self._by_purchase.get(purchase_id, ())):
            if at < merge.merged_at:
                member_id = merge.from_member_id
            elif merge.reversed_at is not None and at < merge.reversed_at:
                member_id = merge.into_member_id
        return member_id

    def merged_at(self, moment: datetime) -> dict[int, int]:
        """Who was merged into whom at a moment."""
        return {
            row.from_member_id: row.into_member_id
            for row in self._rows
            if row.merged_at < moment and (row.reversed_at is None or row.reversed_at >= moment)
        }

    def since(self, start: datetime) -> Iterator[Placed]:
        """Merges, and those that were undone."""
        for row in self._rows:
            merged = Merged(
                at=row.merged_at,
                member_id=row.from_member_id,
                key=row.id,
                into_id=row.into_member_id,
                purchases=tuple(row.moved.get("purchases", ())),
            )
            if row.merged_at >= start:
                yield row.merged_at, LAST, merged
            if row.reversed_at is not None and row.reversed_at >= start:
                yield row.reversed_at, LAST, replace(merged, at=row.reversed_at, is_undone=True)


def _tier(changes: list[Any], start: datetime, rulebooks: Mapping[int, Rulebook]) -> OpeningTier:
    before = [row for row in changes if row.at < start]
    joined = changes[0].from_code or changes[0].to_code
    if not before:
        return OpeningTier(Held(code=joined), joined=joined)
    counted = [row for row in before if row.why not in GIFTS]
    withdrawn = max((number for number, row in enumerate(before) if row.why == "withdrawn"), default=-1)
    gifts = tuple(
        _held(row)
        for number, row in enumerate(before)
        if row.why in GIFTS
        and row.until_at is not None
        and row.until_at > start
        and (row.why == "bought" or number > withdrawn)
    )
    return OpeningTier(
        _held(before[-1]),
        rulebooks.get(before[-1].rulebook_version or 0),
        joined,
        _earned(counted[-1], rulebooks) if counted else None,
        gifts,
    )


def _earned(row: Any, rulebooks: Mapping[int, Rulebook]) -> tuple[Held, Rulebook] | None:
    under = rulebooks.get(row.rulebook_version or 0)
    return (_held(row), under) if under is not None else None


def _held(row: Any) -> Held:
    return Held(
        code=row.to_code,
        why=row.why,
        until_at=row.until_at,
        counted_from_at=row.counted_from_at,
        amount=row.amount,
    )
