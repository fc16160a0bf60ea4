"""Gifts that come on top of what is redeemed for points."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import one_of

GIFT_STATES = ("draft", "on", "off")


class Gift(Model):
    """``quantity`` pieces of a variant come with every ``quantity_min`` pieces redeemed of a product, of a category, or of
    anything (both None).

    At most ``order_max`` pieces with one order, and ``member_max`` for one member in all (None: no limit).  Between
    ``starts_at`` and ``ends_at`` (None: until it is stopped).
    """

    __tablename__ = "gifts"
    __table_args__ = (
        one_of("state", GIFT_STATES),
        CheckConstraint("product_id IS NULL OR category_id IS NULL", name="for_one_thing"),
        CheckConstraint("quantity_min > 0", name="quantity_min_positive"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("order_max >= quantity", name="order_max_reached"),
        CheckConstraint("member_max IS NULL OR member_max > 0", name="member_max_positive"),
        CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="open_for_some_time"),
        Index("ix_gifts_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(16), default="draft")
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    quantity_min: Mapped[int]
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    quantity: Mapped[int]
    order_max: Mapped[int]
    member_max: Mapped[int | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
