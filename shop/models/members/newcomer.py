"""What newcomers were given: once for each phone, whatever becomes of the account."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, not_negative


class NewcomerPack(Model):
    """The pack of one phone (a keyed hash of it).  ``coupons`` names those given; what ran out is told in ``missing``."""

    __tablename__ = "newcomer_packs"
    __table_args__ = (*not_negative("tickets"), Index("ix_newcomer_packs_member_id", "member_id"))

    phone_index: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    coupons: Mapped[list[str]] = mapped_column(Document, default=list)
    tickets: Mapped[int] = mapped_column(default=0)
    missing: Mapped[list[str]] = mapped_column(Document, default=list)
    given_at: Mapped[datetime]
