"""Purchases of every channel: what the rules of earning count, and what they decided."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject, not_negative, one_of

CHANNELS = ("mall", "store", "elsewhere")


class Purchase(Model):
    """One paid purchase: an order of the mall (``order_id``), or one reported by a store or a program.

    ``source`` and ``external_id`` name it; the same one again is the same purchase (``request_hash`` tells another body).
    ``cents`` is the cash paid for goods.  ``awards`` were decided at payment, under ``rulebook_version``; what of them was
    credited stands in the points book.
    """

    __tablename__ = "purchases"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        one_of("channel", CHANNELS),
        *not_negative("cents", "shipping_cents", "refunded_cents", "waived_points"),
        CheckConstraint("refunded_cents <= cents", name="refund_within_cents"),
        Index("ix_purchases_member_id_paid_on", "member_id", "paid_on"),
        Index("ix_purchases_store_id_id", "store_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), unique=True)
    channel: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(60))
    external_id: Mapped[str] = mapped_column(String(80))
    request_hash: Mapped[str] = mapped_column(String(64), default="")
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))
    tier_code: Mapped[str] = mapped_column(String(30))
    cents: Mapped[int]
    shipping_cents: Mapped[int] = mapped_column(default=0)
    refunded_cents: Mapped[int] = mapped_column(default=0)
    waived_points: Mapped[int] = mapped_column(default=0)
    awards: Mapped[list[JsonObject]] = mapped_column(Document, default=list)
    rulebook_version: Mapped[int] = mapped_column(ForeignKey("rulebook_versions.id"))
    placed_at: Mapped[datetime]
    paid_at: Mapped[datetime]
    paid_on: Mapped[date]
    credited_at: Mapped[datetime | None]
    recorded_by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class PurchaseLine(Model):
    """Goods of a purchase that was made elsewhere; an order of the mall keeps its own lines."""

    __tablename__ = "purchase_lines"
    __table_args__ = (
        *not_negative("cents", "refunded_cents", "refunded_quantity"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("refunded_cents <= cents", name="refund_within_cents"),
        CheckConstraint("refunded_quantity <= quantity", name="refund_within_quantity"),
    )

    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str | None] = mapped_column(String(60))
    category: Mapped[str | None] = mapped_column(String(60))
    cents: Mapped[int]
    quantity: Mapped[int]
    refunded_cents: Mapped[int] = mapped_column(default=0)
    refunded_quantity: Mapped[int] = mapped_column(default=0)


class PurchaseRefund(Model):
    """A refund that was reported of such a purchase."""

    __tablename__ = "purchase_refunds"
    __table_args__ = (
        UniqueConstraint("purchase_id", "refund_id"),
        *not_negative("cents", "clawed_points", "debt_points", "waived_points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchases.id"))
    refund_id: Mapped[str] = mapped_column(String(80))
    request_hash: Mapped[str] = mapped_column(String(64))
    cents: Mapped[int]
    clawed_points: Mapped[int] = mapped_column(default=0)
    debt_points: Mapped[int] = mapped_column(default=0)
    waived_points: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class MonthReversal(Model):
    """Points of an award by threshold of the month that are void, because returns brought the month's sum below it.

    ``cause`` is the return, ``award`` the place of the award among those of the purchase, from 1.  ``entry_id`` is the
    entry that gave the points; None: they had not been credited yet and never are.
    """

    __tablename__ = "month_reversals"
    __table_args__ = (
        UniqueConstraint("purchase_id", "award", "cause"),
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint("waived_points BETWEEN 0 AND points", name="waived_within_points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchases.id"))
    award: Mapped[int]
    cause: Mapped[str] = mapped_column(String(140))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("points_entries.id"))
    points: Mapped[int]
    waived_points: Mapped[int] = mapped_column(default=0)
    reason: Mapped[JsonObject] = mapped_column(Document)
    at: Mapped[datetime]
