"""Ends that moved, and freezes: what a replay has to know besides the entries."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from shop.extensions import db
from shop.models import Lot, LotExtension, PointsAccount, PointsEntry, PointsFreeze, is_main_account
from shop.rules.points.simulation import Event, Froze, OpeningFreeze, PutOff, Thawed

SINCE = bindparam("since", type_=LotExtension.created_at.type)
LAST = 2**62
BY_HAND_OF_TIME = ("unused", "not_announced", "unfrozen")
"""Reasons that no event of the member gives: jobs put these ends off, or a thaw did before a job had come."""
EXTENSIONS = (
    select(LotExtension.lot_id, LotExtension.ended_at, LotExtension.reason)
    .where(LotExtension.created_at >= SINCE)
    .order_by(LotExtension.id.desc())
)
SAME_TIME, BESIDE = aliased(PointsEntry), aliased(Lot)
NEAR = 50
"""Entries of one moment lie close together in the book."""
PLACE = (
    select(func.count())
    .select_from(SAME_TIME)
    .join(BESIDE, BESIDE.entry_id == SAME_TIME.id)
    .where(
        SAME_TIME.account_id == Lot.account_id,
        SAME_TIME.id < Lot.entry_id,
        SAME_TIME.id >= Lot.entry_id - NEAR,
        SAME_TIME.occurred_at == Lot.credited_at,
    )
    .correlate(Lot)
    .scalar_subquery()
    .label("place")
)
"""The place of a lot among those that its member was credited at the same moment."""
PUT_OFF = (
    select(
        PointsAccount.member_id,
        Lot.credited_at,
        PLACE,
        LotExtension.ended_at,
        LotExtension.ends_at,
        LotExtension.reason,
        LotExtension.created_at,
    )
    .join(Lot, Lot.id == LotExtension.lot_id)
    .join(PointsAccount, (PointsAccount.id == Lot.account_id) & is_main_account)
    .where(LotExtension.created_at >= SINCE, LotExtension.reason.in_(BY_HAND_OF_TIME))
    .order_by(LotExtension.id)
)
FREEZES = (
    select(
        PointsFreeze.member_id,
        PointsFreeze.freezes_spending,
        PointsFreeze.freezes_earning,
        PointsFreeze.frozen_at,
        PointsFreeze.lifted_at,
    )
    .where((PointsFreeze.lifted_at.is_(None)) | (PointsFreeze.lifted_at >= SINCE))
    .order_by(PointsFreeze.id)
)


@dataclass(frozen=True)
class Ends:
    """How the ends of lots were before they moved, since a moment, and who was frozen meanwhile."""

    before: dict[int, datetime]
    renewed: dict[int, int]
    freezes: dict[int, list[Any]]

    def first_end(self, lot_id: int, expires_at: datetime) -> datetime:
        """The end that a lot had at the moment, or when it came later."""
        return self.before.get(lot_id, expires_at)

    def extensions_left(self, lot_id: int, extensions_left: int) -> int:
        """How often a lot could still renew then."""
        return extensions_left + self.renewed.get(lot_id, 0)

    def freeze_at(self, member_id: int, moment: datetime) -> OpeningFreeze | None:
        """What stood still at a moment."""
        for row in self.freezes.get(member_id, ()):
            if row.frozen_at < moment and (row.lifted_at is None or row.lifted_at >= moment):
                return OpeningFreeze(row.frozen_at, row.freezes_spending, row.freezes_earning)
        return None

    def available_at(self, member_id: int, lot: Any) -> datetime:
        """When a lot would have been available without a freeze of earning.

        ``lot`` has occurred_at, available_at and thawed_available_at.  The thaw itself keeps no other trace than its own
        moment: what came before it had nothing else to wait for.
        """
        if lot.thawed_available_at is not None:
            thawed: datetime = lot.thawed_available_at
            return thawed
        available: datetime = lot.available_at
        for row in self.freezes.get(member_id, ()):
            was_waiting = row.freezes_earning and row.frozen_at <= lot.occurred_at
            if was_waiting and available == row.lifted_at and lot.occurred_at < row.lifted_at:
                occurred: datetime = lot.occurred_at
                return occurred
        return available


def ends_since(start: datetime) -> Ends:
    """Two statements, whatever the number of lots."""
    before: dict[int, datetime] = {}
    renewed: dict[int, int] = defaultdict(int)
    for row in db.session.execute(EXTENSIONS, {"since": start}):
        before[row.lot_id] = row.ended_at  # backwards in time: the first one stays
        renewed[row.lot_id] += row.reason == "unused"
    freezes: dict[int, list[Any]] = defaultdict(list)
    for freeze in db.session.execute(FREEZES, {"since": start}):
        freezes[freeze.member_id].append(freeze)
    return Ends(before, renewed, freezes)


def moved_since(start: datetime, ends: Ends) -> Iterator[tuple[datetime, int, Event]]:
    """Ends that jobs put off, each once; and freezes with their thaws."""
    for member_id, rows in ends.freezes.items():
        for each in rows:
            if each.frozen_at >= start:
                what = {"spending": each.freezes_spending, "earning": each.freezes_earning}
                yield each.frozen_at, LAST, Froze(at=each.frozen_at, member_id=member_id, **what)
            if each.lifted_at is not None:
                yield each.lifted_at, LAST, Thawed(at=each.lifted_at, member_id=member_id)
    seen = set()
    for row in db.session.execute(PUT_OFF, {"since": start}):
        event = PutOff(
            at=row.created_at,
            member_id=row.member_id,
            credited_at=row.credited_at,
            place=int(row.place),
            ended_at=row.ended_at,
            ends_at=row.ends_at,
            was_unused=row.reason == "unused",
        )
        if event not in seen:
            seen.add(event)
            yield event.at, LAST, event
