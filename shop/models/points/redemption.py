"""Points as tender: what a member pays with points at a till."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import not_negative


class Redemption(Model):
    """Points set aside for a bill at a till.  Its state is that of its hold: there is no second place to say it.

    ``off_cents`` is what the points take off a bill of ``bill_cents``, at the ratio of the rulebook of that moment.
    """

    __tablename__ = "redemptions"
    __table_args__ = (
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint("off_cents <= bill_cents", name="off_within_bill"),
        *not_negative("off_cents"),
        Index("ix_redemptions_member_id_id", "member_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    hold_id: Mapped[int] = mapped_column(ForeignKey("points_holds.id"), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    api_key_id: Mapped[int | None] = mapped_column(ForeignKey("api_keys.id"))
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))
    receipt: Mapped[str] = mapped_column(String(60))
    bill_cents: Mapped[int]
    off_cents: Mapped[int]
    points: Mapped[int]
    rulebook_version: Mapped[int] = mapped_column(ForeignKey("rulebook_versions.id"))
    created_at: Mapped[datetime]


class RedemptionRefund(Model):
    """Points of a captured redemption that went back to their lots; together never more than were captured."""

    __tablename__ = "redemption_refunds"
    __table_args__ = (CheckConstraint("points > 0", name="points_positive"),)

    redemption_id: Mapped[int] = mapped_column(ForeignKey("redemptions.id"), primary_key=True)
    refund: Mapped[str] = mapped_column(String(60), primary_key=True)
    points: Mapped[int]
    off_cents: Mapped[int]
    entry_id: Mapped[int] = mapped_column(ForeignKey("points_entries.id"), unique=True)
    created_at: Mapped[datetime]
