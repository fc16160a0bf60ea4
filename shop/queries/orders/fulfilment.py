"""Orders for the back office: what waits to be sent or handed over, and the order behind a pick-up code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, false, func, select

from shop.books.orders.opening import CODE_LENGTH, CODE_LETTERS
from shop.crypto import blind_index
from shop.extensions import db
from shop.models import Member, Order, OrderLine, Store
from shop.queries.merchant.members import search_for
from shop.queries.orders.orders import Stage, first_line, in_pile, pieces, stage

STAFF_PILES = ("paid", "pickup", "placed", "shipped", "received", "closed", "refunded", "all")
COUNTED = ("paid", "pickup", "placed")
PAGE = 30
QUERY_LENGTH_MAX = 40
MEMBERS_MAX = 200
AFTER_EVERY_DIGIT = "Z"
ROWS = (
    select(
        Order.id,
        Order.number,
        stage,
        Order.way,
        Order.placed_at,
        Order.paid_at,
        Order.total_points,
        Order.total_cents,
        Order.refunded_points,
        Order.refunded_cents,
        Member.id.label("member_id"),
        Member.name.label("member_name"),
        OrderLine.product_id,
        OrderLine.title,
        OrderLine.variant_title,
        OrderLine.picture_key,
        pieces.label("pieces"),
    )
    .join(Member, Member.id == Order.member_id)
    .join(OrderLine, OrderLine.id == first_line)
)
COUNTS = select(stage, func.count()).where(Order.state.in_(("placed", "paid"))).group_by(stage)
BY_CODE = (
    select(
        Order.id,
        Order.number,
        stage,
        Order.way,
        Order.placed_at,
        Order.received_at,
        Order.pickup_code,
        Order.note,
        Member.name.label("member_name"),
        Member.phone_last4,
        Store.name.label("store_name"),
    )
    .join(Member, Member.id == Order.member_id)
    .outerjoin(Store, Store.id == Order.store_id)
    .where(Order.pickup_code == bindparam("code"))
)
GOODS = (
    select(
        OrderLine.product_id,
        OrderLine.title,
        OrderLine.variant_title,
        OrderLine.picture_key,
        (OrderLine.quantity - OrderLine.refunded_quantity).label("pieces"),
    )
    .where(OrderLine.order_id == bindparam("order_id"))
    .order_by(OrderLine.id)
)


@dataclass(frozen=True)
class StaffRow:
    """One line of the list, shown by its first line of goods."""

    id: int
    number: str
    stage: Stage
    way: str
    placed_at: datetime
    paid_at: datetime | None
    total_points: int
    total_cents: int
    refunded_points: int
    refunded_cents: int
    member_id: int
    member_name: str
    product_id: int
    title: str
    variant_title: str
    picture_key: str | None
    pieces: int


@dataclass(frozen=True)
class StaffOrders:
    """A page of the list; ``next_after`` continues it.  What waits stands oldest first, the rest newest first."""

    rows: tuple[StaffRow, ...]
    next_after: int | None


@dataclass(frozen=True)
class Goods:
    """What is to be handed over."""

    product_id: int
    title: str
    variant_title: str
    picture_key: str | None
    pieces: int


@dataclass(frozen=True)
class Collected:
    """The order behind a pick-up code, before it is handed over."""

    id: int
    number: str
    stage: Stage
    way: str
    placed_at: datetime
    received_at: datetime | None
    pickup_code: str
    note: str
    member_name: str
    phone_last4: str
    store_name: str | None
    goods: tuple[Goods, ...]


def find_orders(
    pile: str, now: datetime, *, search: str = "", way: str = "", after: int | None = None
) -> StaffOrders:
    """A page of orders in one statement, or two.  A search looks through all piles.

    ``search``: an order's number or its beginning, a pick-up code, a phone, its last four digits, a member's name.
    """
    oldest_first = pile in COUNTED and not search
    conditions = _search(search) if search else _pile(pile)
    if way:
        conditions.append(Order.way == way)
    if after is not None:
        conditions.append(Order.id > after if oldest_first else Order.id < after)
    order = Order.id.asc() if oldest_first else Order.id.desc()
    statement = ROWS.where(*conditions).order_by(order).limit(PAGE + 1)
    rows = db.session.execute(statement, {"now": now}).all()
    shown = tuple(StaffRow(**row._mapping) for row in rows[:PAGE])
    return StaffOrders(shown, shown[-1].id if len(rows) > PAGE else None)


def waiting_counts(now: datetime) -> Mapping[str, int]:
    """How many orders wait to be sent, to be picked up and to be paid."""
    rows = db.session.execute(COUNTS, {"now": now})
    return {row[0]: int(row[1]) for row in rows if row[0] in COUNTED}


def order_of_code(code: str, now: datetime) -> Collected | None:
    """The order with this pick-up code (capitals, no spaces); None when there is none."""
    if not may_be_code(code):
        return None
    row = db.session.execute(BY_CODE, {"code": code, "now": now}).one_or_none()
    if row is None:
        return None
    goods = tuple(Goods(**each._mapping) for each in db.session.execute(GOODS, {"order_id": row.id}))
    return Collected(**row._mapping, goods=goods)


def may_be_code(text: str) -> bool:
    """Whether this can be a pick-up code at all."""
    return len(text) == CODE_LENGTH and all(letter in CODE_LETTERS for letter in text)


def _pile(pile: str) -> list[ColumnElement[bool]]:
    if pile == "refunded":
        return [(Order.refunded_points > 0) | (Order.refunded_cents > 0)]
    condition = in_pile(pile)
    return [] if condition is None else [condition]


def _search(text: str) -> list[ColumnElement[bool]]:
    plain = text.strip()[:QUERY_LENGTH_MAX].upper().replace(" ", "").replace("-", "")
    if plain.startswith("SF") and plain.isascii() and plain.isalnum():
        return [Order.number >= plain, Order.number < plain + AFTER_EVERY_DIGIT]  # a range: the index answers
    if may_be_code(plain) and not plain.isdigit():
        return [Order.pickup_code == plain]
    member_ids = _members_like(text)
    return [Order.member_id.in_(member_ids) if member_ids else false()]


def _members_like(text: str) -> list[int]:
    """Members of that phone, number or name, looked up first: few of them have orders to be sorted."""
    wanted = search_for(text)
    if wanted.phone:
        condition = Member.phone_index == blind_index(wanted.phone)
    elif wanted.last_digits:
        condition = Member.phone_last4 == wanted.last_digits
    elif wanted.member_id is not None:
        condition = Member.id == wanted.member_id
    else:
        condition = Member.name.startswith(wanted.name, autoescape=True)
    return list(
        db.session.scalars(select(Member.id).where(condition).order_by(Member.id.desc()).limit(MEMBERS_MAX))
    )
