"""Keys by which programs come in, and the answers that a repeat of their requests gets."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, not_negative


class ApiKey(Model):
    """The program knows the key, the database its hash.  A key of a store sees and does what is that store's.

    ``points_per_month`` is how many points the key may give in a month of the shop; None: no limit.  A partner's key has
    ``cents_per_thousand``: what the partner pays for a thousand points that it gives.
    """

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint("points_per_month IS NULL OR points_per_month >= 0", name="points_per_month"),
        CheckConstraint("cents_per_thousand IS NULL OR cents_per_thousand >= 0", name="cents_per_thousand"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    ending: Mapped[str] = mapped_column(String(8))
    scopes: Mapped[list[str]] = mapped_column(Document)
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))
    points_per_month: Mapped[int | None]
    cents_per_thousand: Mapped[int | None]
    created_at: Mapped[datetime]
    created_by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ApiRequest(Model):
    """What a key was answered, byte for byte: written in the commit of what the request did."""

    __tablename__ = "api_requests"
    __table_args__ = (Index("ix_api_requests_created_at", "created_at"),)

    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    location: Mapped[str | None] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class ApiKeyMonth(Model):
    """How many points a key has given in one month of the shop (``2026-03``)."""

    __tablename__ = "api_key_months"
    __table_args__ = (*not_negative("granted_points"),)

    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    granted_points: Mapped[int]
