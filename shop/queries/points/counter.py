"""Purchases at the counter: what one would earn, those of a store, and what a refund of one would take back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from shop.books.month_reversals import fallen_by
from shop.books.points.earned import earned_by_member
from shop.books.points.facts import facts_of
from shop.books.purchase_returns import entries_going_back, lines_of, split_over_lines
from shop.books.rulebooks import occasion_at, occasion_under
from shop.extensions import db
from shop.models import Member, PointsEntry, Purchase, Staff, Store, is_main_entry
from shop.queries.points.balance import balance_of
from shop.rules.points.caps import apply_caps, caps_for
from shop.rules.points.debt import cover_claw_back
from shop.rules.points.earning import credited_at, evaluate
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.occurrences import BoughtLine, Occurrence

SOURCE = "store"
SHOWN = 50
EARNED = (
    select(func.coalesce(func.sum(PointsEntry.points), 0))
    .where(PointsEntry.purchase_id == Purchase.id, PointsEntry.kind == "earn", is_main_entry)
    .correlate(Purchase)
    .scalar_subquery()
)
ROWS = (
    select(
        Purchase.id,
        Purchase.member_id,
        Member.name.label("member_name"),
        Member.phone_last4,
        Purchase.external_id,
        Store.name.label("store_name"),
        Staff.name.label("staff_name"),
        Purchase.cents,
        Purchase.refunded_cents,
        EARNED.label("points"),
        Purchase.paid_at,
    )
    .join(Member, Member.id == Purchase.member_id)
    .outerjoin(Store, Store.id == Purchase.store_id)
    .outerjoin(Staff, Staff.id == Purchase.recorded_by_staff_id)
    .where(Purchase.source == SOURCE)
)
LATEST = ROWS.order_by(Purchase.id.desc()).limit(SHOWN)
OF_STORE = LATEST.where(Purchase.store_id == bindparam("store_id"))
OF_NO_STORE = LATEST.where(Purchase.store_id.is_(None))
ONE = ROWS.where(Purchase.id == bindparam("purchase_id"))
STANDING = select(
    Purchase.id, Purchase.member_id, Purchase.awards, Purchase.waived_points, Purchase.rulebook_version
).where(Purchase.id == bindparam("purchase_id"), Purchase.source == SOURCE)


@dataclass(frozen=True)
class CounterPart:
    """Points of one award with their reasons, as they would be stored."""

    points: int
    reasons: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class CounterEarning:
    """What a purchase would earn, and from when it can be spent."""

    points: int
    parts: tuple[CounterPart, ...]
    available_at: datetime


@dataclass(frozen=True)
class CounterPurchase:
    """A purchase that was recorded at a counter.  ``points`` is what it earned at first."""

    id: int
    member_id: int
    member_name: str
    phone_last4: str
    external_id: str
    store_name: str | None
    staff_name: str | None
    cents: int
    refunded_cents: int
    points: int
    paid_at: datetime

    @property
    def left_cents(self) -> int:
        """What can still go back."""
        return self.cents - self.refunded_cents

    @property
    def receipt(self) -> str:
        """The number on the paper."""
        return self.external_id.split(":", 2)[-1].partition("~")[0]  # behind it: taken back with its file


@dataclass(frozen=True)
class CounterReturn:
    """What a refund would take back: from the balance, as debt, and what the rules let go.

    ``month_points`` of it are bonuses of the month's purchases that are reached no more.
    """

    clawed_points: int
    debt_points: int
    waived_points: int
    month_points: int = 0


def counter_earning(member_id: int, lines: Sequence[tuple[str | None, int]], now: datetime) -> CounterEarning:
    """What a purchase of this moment would earn, by the evaluator that books it and within the caps of its classes.

    ``lines`` are categories with the cents paid.
    """
    occasion = occasion_at(now)
    occurrence = Occurrence(
        at=now,
        zone=occasion.zone,
        lines=tuple(BoughtLine(cents=cents, category=category) for category, cents in lines),
        channel="store",
        member=facts_of(member_id, occasion),
    )
    promised: Counter[str] = Counter()
    parts = []
    for award in evaluate(occurrence, occasion.rulebook).awards:
        if award.points_kind != MAIN_KIND:
            continue
        earned = Counter(earned_by_member(member_id, award.source_class, occasion)) + promised
        capped = apply_caps(award.points, award.source_class, earned, occasion.rulebook)
        promised.update({cap.name: capped.points for cap in caps_for(award.source_class, occasion.rulebook)})
        reasons = tuple(reason.to_document() for reason in (*award.reasons, *capped.reasons))
        parts.append(CounterPart(capped.points, reasons))
    available_at = credited_at(now, occasion.rulebook.earning)
    return CounterEarning(sum(part.points for part in parts), tuple(parts), available_at)


def counter_purchases(store_id: int | None) -> tuple[CounterPurchase, ...]:
    """The latest purchases that a store recorded, newest first; None: those that belong to no store."""
    latest = OF_NO_STORE if store_id is None else OF_STORE
    return tuple(CounterPurchase(*row) for row in db.session.execute(latest, {"store_id": store_id}))


def counter_purchase(purchase_id: int) -> CounterPurchase | None:
    """One purchase of a counter."""
    row = db.session.execute(ONE, {"purchase_id": purchase_id}).one_or_none()
    return CounterPurchase(*row) if row else None


def counter_return(purchase_id: int, cents: int, now: datetime) -> CounterReturn:
    """What a refund of so many cents would take back now.  Raises RefundAboveLeft."""
    purchase = db.session.execute(STANDING, {"purchase_id": purchase_id}).one()
    lines = lines_of(purchase_id)
    going_back = entries_going_back(purchase, lines, split_over_lines(cents, lines))
    asked = sum(each.points for each in going_back if each.points_kind == MAIN_KIND)
    of_month = sum(
        each.points for each in fallen_by(purchase_id, cents) if each.award.points_kind == MAIN_KIND
    )
    balance = balance_of(purchase.member_id, now)
    free = balance.pending + sum(lapse.points for lapse in balance.expiring)
    returns = occasion_under(purchase.rulebook_version, now).rulebook.returns
    cover = cover_claw_back(asked + of_month, free, returns)
    return CounterReturn(cover.taken, cover.debt, cover.waived, of_month)
