"""What a member has, lot by lot: what lapses when and where it came from, what is on its way, held, owed, or frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import bindparam, func, select

from shop.extensions import db
from shop.models import Hold, Lot, LotExtension, PointsAccount, PointsEntry, PointsFreeze
from shop.queries.points.balance import last_day_before
from shop.queries.points.rulebook import rulebook_versions
from shop.rules.points.advice import (
    BetterTime,
    LivingLot,
    PublishedRules,
    WorseTime,
    better_time,
    worse_time,
)
from shop.rules.points.expiry import FROZEN
from shop.rules.points.kinds import MAIN_KIND

LOTS_MAX, LINES_MAX = 500, 30
MINE = (PointsAccount.member_id == bindparam("member_id")) & (PointsAccount.kind == bindparam("points_kind"))
put_off = (
    select(func.count())
    .where(LotExtension.lot_id == Lot.id)
    .correlate(Lot)
    .scalar_subquery()
    .label("put_off")
)
LOTS = (
    select(
        PointsEntry.id,
        PointsEntry.kind,
        PointsEntry.points.label("entry_points"),
        PointsEntry.reference,
        PointsEntry.reasons,
        PointsEntry.occurred_at,
        Lot.source_class,
        Lot.remaining_points,
        Lot.held_points,
        Lot.available_at,
        Lot.expires_at,
        put_off,
    )
    .select_from(Lot)
    .join(PointsAccount, PointsAccount.id == Lot.account_id)
    .join(PointsEntry, PointsEntry.id == Lot.entry_id)
    .where(MINE, Lot.remaining_points > 0, Lot.expires_at > bindparam("now"))
    .order_by(Lot.expires_at, Lot.credited_at, Lot.id)
    .limit(LOTS_MAX)
)
HOLDS = (
    select(Hold.reference, Hold.points, Hold.expires_at)
    .join(PointsAccount, PointsAccount.id == Hold.account_id)
    .where(MINE, Hold.state == "held")
    .order_by(Hold.expires_at, Hold.id)
    .limit(LINES_MAX)
)
OWED = (
    select(
        PointsEntry.id,
        PointsEntry.kind,
        PointsEntry.points.label("entry_points"),
        PointsEntry.reference,
        PointsEntry.reasons,
        PointsEntry.occurred_at,
        PointsEntry.debt_points,
    )
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .where(MINE, PointsEntry.debt_points > 0)
    .order_by(PointsEntry.id.desc())
    .limit(LINES_MAX)
)
FREEZE = select(
    PointsFreeze.freezes_spending,
    PointsFreeze.freezes_earning,
    PointsFreeze.reason,
    PointsFreeze.review_on,
    PointsFreeze.frozen_at,
).where(PointsFreeze.member_id == bindparam("member_id"), PointsFreeze.lifted_at.is_(None))
ORDER_HOLD = "order:"


@dataclass(frozen=True)
class LotLine:
    """A lot, named by the entry that brought it.  ``available_on`` None: when the freeze is lifted."""

    id: int
    kind: str
    points: int
    reference: str
    reasons: tuple[Mapping[str, Any], ...]
    occurred_at: datetime
    source_class: str
    left: int
    last_on: date | None
    available_at: datetime | None
    was_put_off: bool

    @property
    def is_returned(self) -> bool:
        """Whether it holds points that came back after their own lot had lapsed."""
        return self.kind == "restore"


@dataclass(frozen=True)
class LapseDay:
    """What lapses after one day; None: never."""

    last_on: date | None
    points: int
    lots: tuple[LotLine, ...]


@dataclass(frozen=True)
class HoldLine:
    """Points set aside: for an order, or for a bill at a till (``order_number`` empty)."""

    points: int
    order_number: str
    expires_at: datetime


@dataclass(frozen=True)
class OwedLine:
    """An entry that made a debt."""

    id: int
    kind: str
    points: int
    reference: str
    reasons: tuple[Mapping[str, Any], ...]
    occurred_at: datetime
    owed: int


@dataclass(frozen=True)
class FreezeView:
    """Why points stand still, and when somebody looks again."""

    freezes_spending: bool
    freezes_earning: bool
    reason: str
    review_on: date
    frozen_at: datetime


@dataclass(frozen=True)
class Calendar:
    """Everything in lists.  ``months`` sums what lapses in each month of the coming year."""

    days: tuple[LapseDay, ...]
    pending: tuple[LotLine, ...]
    holds: tuple[HoldLine, ...]
    owed: tuple[OwedLine, ...]
    months: tuple[tuple[date, int], ...]
    better: BetterTime | None
    worse: WorseTime | None


def calendar_of(member_id: int, now: datetime, points_kind: str = MAIN_KIND) -> Calendar:
    """What the member has of one kind of points, in four statements."""
    named = {"member_id": member_id, "now": now, "points_kind": points_kind}
    rows = db.session.execute(LOTS, named).all()
    lots = [(_lot(row), row) for row in rows]
    spendable = [lot for lot, row in lots if row.available_at <= now and lot.left > 0]
    living = [
        LivingLot(row.remaining_points - row.held_points, row.expires_at)
        for _lot_line, row in lots
        if row.available_at <= now and row.remaining_points > row.held_points
    ]
    rules = [
        PublishedRules(each.effective_at, each.until_at, each.rulebook)
        for each in rulebook_versions(now)
        if each.state in ("in_force", "scheduled")
    ]
    return Calendar(
        days=_by_day(spendable),
        pending=tuple(lot for lot, row in lots if row.available_at > now),
        holds=tuple(_hold(row) for row in db.session.execute(HOLDS, named)),
        owed=tuple(_owed(row) for row in db.session.execute(OWED, named)),
        months=_by_month(spendable, _today(now)),
        better=better_time(living, rules, now),
        worse=worse_time(living, rules, now),
    )


def freeze_of(member_id: int) -> FreezeView | None:
    """The freeze that is open, if any."""
    row = db.session.execute(FREEZE, {"member_id": member_id}).one_or_none()
    return None if row is None else FreezeView(*row)


def _today(now: datetime) -> date:
    zone: ZoneInfo = current_app.config["SHOP_ZONE"]
    return now.astimezone(zone).date()


def _lot(row: Any) -> LotLine:
    return LotLine(
        id=row.id,
        kind=row.kind,
        points=row.entry_points,
        reference=row.reference,
        reasons=tuple(row.reasons),
        occurred_at=row.occurred_at,
        source_class=row.source_class,
        left=row.remaining_points - row.held_points,
        last_on=last_day_before(row.expires_at),
        available_at=None if row.available_at >= FROZEN else row.available_at,
        was_put_off=bool(row.put_off),
    )


def _by_day(lots: list[LotLine]) -> tuple[LapseDay, ...]:
    days: dict[date | None, list[LotLine]] = {}
    for lot in lots:
        days.setdefault(lot.last_on, []).append(lot)
    return tuple(LapseDay(day, sum(lot.left for lot in group), tuple(group)) for day, group in days.items())


def _by_month(lots: list[LotLine], today: date) -> tuple[tuple[date, int], ...]:
    """Twelve months from this one; what lapses later or never is in none of them."""
    sums: dict[date, int] = {}
    for place in range(12):
        month = today.year * 12 + today.month - 1 + place
        sums[date(month // 12, month % 12 + 1, 1)] = 0
    for lot in lots:
        if lot.last_on and (first := lot.last_on.replace(day=1)) in sums:
            sums[first] += lot.left
    return tuple(sums.items())


def _hold(row: Any) -> HoldLine:
    is_order = row.reference.startswith(ORDER_HOLD)
    return HoldLine(row.points, row.reference.removeprefix(ORDER_HOLD) if is_order else "", row.expires_at)


def _owed(row: Any) -> OwedLine:
    return OwedLine(
        row.id,
        row.kind,
        row.entry_points,
        row.reference,
        tuple(row.reasons),
        row.occurred_at,
        row.debt_points,
    )
