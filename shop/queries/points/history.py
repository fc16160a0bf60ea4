"""A member's points history: what came, what went, month by month, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, bindparam, case, extract, func, select

from shop.extensions import db
from shop.models import Order, PointsAccount, PointsEntry
from shop.rules.points.kinds import MAIN_KIND

PAGE = 20
HistoryKind = Literal["all", "earned", "used", "expired"]
HISTORY_KINDS: tuple[HistoryKind, ...] = ("all", "earned", "used", "expired")

COLUMNS = (
    PointsEntry.id,
    PointsEntry.points,
    PointsEntry.kind,
    PointsEntry.source_class,
    PointsEntry.reference,
    PointsEntry.reasons,
    PointsEntry.shop_day,
    PointsEntry.occurred_at,
    PointsEntry.balance_after_points,
    PointsEntry.rulebook_version,
    Order.number.label("order_number"),
    PointsAccount.kind.label("points_kind"),
)
ENTRIES = (
    select(*COLUMNS)
    .select_from(PointsEntry)
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .outerjoin(Order, Order.id == PointsEntry.order_id)
    .where(PointsAccount.member_id == bindparam("member_id"))
    .order_by(PointsEntry.id.desc())
)
ENTRIES_OF_KIND = ENTRIES.where(PointsAccount.kind == bindparam("points_kind"))
IS_EXPIRED = PointsEntry.kind == "expire"
IS_EARNED = PointsEntry.points > 0
IS_USED = (PointsEntry.points < 0) & (PointsEntry.kind != "expire")
WANTED: Mapping[str, ColumnElement[bool]] = {"earned": IS_EARNED, "used": IS_USED, "expired": IS_EXPIRED}


def _sum_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, PointsEntry.points), else_=0)), 0)


YEAR, MONTH = extract("year", PointsEntry.shop_day), extract("month", PointsEntry.shop_day)
MONTH_SUMS = (
    select(
        YEAR.label("year"),
        MONTH.label("month"),
        _sum_of(IS_EARNED).label("earned"),
        _sum_of(IS_USED).label("used"),
        _sum_of(IS_EXPIRED).label("expired"),
    )
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .where(
        PointsAccount.member_id == bindparam("member_id"),
        PointsAccount.kind == bindparam("points_kind"),
        PointsEntry.shop_day >= bindparam("from_day"),
        PointsEntry.shop_day < bindparam("before_day"),
    )
    .group_by(YEAR, MONTH)
)


@dataclass(frozen=True)
class EntryRow:
    """One line of the history."""

    id: int
    points: int
    kind: str
    source_class: str | None
    reference: str
    reasons: tuple[Mapping[str, Any], ...]
    shop_day: date
    occurred_at: datetime
    balance_after_points: int
    rulebook_version: int
    order_number: str | None
    points_kind: str

    @property
    def order_tail(self) -> str:
        """The last four characters of the order's number: how people name an order."""
        return (self.order_number or "")[-4:]


@dataclass(frozen=True)
class Month:
    """The lines of a month on this page, and the sums of the whole month.  ``used`` and ``expired`` are positive."""

    first_day: date
    entries: tuple[EntryRow, ...]
    earned: int
    used: int
    expired: int


@dataclass(frozen=True)
class History:
    """A page of the history.  ``next_after`` asks for the following page; None at the end."""

    kind: str
    months: tuple[Month, ...]
    next_after: int | None


def told_by(row: Row[Any]) -> dict[str, Any]:
    """What a row tells of an entry, as the fields of EntryRow."""
    told = {column.key: row._mapping[column.key] for column in COLUMNS}
    return {**told, "reasons": tuple(row.reasons)}


def history_of(
    member_id: int,
    *,
    kind: str = "all",
    after: int | None = None,
    limit: int = PAGE,
    points_kind: str = MAIN_KIND,
) -> History:
    """One page of one kind of points, older than the entry ``after``.  An unknown ``kind`` of entries shows all."""
    kind = kind if kind in HISTORY_KINDS else "all"
    whose = {"member_id": member_id, "points_kind": points_kind}
    rows = db.session.execute(_page(kind, after, limit + 1), whose).all()
    entries = [EntryRow(**told_by(row)) for row in rows[:limit]]
    next_after = entries[-1].id if len(rows) > limit else None
    return History(kind, _by_month(whose, entries), next_after)


def _page(kind: str, after: int | None, limit: int) -> Any:
    statement: Any = ENTRIES_OF_KIND.limit(limit)
    if kind in WANTED:
        statement = statement.where(WANTED[kind])
    return statement if after is None else statement.where(PointsEntry.id < after)


def _by_month(whose: Mapping[str, Any], entries: list[EntryRow]) -> tuple[Month, ...]:
    grouped: dict[date, list[EntryRow]] = {}
    for entry in entries:
        grouped.setdefault(entry.shop_day.replace(day=1), []).append(entry)
    if not grouped:
        return ()
    sums = _sums(whose, min(grouped), max(grouped))
    return tuple(Month(first, tuple(rows), *sums.get(first, (0, 0, 0))) for first, rows in grouped.items())


def _sums(whose: Mapping[str, Any], first: date, last: date) -> dict[date, tuple[int, int, int]]:
    before_day = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    values = {**whose, "from_day": first, "before_day": before_day}
    return {
        date(int(row.year), int(row.month), 1): (int(row.earned), -int(row.used), -int(row.expired))
        for row in db.session.execute(MONTH_SUMS, values)
    }
