"""Products as the back office sees them: the list with its filters, and everything about one."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, exists, func, or_, select

from shop.extensions import db
from shop.models import (
    Category,
    Order,
    OrderLine,
    Picture,
    Product,
    Staff,
    StockLevel,
    StockMovement,
    Variant,
)
from shop.queries.catalogue.shelf import available, searchable

PAGE = 50
JOURNAL = 30
RECENT = timedelta(days=30)
STATES = ("on_sale", "low", "off_sale", "draft")

is_low = and_(
    Product.state == "on_sale",
    exists().where(
        Variant.product_id == Product.id,
        Variant.state == "active",
        StockLevel.variant_id == Variant.id,
        StockLevel.on_hand - StockLevel.reserved <= StockLevel.alert_below,
    ),
)
first_sku = (
    select(func.min(Variant.sku)).where(Variant.product_id == Product.id).correlate(Product).scalar_subquery()
)
LIST: Select[*tuple[Any, ...]] = (
    select(
        Product.id,
        Product.title,
        Product.kind,
        Product.points_kind,
        Product.state,
        Product.price_points_from,
        Product.price_cents_from,
        Product.picture_key,
        Product.tier_code_min,
        Product.market_price_cents,
        first_sku.label("sku"),
        available.label("available"),
        is_low.label("is_low"),
    )
    .where(Product.id < bindparam("before"))
    .order_by(Product.id.desc())
    .limit(PAGE + 1)
)
COUNTS = select(
    func.count().label("all"),
    *(
        func.coalesce(func.sum(case((Product.state == state, 1), else_=0)), 0).label(state)
        for state in STATES
        if state != "low"
    ),
    func.coalesce(func.sum(case((is_low, 1), else_=0)), 0).label("low"),
).select_from(Product)
REDEEMED: Select[*tuple[Any, ...]] = (
    select(OrderLine.product_id, func.sum(OrderLine.quantity - OrderLine.refunded_quantity))
    .join(Order, Order.id == OrderLine.order_id)
    .where(
        OrderLine.product_id.in_(bindparam("ids", expanding=True)),
        OrderLine.gift_id.is_(None),
        Order.paid_at >= bindparam("since"),
    )
    .group_by(OrderLine.product_id)
)
VARIANTS: Select[*tuple[Any, ...]] = (
    select(
        Variant.id,
        Variant.sku,
        Variant.title,
        Variant.state,
        Variant.price_points,
        Variant.price_cents,
        Variant.offset_allowed,
        func.coalesce(StockLevel.on_hand, 0).label("on_hand"),
        func.coalesce(StockLevel.reserved, 0).label("reserved"),
        func.coalesce(StockLevel.alert_below, 0).label("alert_below"),
    )
    .outerjoin(StockLevel, StockLevel.variant_id == Variant.id)
    .where(Variant.product_id == bindparam("product_id"))
    .order_by(Variant.position, Variant.id)
)
PICTURES: Select[*tuple[Any, ...]] = (
    select(Picture.id, Picture.key)
    .where(Picture.product_id == bindparam("product_id"))
    .order_by(Picture.position, Picture.id)
)
MOVEMENTS: Select[*tuple[Any, ...]] = (
    select(
        StockMovement.kind,
        StockMovement.units,
        StockMovement.reason,
        StockMovement.at,
        Variant.title.label("variant_title"),
        Variant.sku,
        Staff.name.label("staff_name"),
    )
    .join(Variant, Variant.id == StockMovement.variant_id)
    .outerjoin(Staff, Staff.id == StockMovement.staff_id)
    .where(Variant.product_id == bindparam("product_id"))
    .order_by(StockMovement.id.desc())
    .limit(JOURNAL)
)


@dataclass(frozen=True)
class DeskRow:
    """A product in the list.  ``redeemed`` counts the pieces of the last 30 days, less what was given back."""

    id: int
    title: str
    kind: str
    points_kind: str
    state: str
    price_points_from: int
    price_cents_from: int
    picture_key: str | None
    tier_code_min: str | None
    market_price_cents: int | None
    sku: str | None
    available: int
    is_low: bool
    redeemed: int = 0


@dataclass(frozen=True)
class DeskPage:
    rows: tuple[DeskRow, ...]
    next_before: int | None


@dataclass(frozen=True)
class DeskProduct:
    """Everything about a product that its editor shows."""

    product: Any
    variants: tuple[Any, ...]
    pictures: tuple[Any, ...]
    movements: tuple[Any, ...]
    redeemed: int

    @property
    def missing(self) -> tuple[str, ...]:
        """What it needs before people may see it; the service decides in the end."""
        present = {
            "category": self.product.category_id is not None,
            "picture": bool(self.pictures),
            "variant": any(variant.state == "active" for variant in self.variants),
        }
        return tuple(name for name, is_there in present.items() if not is_there)


def desk_page(*, q: str, state: str, before: int | None, now: datetime) -> DeskPage:
    """A page of products, the newest first; ``state`` is one of STATES or empty.  Two statements."""
    statement, values = LIST, {"before": before or 2**31 - 1}
    if state in STATES:
        statement = statement.where(is_low if state == "low" else Product.state == state)
    if words := searchable(q):
        statement = statement.where(_named(words))
    rows = db.session.execute(statement, values).all()
    shown = rows[:PAGE]
    redeemed = _redeemed([row.id for row in shown], now)
    entries = tuple(replace(DeskRow(*row), redeemed=redeemed.get(row.id, 0)) for row in shown)
    return DeskPage(entries, shown[-1].id if len(rows) > PAGE else None)


def desk_counts() -> dict[str, int]:
    """How many products there are in each state."""
    return {name: int(count) for name, count in db.session.execute(COUNTS).one()._mapping.items()}


def desk_product(product_id: int, now: datetime) -> DeskProduct | None:
    """A product for its editor; None when there is none."""
    columns = select(Product.__table__, Category.name.label("category_name")).outerjoin(
        Category, Category.id == Product.category_id
    )
    product = db.session.execute(columns.where(Product.id == product_id)).one_or_none()
    if product is None:
        return None
    values = {"product_id": product_id}
    return DeskProduct(
        product=product,
        variants=tuple(db.session.execute(VARIANTS, values)),
        pictures=tuple(db.session.execute(PICTURES, values)),
        movements=tuple(db.session.execute(MOVEMENTS, values)),
        redeemed=_redeemed([product_id], now).get(product_id, 0),
    )


def _named(words: str) -> Any:
    pattern = words.lower()
    in_sku = exists().where(
        Variant.product_id == Product.id, func.lower(Variant.sku).contains(pattern, autoescape=True)
    )
    return or_(func.lower(Product.title).contains(pattern, autoescape=True), in_sku)


def _redeemed(ids: list[int], now: datetime) -> dict[int, int]:
    if not ids:
        return {}
    rows = db.session.execute(REDEEMED, {"ids": ids, "since": now - RECENT})
    return {product_id: int(units) for product_id, units in rows}
