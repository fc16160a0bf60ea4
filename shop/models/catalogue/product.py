"""Products are what is shown; variants are what is sold."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import not_negative, one_of
from shop.rules.points.kinds import MAIN_KIND

PRODUCT_KINDS = ("physical", "voucher", "service", "virtual")
PRODUCT_STATES = ("draft", "on_sale", "off_sale")
VARIANT_STATES = ("active", "retired")
ON_SALE = text("state = 'on_sale'")


class Product(Model):
    """``price_points_from`` and ``price_cents_from`` repeat the cheapest active variant for lists and sorting.

    Until ``tier_until`` (None: always) only members from the tier ``tier_code_min`` on may redeem it.
    """

    __tablename__ = "products"
    __table_args__ = (
        one_of("kind", PRODUCT_KINDS),
        one_of("state", PRODUCT_STATES),
        *not_negative("price_points_from", "price_cents_from", "tier_growth_min", "redeemed_count"),
        CheckConstraint("limit_per_member IS NULL OR limit_per_member > 0", name="limit_per_member_positive"),
        CheckConstraint("limit_per_order IS NULL OR limit_per_order > 0", name="limit_per_order_positive"),
        Index("ix_products_shelf", "position", "id", sqlite_where=ON_SALE, postgresql_where=ON_SALE),
        Index(
            "ix_products_category",
            "category_id",
            "position",
            "id",
            sqlite_where=ON_SALE,
            postgresql_where=ON_SALE,
        ),
        Index(
            "ix_products_points", "price_points_from", "id", sqlite_where=ON_SALE, postgresql_where=ON_SALE
        ),
        Index("ix_products_popular", "redeemed_count", "id", sqlite_where=ON_SALE, postgresql_where=ON_SALE),
        Index("ix_products_new", "published_at", "id", sqlite_where=ON_SALE, postgresql_where=ON_SALE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    subtitle: Mapped[str] = mapped_column(String(160), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(16), default="physical")
    state: Mapped[str] = mapped_column(String(16), default="draft")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    tags: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)
    market_price_cents: Mapped[int | None]
    points_kind: Mapped[str] = mapped_column(String(30), default=MAIN_KIND, server_default=MAIN_KIND)
    price_points_from: Mapped[int] = mapped_column(default=0)
    price_cents_from: Mapped[int] = mapped_column(default=0)
    tier_code_min: Mapped[str | None] = mapped_column(String(20))
    tier_growth_min: Mapped[int] = mapped_column(default=0)
    tier_until: Mapped[datetime | None]
    limit_per_member: Mapped[int | None]
    limit_per_order: Mapped[int | None]
    limit_period: Mapped[str] = mapped_column(String(10), default="ever")
    redeemed_count: Mapped[int] = mapped_column(default=0)
    picture_key: Mapped[str | None] = mapped_column(String(80))
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)


class Variant(Model):
    """What is sold: a points part, a cash part, or both.  ``offset_allowed``: points may pay for the cash part."""

    __tablename__ = "variants"
    __table_args__ = (
        one_of("state", VARIANT_STATES),
        *not_negative("price_points", "price_cents"),
        CheckConstraint("price_points + price_cents > 0", name="price_positive"),
        Index("ix_variants_product_id", "product_id", "position", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(String(16), default="active")
    position: Mapped[int] = mapped_column(default=0)
    price_points: Mapped[int]
    price_cents: Mapped[int]
    offset_allowed: Mapped[bool] = mapped_column(default=True)


class Picture(Model):
    """A picture of a product: ``key`` names the re-encoded files in the media storage."""

    __tablename__ = "pictures"
    __table_args__ = (Index("ix_pictures_product_id", "product_id", "position", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    key: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)
    width: Mapped[int]
    height: Mapped[int]


class Watch(Model):
    """A member waits for a product: as a favourite, or to be told when it is back."""

    __tablename__ = "watches"
    __table_args__ = (
        one_of("kind", ("favourite", "restock")),
        UniqueConstraint("member_id", "product_id", "kind"),
        Index("ix_watches_product_id", "product_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    kind: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
