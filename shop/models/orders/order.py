"""Orders, their lines, and every move they made."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject, not_negative, one_of
from shop.rules.points.kinds import MAIN_KIND

ORDER_STATES = ("placed", "paid", "shipped", "received", "closed")
WAYS = ("shipping", "pickup", "none")
ACTORS = ("member", "staff", "system")
IS_GIFT = text("gift_id IS NOT NULL")


class Order(Model):
    """Keeps its own copy of the quote.  Total = points part + cash part (invariant O1).

    ``shipping_offset_points`` and ``shipping_offset_cents`` are the part of the offset that paid the freight.
    """

    __tablename__ = "orders"
    __table_args__ = (
        one_of("state", ORDER_STATES),
        one_of("way", WAYS),
        *not_negative(
            "goods_points", "goods_cents", "coupon_cents", "offset_points", "offset_cents", "shipping_cents",
            "total_points", "total_cents", "refunded_points", "refunded_cents", "earn_points",
            "shipping_offset_points", "shipping_offset_cents", "refunded_shipping_points",
        ),
        CheckConstraint("total_points = goods_points + offset_points", name="points_add_up"),
        CheckConstraint(
            "total_cents = goods_cents - coupon_cents - offset_cents + shipping_cents", name="cents_add_up"
        ),
        CheckConstraint("refunded_points <= total_points", name="refund_within_points"),
        CheckConstraint("refunded_cents <= total_cents", name="refund_within_cents"),
        Index("ix_orders_member_id_id", "member_id", "id"),
        Index("ix_orders_state_id", "state", "id"),
        Index(
            "ix_orders_unpaid",
            "pay_by_at",
            "id",
            sqlite_where=text("state = 'placed'"),
            postgresql_where=text("state = 'placed'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    state: Mapped[str] = mapped_column(String(16), default="placed")
    way: Mapped[str] = mapped_column(String(16))
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))
    address_sealed: Mapped[str | None]
    note: Mapped[str] = mapped_column(String(100), default="")
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    rulebook_version: Mapped[int] = mapped_column(ForeignKey("rulebook_versions.id"))
    quote: Mapped[JsonObject] = mapped_column(Document)
    goods_points: Mapped[int]
    goods_cents: Mapped[int]
    coupon_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    offset_points: Mapped[int]
    offset_cents: Mapped[int]
    shipping_cents: Mapped[int]
    points_kind: Mapped[str] = mapped_column(String(30), default=MAIN_KIND, server_default=MAIN_KIND)
    total_points: Mapped[int]
    total_cents: Mapped[int]
    earn_points: Mapped[int]
    refunded_points: Mapped[int] = mapped_column(default=0)
    refunded_cents: Mapped[int] = mapped_column(default=0)
    refunded_shipping_cents: Mapped[int] = mapped_column(default=0)
    shipping_offset_points: Mapped[int] = mapped_column(default=0, server_default="0")
    shipping_offset_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    refunded_shipping_points: Mapped[int] = mapped_column(default=0, server_default="0")
    pickup_code: Mapped[str | None] = mapped_column(String(16), unique=True)
    carrier: Mapped[str | None] = mapped_column(String(40))
    tracking_number: Mapped[str | None] = mapped_column(String(60))
    close_reason: Mapped[str | None] = mapped_column(String(40))
    pay_by_at: Mapped[datetime]
    placed_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class OrderLine(Model):
    """One variant of an order at the price of its moment; titles are copies.  With a ``gift_id`` it came on top."""

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        *not_negative(
            "line_points", "line_cents", "coupon_cents", "offset_points", "offset_cents", "paid_cents"
        ),
        CheckConstraint("paid_cents = line_cents - coupon_cents - offset_cents", name="cents_add_up"),
        CheckConstraint(
            "gift_id IS NULL OR (line_points = 0 AND line_cents = 0 AND limit_period IS NULL)",
            name="gift_is_free",
        ),
        CheckConstraint("refunded_quantity BETWEEN 0 AND quantity", name="refund_within_quantity"),
        CheckConstraint(
            "refunded_points BETWEEN 0 AND line_points + offset_points", name="refund_within_points"
        ),
        CheckConstraint("refunded_cents BETWEEN 0 AND paid_cents", name="refund_within_cents"),
        Index("ix_order_lines_order_id", "order_id"),
        Index("ix_order_lines_variant_id", "variant_id"),
        Index("ix_order_lines_gift_id", "gift_id", sqlite_where=IS_GIFT, postgresql_where=IS_GIFT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    gift_id: Mapped[int | None] = mapped_column(ForeignKey("gifts.id"))
    sku: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(80))
    variant_title: Mapped[str] = mapped_column(String(60), default="")
    picture_key: Mapped[str | None] = mapped_column(String(80))
    limit_period: Mapped[str | None] = mapped_column(String(10))
    quantity: Mapped[int]
    unit_points: Mapped[int]
    unit_cents: Mapped[int]
    line_points: Mapped[int]
    line_cents: Mapped[int]
    coupon_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    offset_points: Mapped[int]
    offset_cents: Mapped[int]
    paid_cents: Mapped[int]
    refunded_quantity: Mapped[int] = mapped_column(default=0)
    refunded_points: Mapped[int] = mapped_column(default=0)
    refunded_offset_points: Mapped[int] = mapped_column(default=0)
    refunded_cents: Mapped[int] = mapped_column(default=0)


class OrderEvent(Model):
    """Who moved an order, from where to where, when and why."""

    __tablename__ = "order_events"
    __table_args__ = (one_of("actor", ACTORS), Index("ix_order_events_order_id_id", "order_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    event: Mapped[str] = mapped_column(String(24))
    from_state: Mapped[str | None] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(16))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
