"""Holds: points set aside for an unpaid order, lot by lot."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import one_of

HOLD_STATES = ("held", "captured", "voided", "expired")


class Hold(Model):
    """Ends in exactly one of captured, voided and expired (timed out)."""

    __tablename__ = "points_holds"
    __table_args__ = (
        CheckConstraint("points > 0", name="points_positive"),
        one_of("state", HOLD_STATES),
        Index(
            "ix_points_holds_open",
            "expires_at",
            "id",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("points_accounts.id"), index=True)
    reference: Mapped[str] = mapped_column(String(160), unique=True)
    points: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="held")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class HeldLot(Model):
    """The part of a hold that one lot carries."""

    __tablename__ = "points_held_lots"
    __table_args__ = (CheckConstraint("points > 0", name="points_positive"),)

    hold_id: Mapped[int] = mapped_column(ForeignKey("points_holds.id"), primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("points_lots.id"), primary_key=True, index=True)
    points: Mapped[int]
