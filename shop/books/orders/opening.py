"""A new order with its lines: prices from the quote, everything else copied from the catalogue of this moment."""

import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, insert, select

from shop.books import purchase_counts
from shop.books.orders import moves
from shop.books.orders.baskets import Basket
from shop.extensions import db, table_of
from shop.models import Order, OrderLine
from shop.rules.orders.pricing import Quote, quote_document

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L: they are read aloud at the counter
CODE_LENGTH = 8
NUMBER_DIGITS = 8
NUMBER_TAKEN = select(Order.id).where(Order.number == bindparam("number"))
CODE_TAKEN = select(Order.id).where(Order.pickup_code == bindparam("code"))
SUMS = (
    "goods_points",
    "goods_cents",
    "coupon_cents",
    "offset_points",
    "offset_cents",
    "shipping_cents",
    "shipping_offset_points",
    "shipping_offset_cents",
    "total_points",
    "total_cents",
)
PARTS = (
    "unit_points",
    "unit_cents",
    "line_points",
    "line_cents",
    "coupon_cents",
    "offset_points",
    "offset_cents",
    "paid_cents",
)
NEW_ORDER = insert(table_of(Order)).returning(table_of(Order).c.id)


@dataclass(frozen=True, kw_only=True)
class Header:
    """What an order says besides its lines and sums."""

    number: str
    member_id: int
    way: str
    store_id: int | None
    address_sealed: str | None
    note: str
    idempotency_key: str
    request_hash: str
    pay_by_at: datetime


def open_order(basket: Basket, quote: Quote, header: Header) -> int:
    """Write a placed order, its lines and its first event.  Returns its id.  Sets nothing aside: the caller does."""
    now = basket.occasion.now
    row = {
        **asdict(header),
        **{name: getattr(quote, name) for name in SUMS},
        "points_kind": quote.points_kind,
        "state": "placed",
        "rulebook_version": quote.rulebook_version,
        "quote": quote_document(quote),
        "earn_points": quote.earn.total,
        "pickup_code": None if header.way == "shipping" else new_code(),
        "placed_at": now,
    }
    order_id = int(db.session.execute(NEW_ORDER, row).scalar_one())
    db.session.execute(insert(OrderLine), _line_rows(order_id, basket, quote))
    moves.open_order(order_id, actor="member", now=now)
    return order_id


def new_number(today: date) -> str:
    """SF, the day, and random digits: nobody learns from it how much is sold, or guesses another one."""
    while True:
        number = f"SF{today:%y%m%d}{secrets.randbelow(10**NUMBER_DIGITS):0{NUMBER_DIGITS}d}"
        if db.session.scalar(NUMBER_TAKEN, {"number": number}) is None:
            return number


def new_code() -> str:
    """A code to show at the counter: no other order has it."""
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH))
        if db.session.scalar(CODE_TAKEN, {"code": code}) is None:
            return code


def _line_rows(order_id: int, basket: Basket, quote: Quote) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for line, priced in zip(basket.lines, quote.lines, strict=True):
        offer = line.offer
        period = purchase_counts.period_key(offer.limit_period, basket.occasion.today)
        rows.append(
            {
                "order_id": order_id,
                "variant_id": offer.variant_id,
                "product_id": offer.product_id,
                "sku": offer.sku,
                "title": offer.title,
                "variant_title": offer.variant_title,
                "picture_key": offer.picture_key,
                "gift_id": line.gift.gift_id if line.gift else None,
                "limit_period": None if offer.limit_per_member is None or line.gift else period,
                "quantity": line.quantity,
                **{name: getattr(priced, name) for name in PARTS},
            }
        )
    return rows
