"""Payments of the cash part, the provider's notices, and refunds."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject, not_negative, one_of

PAYMENT_STATES = ("pending", "captured", "closed", "refunded_late")
REFUND_STATES = ("none", "queued", "sent", "done", "failed")


class Payment(Model):
    """One attempt to collect an order's cash part.  ``token`` is public: it names the cashier page."""

    __tablename__ = "payments"
    __table_args__ = (
        one_of("state", PAYMENT_STATES),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        *not_negative("refunded_cents"),
        CheckConstraint("refunded_cents <= amount_cents", name="refund_within_amount"),
        Index("ix_payments_order_id", "order_id"),
        Index(
            "uq_payments_open",
            "order_id",
            unique=True,
            sqlite_where=text("state IN ('pending', 'captured')"),
            postgresql_where=text("state IN ('pending', 'captured')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(48), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    provider: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(16), default="pending")
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    refunded_cents: Mapped[int] = mapped_column(default=0)
    provider_reference: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime]
    captured_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class PaymentNotice(Model):
    """What a provider told us, once per notice, with what we made of it."""

    __tablename__ = "payment_notices"
    __table_args__ = (
        UniqueConstraint("provider", "notice_id"),
        Index("ix_payment_notices_payment_id", "payment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(24))
    notice_id: Mapped[str] = mapped_column(String(80))
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"))
    kind: Mapped[str] = mapped_column(String(24))
    amount_cents: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime]


class Refund(Model):
    """Points and cash given back for an order, once per reference.  The cash part is sent through the outbox.

    ``clawed_points`` were to be taken back from what the order had earned; ``waived_points`` of them were let go.
    ``cents`` went to the member; ``deducted_cents`` more were kept for ``deducted_points`` that were gone already (they
    are among the waived ones).
    """

    __tablename__ = "refunds"
    __table_args__ = (
        *not_negative("points", "cents", "shipping_cents", "clawed_points", "waived_points"),
        *not_negative("deducted_points", "deducted_cents", "shipping_points"),
        one_of("cash_state", REFUND_STATES),
        Index("ix_refunds_order_id", "order_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
    reference: Mapped[str] = mapped_column(String(160), unique=True)
    points: Mapped[int]
    cents: Mapped[int]
    shipping_cents: Mapped[int] = mapped_column(default=0)
    shipping_points: Mapped[int] = mapped_column(default=0, server_default="0")
    clawed_points: Mapped[int] = mapped_column(default=0)
    waived_points: Mapped[int] = mapped_column(default=0)
    deducted_points: Mapped[int] = mapped_column(default=0, server_default="0")
    deducted_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    cash_state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(200), default="")
    reasons: Mapped[list[JsonObject]] = mapped_column(Document, default=list)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class RefundLine(Model):
    __tablename__ = "refund_lines"
    __table_args__ = not_negative("quantity", "points", "offset_points", "cents")

    refund_id: Mapped[int] = mapped_column(ForeignKey("refunds.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), primary_key=True)
    quantity: Mapped[int]
    points: Mapped[int]
    offset_points: Mapped[int]
    cents: Mapped[int]
