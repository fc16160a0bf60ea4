"""Lots: points earned together, with one expiry."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import not_negative, one_of
from shop.models.points.entry import SOURCE_CLASSES

LOT_EXTENSIONS = ("activity", "unused")
EXTENSION_REASONS = ("activity", "unused", "not_announced", "unfrozen")


class Lot(Model):
    """Spendable in ``[available_at, expires_at)``, whether or not any job ever ran (invariant L5).

    ``extension`` says how the policy under which it was credited moves its end: by every earning and spending of the
    member (activity), or when it ends unused (unused, ``extensions_left`` times); always by ``extension_days``, never
    backwards.  ``thawed_available_at``: it came while earning was frozen, and would have been available from then on.
    """

    __tablename__ = "points_lots"
    __table_args__ = (
        *not_negative("remaining_points", "held_points"),
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint("remaining_points <= points", name="remaining_within_points"),
        CheckConstraint("held_points <= remaining_points", name="held_within_remaining"),
        one_of("source_class", SOURCE_CLASSES),
        CheckConstraint(f"extension IN {LOT_EXTENSIONS}", name="extension_known"),
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
    extension: Mapped[str | None] = mapped_column(String(16))
    extension_days: Mapped[int] = mapped_column(default=0, server_default="0")
    extensions_left: Mapped[int] = mapped_column(default=0, server_default="0")
    thawed_available_at: Mapped[datetime | None]


class LotExtension(Model):
    """A lot's end was put off: when, from which end to which, and why.  Never changed, and never to an earlier end."""

    __tablename__ = "lot_extensions"
    __table_args__ = (
        CheckConstraint("ends_at > ended_at", name="later"),
        one_of("reason", EXTENSION_REASONS),
        Index("ix_lot_extensions_lot_id", "lot_id", "id"),
        Index("ix_lot_extensions_reason", "reason", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("points_lots.id"))
    ended_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(16))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("points_entries.id"))
    created_at: Mapped[datetime]


class LotReminder(Model):
    """A lot's end was announced to its member, so many days ahead; ``is_in_time``: early enough for it to lapse."""

    __tablename__ = "lot_reminders"

    lot_id: Mapped[int] = mapped_column(ForeignKey("points_lots.id"), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(primary_key=True)
    days_left: Mapped[int] = mapped_column(primary_key=True)
    is_in_time: Mapped[bool] = mapped_column(server_default=false())
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    told_at: Mapped[datetime]
