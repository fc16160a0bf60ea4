"""What raises a tier, counted over any span: growth, spend, points earned, number of orders; all net of refunds.

An order of the mall counts from the moment it was received, a purchase made elsewhere from its own moment; what is
refunded counts no more, as if it had never been.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from shop.books.rulebooks import Occasion
from shop.extensions import db
from shop.models import Member, Order, OrderLine, PointsAccount, PointsEntry, Purchase, is_main_account
from shop.rules.points.expiry import NEVER
from shop.rules.points.spans import Span
from shop.rules.points.tiers import Amounts
from shop.rules.rulebook import Rulebook, TierMeasure

EVER = datetime(1970, 1, 1, tzinfo=UTC)
THESE: BindParameter[Any] = bindparam("members", expanding=True)


def _in_span(moment: InstrumentedAttribute[Any]) -> tuple[ColumnElement[bool], ...]:
    return moment >= bindparam("from_at"), moment < bindparam("until_at")


of_the_mall = (
    select(
        Order.member_id, func.sum(OrderLine.paid_cents - OrderLine.refunded_cents).label("cents"), Order.id
    )
    .join(OrderLine, OrderLine.order_id == Order.id)
    .where(Order.member_id.in_(THESE), *_in_span(Order.received_at))
    .group_by(Order.member_id, Order.id)
)
elsewhere = select(
    Purchase.member_id, (Purchase.cents - Purchase.refunded_cents).label("cents"), Purchase.id
).where(Purchase.order_id.is_(None), Purchase.member_id.in_(THESE), *_in_span(Purchase.paid_at))
net = of_the_mall.union_all(elsewhere).subquery()
done = (
    select(Order.member_id, Order.id)
    .where(
        Order.member_id.in_(THESE),
        *_in_span(Order.received_at),
        Order.state == "received",
        Order.total_points + Order.total_cents > 0,
    )
    .union_all(
        select(Purchase.member_id, Purchase.id).where(
            Purchase.order_id.is_(None),
            Purchase.member_id.in_(THESE),
            *_in_span(Purchase.paid_at),
            Purchase.refunded_cents < Purchase.cents,
        )
    )
    .subquery()
)
award = aliased(PointsEntry)
taken_back = aliased(PointsEntry)
earned_in_span = (award.kind == "earn", *_in_span(award.occurred_at))
earned = (
    select(PointsAccount.member_id, award.points)
    .join(award, award.account_id == PointsAccount.id)
    .where(PointsAccount.member_id.in_(THESE), is_main_account, *earned_in_span)
    .union_all(
        select(PointsAccount.member_id, taken_back.points)
        .join(taken_back, taken_back.account_id == PointsAccount.id)
        .join(award, award.id == taken_back.corrects_entry_id)
        .where(
            PointsAccount.member_id.in_(THESE),
            is_main_account,
            taken_back.kind == "claw_back",
            *earned_in_span,
        )
    )
    .subquery()
)

COUNTED = select(Member.id, Member.growth).where(
    Member.id.in_(THESE)
)  # the counter knows what no order tells: growth that a member brought along
GROWTH = select(net.c.member_id, func.sum(net.c.cents // 100)).group_by(net.c.member_id)
SPEND = select(net.c.member_id, func.sum(net.c.cents)).group_by(net.c.member_id)
ORDERS = select(done.c.member_id, func.count()).group_by(done.c.member_id)
POINTS = select(earned.c.member_id, func.sum(earned.c.points)).group_by(earned.c.member_id)
EARNERS = (
    select(PointsAccount.member_id)
    .join(PointsEntry, PointsEntry.account_id == PointsAccount.id)
    .where(
        is_main_account,
        PointsEntry.kind == "earn",
        PointsEntry.shop_day >= bindparam("first_day"),
        PointsEntry.occurred_at >= bindparam("moment"),
    )
    .distinct()
    .order_by(PointsAccount.member_id)
)
STATEMENTS: Mapping[TierMeasure, Select[Any, Any]] = {
    "growth": GROWTH,
    "spend": SPEND,
    "points": POINTS,
    "orders": ORDERS,
}


def amounts_of(member_id: int, rulebook: Rulebook) -> Amounts:
    """A function that knows how much a member has of the rulebook's measure in any span."""
    return partial(_amount, member_id, rulebook.tier_policy.measure)


def amounts_for(members: Sequence[int], measure: TierMeasure, span: Span) -> dict[int, int]:
    """The amounts of several members in one or two statements; nothing for a member without any."""
    if measure == "growth" and span.from_at is None:
        return _lifetime_growth(members, span)
    return _counted(members, measure, span)


def amount_today(member_id: int, growth: int, rulebook: Rulebook, span: Span) -> int:
    """The amount of a span that is open to the future, for a caller who has read the member's growth anyway."""
    if rulebook.tier_policy.measure == "growth" and span.from_at is None:
        return growth
    return _amount(member_id, rulebook.tier_policy.measure, span)


def earned_since(moment: datetime, occasion: Occasion) -> list[int]:
    """Members who earned points since a moment."""
    first_day = moment.astimezone(occasion.zone).date()
    rows = db.session.scalars(EARNERS, {"moment": moment, "first_day": first_day})
    return list(rows)


def _amount(member_id: int, measure: TierMeasure, span: Span) -> int:
    return amounts_for((member_id,), measure, span).get(member_id, 0)


def _lifetime_growth(members: Sequence[int], span: Span) -> dict[int, int]:
    """The counter, less what came after the span."""
    rows = db.session.execute(COUNTED, {"members": list(members)})
    counters = {row[0]: int(row[1]) for row in rows}
    if span.until_at is None:
        return counters
    later = _counted(members, "growth", Span(span.until_at, None))
    return {member_id: growth - later.get(member_id, 0) for member_id, growth in counters.items()}


def _counted(members: Sequence[int], measure: TierMeasure, span: Span) -> dict[int, int]:
    values = {
        "members": list(members),
        "from_at": span.from_at or EVER,
        "until_at": span.until_at or NEVER,
    }
    return {row[0]: int(row[1] or 0) for row in db.session.execute(STATEMENTS[measure], values)}
