"""Delivery addresses, sealed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model


class Address(Model):
    """Name, phone, region and street of one address, sealed together as one JSON text."""

    __tablename__ = "addresses"
    __table_args__ = (Index("ix_addresses_member_id_id", "member_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    sealed: Mapped[str]
    is_default: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
