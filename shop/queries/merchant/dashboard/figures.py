"""Points, orders and people of a period.  Every sum of points is a sum over entries of shop-days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import and_, bindparam, case, func, select

from shop.extensions import db
from shop.models import (
    DrawAttempt,
    Lot,
    Order,
    PointsAccount,
    PointsEntry,
    Refund,
    SignIn,
    further_accounts,
    is_main_account,
    is_main_entry,
)
from shop.rules.points.expiry import start_of_day

SOON = timedelta(days=30)
MONTHS_AHEAD = 6

BY_DAY = (
    select(
        PointsEntry.shop_day,
        PointsEntry.kind,
        PointsEntry.source_class,
        func.sum(PointsEntry.points).label("points"),
    )
    .where(PointsEntry.shop_day.between(bindparam("first"), bindparam("last")), is_main_entry)
    .group_by(PointsEntry.shop_day, PointsEntry.kind, PointsEntry.source_class)
)
ACTIVE = select(func.count(PointsEntry.account_id.distinct())).where(
    PointsEntry.shop_day.between(bindparam("first"), bindparam("last")),
    PointsEntry.kind.in_(("earn", "redeem")),
)
ACCOUNTS = select(
    func.coalesce(func.sum(PointsAccount.balance_points), 0),
    func.coalesce(func.sum(PointsAccount.held_points), 0),
    func.coalesce(func.sum(PointsAccount.debt_points), 0),
).where(is_main_account)
PAID = select(
    func.count(),
    func.coalesce(func.sum(Order.total_points), 0),
    func.coalesce(func.sum(Order.total_cents), 0),
).where(Order.paid_at >= bindparam("starts_at"), Order.paid_at < bindparam("ends_at"))
REFUNDED = select(func.coalesce(func.sum(Refund.cents), 0)).where(
    Refund.created_at >= bindparam("starts_at"), Refund.created_at < bindparam("ends_at")
)
SIGNED = (
    select(func.count()).select_from(SignIn).where(SignIn.day.between(bindparam("first"), bindparam("last")))
)
DRAWN = (
    select(func.count())
    .select_from(DrawAttempt)
    .where(DrawAttempt.day.between(bindparam("first"), bindparam("last")))
)


class _Sum(NamedTuple):
    day: date
    kind: str
    source_class: str | None
    points: int


@dataclass(frozen=True)
class Day:
    """One shop-day: points that came and points that were used."""

    day: date
    issued_points: int
    used_points: int


@dataclass(frozen=True)
class Source:
    """Where points came from, and its share of all that came, in percent rounded down."""

    code: str
    points: int
    percent: int


@dataclass(frozen=True)
class Figures:
    """All figures of the period from ``first`` to ``last``, both included.

    Issued is what earning and granting brought; used is what was redeemed less what was restored.  Outstanding, held
    and owed are of this moment.  ``months`` are the coming months (their first day) with the points that lapse in them.
    """

    first: date
    last: date
    issued_points: int
    issued_points_before: int
    used_points: int
    expired_points: int
    clawed_back_points: int
    adjusted_points: int
    outstanding_points: int
    held_points: int
    owed_points: int
    expiring_points: int
    expiring_members: int
    active_members: int
    orders: int
    order_points: int
    order_cents: int
    refunded_cents: int
    sign_ins: int
    draws: int
    days: tuple[Day, ...]
    sources: tuple[Source, ...]
    months: tuple[tuple[date, int], ...]

    @property
    def used_permille(self) -> int | None:
        """How much of what was issued was used, in thousandths; None when nothing was issued."""
        return self.used_points * 1000 // self.issued_points if self.issued_points else None

    @property
    def issued_change_percent(self) -> int | None:
        """Issued against the period before, rounded towards zero; None without one to compare with."""
        if not self.issued_points_before:
            return None
        change = self.issued_points - self.issued_points_before
        percent = abs(change) * 100 // self.issued_points_before
        return percent if change >= 0 else -percent

    @property
    def best_day(self) -> Day:
        """The day on which most points came."""
        return max(self.days, key=lambda each: each.issued_points)


def figures(days: int, today: date, now: datetime) -> Figures:
    """The figures of the last ``days`` shop-days, today included, in eight statements however long the period is."""
    zone = _zone()
    first, before = today - timedelta(days=days - 1), today - timedelta(days=2 * days - 1)
    sums = [_Sum(*row) for row in db.session.execute(BY_DAY, {"first": before, "last": today})]
    within = [each for each in sums if each.day >= first]
    span = {"first": first, "last": today}
    moments = {
        "starts_at": start_of_day(first, zone),
        "ends_at": start_of_day(today + timedelta(days=1), zone),
    }
    balance, held, owed = db.session.execute(ACCOUNTS).one()
    orders, order_points, order_cents = db.session.execute(PAID, moments).one()
    expiring, expiring_members, months = _expiring(today, now)
    return Figures(
        first=first,
        last=today,
        issued_points=_issued(within),
        issued_points_before=_issued(each for each in sums if each.day < first),
        used_points=_used(within),
        expired_points=-_of(within, "expire"),
        clawed_back_points=-_of(within, "claw_back"),
        adjusted_points=_of(within, "adjust"),
        outstanding_points=int(balance),
        held_points=int(held),
        owed_points=int(owed),
        expiring_points=expiring,
        expiring_members=expiring_members,
        active_members=int(db.session.scalar(ACTIVE, span) or 0),
        orders=int(orders),
        order_points=int(order_points),
        order_cents=int(order_cents),
        refunded_cents=int(db.session.scalar(REFUNDED, moments) or 0),
        sign_ins=int(db.session.scalar(SIGNED, span) or 0),
        draws=int(db.session.scalar(DRAWN, span) or 0),
        days=_days(within, first, days),
        sources=_sources(within),
        months=months,
    )


def _of(sums: Iterable[_Sum], *kinds: str) -> int:
    return sum(int(each.points) for each in sums if each.kind in kinds)


def _issued(sums: Iterable[_Sum]) -> int:
    return _of(sums, "earn", "grant")


def _used(sums: Iterable[_Sum]) -> int:
    return -_of(sums, "redeem", "restore")


def _days(sums: Sequence[_Sum], first: date, count: int) -> tuple[Day, ...]:
    by_day: dict[date, list[_Sum]] = {first + timedelta(days=number): [] for number in range(count)}
    for each in sums:
        by_day[each.day].append(each)
    return tuple(Day(day, _issued(of_day), _used(of_day)) for day, of_day in by_day.items())


def _sources(sums: Sequence[_Sum]) -> tuple[Source, ...]:
    """What brought points, the largest first.  An entry without a class counts as granted."""
    by_code: dict[str, int] = {}
    for each in sums:
        if each.kind in {"earn", "grant"}:
            code = each.source_class or "grant"
            by_code[code] = by_code.get(code, 0) + int(each.points)
    total = sum(by_code.values()) or 1
    ordered = sorted(by_code.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Source(code, points, points * 100 // total) for code, points in ordered)


def _expiring(today: date, now: datetime) -> tuple[int, int, tuple[tuple[date, int], ...]]:
    """Points and members with points that lapse within thirty days, and the points of each coming month.

    A lot that lapses at the first moment of a month had its last day in the month before, and counts there.
    """
    starts = _months(today)
    zone = _zone()
    edges = [start_of_day(start, zone) for start in starts]
    in_month = [
        func.coalesce(
            func.sum(case((and_(Lot.expires_at > low, Lot.expires_at <= high), Lot.remaining_points))), 0
        )
        for low, high in zip([now, *edges[1:]], edges[1:], strict=False)
    ]
    soon = Lot.expires_at <= now + SOON
    row = db.session.execute(
        select(
            func.coalesce(func.sum(case((soon, Lot.remaining_points))), 0),
            func.count(case((soon, Lot.account_id)).distinct()),
            *in_month,
        ).where(
            Lot.remaining_points > 0,
            Lot.expires_at > now,
            Lot.expires_at <= max(edges[-1], now + SOON),
            Lot.account_id.not_in(further_accounts),
        )
    ).one()
    months = tuple((start, int(points)) for start, points in zip(starts, row[2:], strict=False))
    return int(row[0]), int(row[1]), months


def _months(today: date) -> list[date]:
    """The first days of this month and the next ones; the last is the end of what is looked at."""
    count = today.year * 12 + today.month - 1
    return [date((count + ahead) // 12, (count + ahead) % 12 + 1, 1) for ahead in range(MONTHS_AHEAD + 1)]


def _zone() -> ZoneInfo:
    zone: ZoneInfo = current_app.config["SHOP_ZONE"]
    return zone
