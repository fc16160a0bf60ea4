"""Lots: points earned together, with one expiry."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import not_negative, one_of
from shop.models.points.entry import SOURCE_CLASSES


class Lot(Model):
    """Spendable in ``[available_at, expires_at)``, whether or not any job ever ran (invariant L5)."""

    __tablename__ = "points_lots"
    __table_args__ = (
        *not_negative("remaining_points", "held_points"),
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint("remaining_points <= points", name="remaining_within_points"),
        CheckConstraint("held_points <= remaining_points", name="held_within_remaining"),
        one_of("source_class", SOURCE_CLASSES),
        Index(
            "ix_points_lots_spendable",
            "account_id",
            "expires_at",
            "id",
            sqlite_where=text("remaining_points > 0"),
            postgresql_where=text("remaining_points > 0"),
        ),
        Index(
            "ix_points_lots_due",
            "expires_at",
            "id",
            sqlite_where=text("remaining_points > 0"),
            postgresql_where=text("remaining_points > 0"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("points_accounts.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("points_entries.id"), unique=True)
    source_class: Mapped[str] = mapped_column(String(16))
    points: Mapped[int]
    remaining_points: Mapped[int]
    held_points: Mapped[int] = mapped_column(default=0)
    credited_at: Mapped[datetime]
    available_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    rulebook_version: Mapped[int] = mapped_column(ForeignKey("rulebook_versions.id"))
