"""Coupons: what can be had, what each member has, and every move of one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject, not_negative, one_of

TEMPLATE_STATES = ("draft", "on", "off")
KINDS = ("cents_off", "percent_off")
SCOPES = ("all", "categories", "products")
COUPON_STATES = ("unused", "held", "used", "expired", "given_back")
ORIGINS = ("redeemed", "reached", "lapsing", "granted")
UNUSED = text("state = 'unused'")


class CouponTemplate(Model):
    """What a merchant offers.  ``issued`` counts coupons that were not given back; it never passes ``total_limit``.

    ``price_points`` None: not for points.  Valid for ``valid_days`` from issue, or from ``valid_from_at`` to
    ``valid_until_at``.  ``is_automatic``: members may have it redeemed by itself.
    """

    __tablename__ = "coupon_templates"
    __table_args__ = (
        one_of("state", TEMPLATE_STATES),
        one_of("kind", KINDS),
        one_of("scope", SCOPES),
        *not_negative("off_cents", "spend_cents_min", "issued"),
        CheckConstraint("off_percent BETWEEN 0 AND 100", name="off_percent_in_range"),
        CheckConstraint("off_cents + off_percent > 0", name="takes_something_off"),
        CheckConstraint("price_points IS NULL OR price_points > 0", name="price_positive"),
        CheckConstraint("total_limit IS NULL OR issued <= total_limit", name="issued_within_limit"),
        CheckConstraint("limit_per_member IS NULL OR limit_per_member > 0", name="limit_per_member_positive"),
        CheckConstraint(
            "(valid_days IS NOT NULL AND valid_days > 0 AND valid_from_at IS NULL AND valid_until_at IS NULL)"
            " OR (valid_days IS NULL AND valid_from_at IS NOT NULL AND valid_until_at IS NOT NULL"
            " AND valid_from_at < valid_until_at)",
            name="valid_for_some_time",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(16), default="draft")
    kind: Mapped[str] = mapped_column(String(16))
    off_cents: Mapped[int] = mapped_column(default=0)
    off_percent: Mapped[int] = mapped_column(default=0)
    off_cents_max: Mapped[int | None]
    spend_cents_min: Mapped[int] = mapped_column(default=0)
    scope: Mapped[str] = mapped_column(String(16), default="all")
    scope_ids: Mapped[list[int]] = mapped_column(Document, default=list)
    price_points: Mapped[int | None]
    valid_days: Mapped[int | None]
    valid_from_at: Mapped[datetime | None]
    valid_until_at: Mapped[datetime | None]
    total_limit: Mapped[int | None]
    limit_per_member: Mapped[int | None]
    is_refundable: Mapped[bool] = mapped_column(default=False)
    is_automatic: Mapped[bool] = mapped_column(default=False)
    issued: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Coupon(Model):
    """One member's coupon, with its own copy of the terms.  ``reference`` is what it was issued for, once.

    ``order_id`` is the order that holds it or has used it.  ``points`` were paid for it by ``entry_id``.  Whether an
    unused one has expired is told by ``expires_at`` alone; the state ``expired`` only records it.
    """

    __tablename__ = "coupons"
    __table_args__ = (
        one_of("state", COUPON_STATES),
        one_of("origin", ORIGINS),
        *not_negative("points"),
        CheckConstraint("(points > 0) = (entry_id IS NOT NULL)", name="paid_by_an_entry"),
        CheckConstraint("(state IN ('held', 'used')) = (order_id IS NOT NULL)", name="order_while_in_use"),
        Index("ix_coupons_member_id_state", "member_id", "state", "expires_at"),
        Index("ix_coupons_template_id", "template_id", "state"),
        Index("uq_coupons_order_id", "order_id", unique=True),
        Index("ix_coupons_due", "expires_at", "id", sqlite_where=UNUSED, postgresql_where=UNUSED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("coupon_templates.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    state: Mapped[str] = mapped_column(String(16), default="unused")
    origin: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str] = mapped_column(String(160), unique=True)
    terms: Mapped[JsonObject] = mapped_column(Document)
    points: Mapped[int] = mapped_column(default=0)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("points_entries.id"))
    is_refundable: Mapped[bool] = mapped_column(default=False)
    undo_until_at: Mapped[datetime | None]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    issued_at: Mapped[datetime]
    valid_from_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class CouponEvent(Model):
    """A move of a coupon: from where to where, for which order, and when.  One order holds and lets go of it once."""

    __tablename__ = "coupon_events"
    __table_args__ = (
        UniqueConstraint("coupon_id", "event", "order_id"),
        Index("ix_coupon_events_order_id", "order_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    coupon_id: Mapped[int] = mapped_column(ForeignKey("coupons.id"))
    event: Mapped[str] = mapped_column(String(16))
    from_state: Mapped[str | None] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    at: Mapped[datetime]


class CouponCount(Model):
    """How many coupons of a template a member got and did not give back."""

    __tablename__ = "coupon_counts"
    __table_args__ = not_negative("units")

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("coupon_templates.id"), primary_key=True)
    units: Mapped[int] = mapped_column(default=0)


class CouponWish(Model):
    """What a member wants redeemed by itself: on reaching the price, or before points lapse.

    ``turned`` counts how often it happened; the next one's reference carries the next number.
    """

    __tablename__ = "coupon_wishes"
    __table_args__ = (*not_negative("turned"), Index("ix_coupon_wishes_template_id", "template_id"))

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("coupon_templates.id"), primary_key=True)
    on_reaching: Mapped[bool] = mapped_column(default=False)
    before_lapse: Mapped[bool] = mapped_column(default=False)
    turned: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]
