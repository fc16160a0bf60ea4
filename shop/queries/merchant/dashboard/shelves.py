"""What sells, what runs out, and what waits for somebody."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import bindparam, func, select

from shop.extensions import db
from shop.models import BooksProof, Order, OrderLine, OutboxEvent, Product, Refund, StockLevel, Variant
from shop.queries.merchant.menu import Waiting, waiting_orders
from shop.rules.points.expiry import start_of_day

BEST_SHOWN = 5
LOW_SHOWN = 6

units = func.sum(OrderLine.quantity - OrderLine.refunded_quantity)
BEST = (
    select(
        Product.id,
        Product.title,
        units.label("units"),
        func.sum(OrderLine.line_points + OrderLine.offset_points - OrderLine.refunded_points),
        func.sum(OrderLine.paid_cents - OrderLine.refunded_cents),
    )
    .join(Order, Order.id == OrderLine.order_id)
    .join(Product, Product.id == OrderLine.product_id)
    .where(
        Order.paid_at >= bindparam("starts_at"),
        Order.paid_at < bindparam("ends_at"),
        OrderLine.gift_id.is_(None),
    )
    .group_by(Product.id, Product.title)
    .having(units > 0)
    .order_by(units.desc(), Product.id)
    .limit(BEST_SHOWN)
)
available = StockLevel.on_hand - StockLevel.reserved
LOW = (
    select(
        Product.id,
        Product.title,
        Variant.title.label("variant_title"),
        available.label("available"),
        func.count().over().label("total"),
    )
    .join(Variant, Variant.id == StockLevel.variant_id)
    .join(Product, Product.id == Variant.product_id)
    .where(Product.state == "on_sale", Variant.state == "active", available <= StockLevel.alert_below)
    .order_by(available, Product.id, Variant.id)
    .limit(LOW_SHOWN)
)
TROUBLE = select(
    select(func.count()).select_from(Refund).where(Refund.cash_state == "failed").scalar_subquery(),
    select(func.count()).select_from(OutboxEvent).where(OutboxEvent.state == "dead").scalar_subquery(),
    select(BooksProof.broken)
    .where(BooksProof.state == "finished")
    .order_by(BooksProof.id.desc())
    .limit(1)
    .scalar_subquery(),
)


@dataclass(frozen=True)
class BestGood:
    """A product that was redeemed in the period: units kept, and what was paid for them after refunds."""

    product_id: int
    title: str
    units: int
    points: int
    cents: int


@dataclass(frozen=True)
class LowStock:
    """A variant on sale whose available units are at or below its alert."""

    product_id: int
    title: str
    variant_title: str
    available: int


@dataclass(frozen=True)
class Desk:
    """What waits: orders, stock that runs out, refunds that the provider refused, events nobody could deliver, and
    invariants that the last proof of the books found broken.
    """

    waiting: Waiting
    low_stock: tuple[LowStock, ...]
    low_stock_total: int
    refunds_failed: int
    events_dead: int
    books_broken: int

    @property
    def is_clear(self) -> bool:
        trouble = self.refunds_failed or self.events_dead or self.books_broken
        return not (self.waiting.orders or self.low_stock or trouble)


def best_goods(days: int, today: date) -> list[BestGood]:
    """What members took most in the last ``days`` shop-days, units that came back not counted."""
    zone: ZoneInfo = current_app.config["SHOP_ZONE"]
    values = {
        "starts_at": start_of_day(today - timedelta(days=days - 1), zone),
        "ends_at": start_of_day(today + timedelta(days=1), zone),
    }
    return [BestGood(row[0], row[1], *map(int, row[2:])) for row in db.session.execute(BEST, values)]


def desk() -> Desk:
    """What waits for somebody at this moment, in three statements."""
    low = db.session.execute(LOW).all()
    refunds_failed, events_dead, books_broken = db.session.execute(TROUBLE).one()
    return Desk(
        waiting=waiting_orders(),
        low_stock=tuple(LowStock(*row[:4]) for row in low),
        low_stock_total=int(low[0].total) if low else 0,
        refunds_failed=int(refunds_failed),
        events_dead=int(events_dead),
        books_broken=int(books_broken or 0),
    )
