"""Gifts on top as the back office sees them: the list with what was given, and one to edit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from shop.extensions import db
from shop.models import Category, Gift, Order, OrderLine, Product, StockLevel, Variant

SHOWN_MAX = 200
OF_GIFT = aliased(Product)
GIVEN = (
    select(
        OrderLine.gift_id,
        func.sum(OrderLine.quantity - OrderLine.refunded_quantity).label("pieces"),
        func.count(OrderLine.order_id.distinct()).label("orders"),
    )
    .join(Order, Order.id == OrderLine.order_id)
    .where(OrderLine.gift_id.is_not(None), or_(Order.state != "closed", Order.paid_at.is_not(None)))
    .group_by(OrderLine.gift_id)
    .subquery()
)
A_SKU = (
    select(func.min(Variant.sku))
    .where(Variant.product_id == Gift.product_id)
    .correlate(Gift)
    .scalar_subquery()
)
LIST: Select[*tuple[Any, ...]] = (
    select(
        Gift.id,
        Gift.name,
        Gift.state,
        Gift.category_id,
        Gift.quantity_min,
        Gift.quantity,
        Gift.order_max,
        Gift.member_max,
        Gift.starts_at,
        Gift.ends_at,
        Gift.revision,
        A_SKU.label("sku"),
        Product.title.label("product_title"),
        Category.name.label("category_name"),
        Variant.sku.label("gift_sku"),
        OF_GIFT.title.label("gift_title"),
        func.coalesce(StockLevel.on_hand - StockLevel.reserved, 0).label("available"),
        func.coalesce(GIVEN.c.pieces, 0).label("pieces_given"),
        func.coalesce(GIVEN.c.orders, 0).label("orders"),
    )
    .join(Variant, Variant.id == Gift.variant_id)
    .join(OF_GIFT, OF_GIFT.id == Variant.product_id)
    .outerjoin(StockLevel, StockLevel.variant_id == Variant.id)
    .outerjoin(Product, Product.id == Gift.product_id)
    .outerjoin(Category, Category.id == Gift.category_id)
    .outerjoin(GIVEN, GIVEN.c.gift_id == Gift.id)
    .order_by(Gift.id.desc())
    .limit(SHOWN_MAX)
)
ONE = LIST.where(Gift.id == bindparam("gift_id"))


@dataclass(frozen=True)
class GiftLine:
    """A gift with its figures.  ``pieces_given`` counts what stayed with members; ``available`` is the gift's own stock."""

    id: int
    name: str
    state: str
    category_id: int | None
    quantity_min: int
    quantity: int
    order_max: int
    member_max: int | None
    starts_at: datetime
    ends_at: datetime | None
    revision: int
    sku: str | None
    product_title: str | None
    category_name: str | None
    gift_sku: str
    gift_title: str
    available: int
    pieces_given: int
    orders: int

    @property
    def scope(self) -> str:
        """For what it comes: all, category or product."""
        if self.product_title is not None:
            return "product"
        return "all" if self.category_id is None else "category"


def gift_lines() -> tuple[GiftLine, ...]:
    """All gifts, the newest first."""
    return tuple(GiftLine(**row._mapping) for row in db.session.execute(LIST))


def gift_line(gift_id: int) -> GiftLine | None:
    """One gift; None when there is none."""
    row = db.session.execute(ONE, {"gift_id": gift_id}).one_or_none()
    return GiftLine(**row._mapping) if row else None
