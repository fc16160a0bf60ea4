"""A member's orders, newest first, by what waits to be done with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select

from shop.extensions import db
from shop.models import Order, OrderLine, Payment, Store

Stage = Literal["placed", "lapsed", "paid", "pickup", "shipped", "received", "closed"]
PILES = ("all", "placed", "paid", "shipped", "pickup", "received", "closed")
PAGE = 15
NUMBER_LENGTH_MAX = 24

is_by_code = Order.way != "shipping"
stage = case(
    (and_(Order.state == "placed", Order.pay_by_at <= bindparam("now")), "lapsed"),
    (and_(Order.state == "paid", is_by_code), "pickup"),
    else_=Order.state,
).label("stage")
first_line = (
    select(func.min(OrderLine.id)).where(OrderLine.order_id == Order.id).correlate(Order).scalar_subquery()
)
pieces = (
    select(func.sum(OrderLine.quantity))
    .where(OrderLine.order_id == Order.id)
    .correlate(Order)
    .scalar_subquery()
)
payment_token = (
    select(Payment.token)
    .where(Payment.order_id == Order.id)
    .order_by(Payment.id.desc())
    .limit(1)
    .correlate(Order)
    .scalar_subquery()
)
OF_MEMBER = (
    select(
        Order.id,
        Order.number,
        stage,
        Order.way,
        Order.placed_at,
        Order.pay_by_at,
        Order.points_kind,
        Order.total_points,
        Order.total_cents,
        Order.earn_points,
        Order.refunded_points,
        Order.refunded_cents,
        Order.carrier,
        Order.tracking_number,
        Order.close_reason,
        Store.name.label("store_name"),
        OrderLine.product_id,
        OrderLine.title,
        OrderLine.variant_title,
        OrderLine.picture_key,
        pieces.label("pieces"),
        payment_token.label("payment_token"),
    )
    .join(OrderLine, OrderLine.id == first_line)
    .outerjoin(Store, Store.id == Order.store_id)
    .where(Order.member_id == bindparam("member_id"))
    .order_by(Order.id.desc())
    .limit(PAGE + 1)
)
COUNTS = (
    select(stage, func.count())
    .where(Order.member_id == bindparam("member_id"), Order.state.in_(("placed", "paid", "shipped")))
    .group_by(stage)
)


@dataclass(frozen=True)
class OrderCard:
    """One order of the list, shown by its first line.  An overdue unpaid order counts as ended (``lapsed``)."""

    id: int
    number: str
    stage: Stage
    way: str
    placed_at: datetime
    pay_by_at: datetime
    points_kind: str
    total_points: int
    total_cents: int
    earn_points: int
    refunded_points: int
    refunded_cents: int
    carrier: str | None
    tracking_number: str | None
    close_reason: str | None
    store_name: str | None
    product_id: int
    title: str
    variant_title: str
    picture_key: str | None
    pieces: int
    payment_token: str | None


@dataclass(frozen=True)
class OrdersPage:
    """A part of the list; ``next_before`` continues it, None at the end."""

    cards: tuple[OrderCard, ...]
    next_before: int | None


def orders_of(member_id: int, pile: str, before: int | None, now: datetime) -> OrdersPage:
    """A page of a member's orders in one statement.  ``pile`` is one of PILES; anything else is all of them."""
    statement = OF_MEMBER
    if (condition := in_pile(pile)) is not None:
        statement = statement.where(condition)
    if before is not None:
        statement = statement.where(Order.id < before)
    rows = db.session.execute(statement, {"member_id": member_id, "now": now}).all()
    cards = tuple(OrderCard(**row._mapping) for row in rows[:PAGE])
    return OrdersPage(cards, cards[-1].id if len(rows) > PAGE else None)


def order_counts(member_id: int, now: datetime) -> Mapping[str, int]:
    """How many orders wait in each pile: what is over is not counted."""
    rows = db.session.execute(COUNTS, {"member_id": member_id, "now": now})
    return {row[0]: int(row[1]) for row in rows if row[0] != "lapsed"}


def in_pile(pile: str) -> ColumnElement[bool] | None:
    """Which orders lie in a pile; None for all.  The statement binds ``now``."""
    overdue = Order.pay_by_at <= bindparam("now")
    piles: dict[str, ColumnElement[bool]] = {
        "placed": and_(Order.state == "placed", ~overdue),
        "paid": and_(Order.state == "paid", ~is_by_code),
        "pickup": and_(Order.state == "paid", is_by_code),
        "shipped": Order.state == "shipped",
        "received": Order.state == "received",
        "closed": or_(Order.state == "closed", and_(Order.state == "placed", overdue)),
    }
    return piles.get(pile)


def may_be_number(text: str) -> bool:
    """Whether this can be an order's number at all: what cannot never reaches the database."""
    return text.isascii() and text.isalnum() and len(text) <= NUMBER_LENGTH_MAX
