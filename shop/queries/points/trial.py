"""A made-up or a real order under the draft and the rules in force, through the evaluator that books real ones (B02)."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import bindparam, select

from shop.books.points.facts import facts_before
from shop.books.rulebooks import occasion_with
from shop.extensions import db
from shop.models import Order, Purchase
from shop.rules.orders.pricing import Quote, bought_lines, quote_from_document
from shop.rules.points.award_documents import awards_from_documents
from shop.rules.points.earning import evaluate
from shop.rules.points.occurrences import BoughtLine, MemberFacts, Occurrence
from shop.rules.rulebook import Rulebook

PAID_ORDER = (
    select(
        Purchase.id,
        Purchase.member_id,
        Purchase.tier_code,
        Purchase.shipping_cents,
        Purchase.awards,
        Purchase.placed_at,
        Purchase.paid_at,
        Order.quote,
    )
    .join(Order, Order.id == Purchase.order_id)
    .where(Order.number == bindparam("number"))
)


@dataclass(frozen=True)
class MadeUpOrder:
    """One line of goods, paid in cash at a moment by a member of a tier of whom nothing else is known."""

    cents: int
    tier_code: str | None
    category: str | None
    at: datetime
    zone: tzinfo


@dataclass(frozen=True)
class RealOrder:
    """An order of the mall that was paid once: its row, what was bought, and the points decided for it then."""

    row: Any
    quote: Quote
    decided_points: int


@dataclass(frozen=True)
class Part:
    """Points of one award with their reasons, as they would be stored."""

    points: int
    reasons: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Earned:
    """What the order would earn."""

    points: int
    parts: tuple[Part, ...]


def real_order(number: str) -> RealOrder | None:
    """The order of this number; None when there is none, or it was never paid."""
    row = db.session.execute(PAID_ORDER, {"number": number}).one_or_none()
    if row is None:
        return None
    return RealOrder(row, quote_from_document(row.quote), awards_from_documents(row.awards).total)


def earned_by(order: MadeUpOrder | RealOrder, rulebook: Rulebook) -> Earned:
    """What this order earns under a rulebook; a real one as if it were paid again at its moment."""
    occurrence = _made_up(order) if isinstance(order, MadeUpOrder) else _real(order, rulebook)
    awards = evaluate(occurrence, rulebook)
    parts = tuple(
        Part(award.points, tuple(reason.to_document() for reason in award.reasons)) for award in awards.awards
    )
    return Earned(awards.total, parts)


def _made_up(order: MadeUpOrder) -> Occurrence:
    return Occurrence(
        at=order.at,
        placed_at=order.at,
        zone=order.zone,
        lines=(BoughtLine(cents=order.cents, category=order.category),),
        member=MemberFacts(tier_code=order.tier_code),
    )


def _real(order: RealOrder, rulebook: Rulebook) -> Occurrence:
    occasion = occasion_with(rulebook, order.row.paid_at)
    return Occurrence(
        at=order.row.paid_at,
        placed_at=order.row.placed_at,
        zone=occasion.zone,
        lines=bought_lines(order.quote.lines),
        shipping_cents=order.row.shipping_cents,
        member=facts_before(order.row, occasion),
    )
