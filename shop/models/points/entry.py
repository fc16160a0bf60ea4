"""Entries of the points book: immutable lines that name both sides, and where their points came from or went."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject, one_of
from shop.models.points.account import further_accounts

ENTRY_KINDS = ("earn", "grant", "redeem", "restore", "claw_back", "expire", "adjust")
PROGRAM_ACCOUNTS = ("issued", "redeemed", "expired", "clawed_back", "adjusted", "partner")
SOURCE_CLASSES = ("purchase", "interaction", "referral", "draw", "grant")


class PointsEntry(Model):
    """One immutable movement between a member account and a program account.

    The member account moves by ``points``, the program account by ``-points``: balanced by construction.  Triggers
    refuse UPDATE and DELETE on both databases (invariant L3).  ``debt_points`` is how much this entry added to the
    member's debt (a claw-back that the lots could not cover) or took off it (an earning that filled it first), so that
    points = lot made + allocations - debt_points holds for each entry.  ``rule_code`` is the rule that gave the points,
    ``purchase_id`` the purchase that earned them or whose refund took them back.
    """

    __tablename__ = "points_entries"
    __table_args__ = (
        CheckConstraint("points <> 0", name="points_move"),
        one_of("kind", ENTRY_KINDS),
        one_of("program_account", PROGRAM_ACCOUNTS),
        one_of("source_class", SOURCE_CLASSES),
        Index("ix_points_entries_account_id_id", "account_id", "id"),
        Index("ix_points_entries_order_id", "order_id"),
        Index("ix_points_entries_shop_day", "shop_day"),
        Index(
            "ix_points_entries_corrects_entry_id",
            "corrects_entry_id",
            sqlite_where=text("corrects_entry_id IS NOT NULL"),
            postgresql_where=text("corrects_entry_id IS NOT NULL"),
        ),
        Index(
            "ix_points_entries_purchase_id",
            "purchase_id",
            sqlite_where=text("purchase_id IS NOT NULL"),
            postgresql_where=text("purchase_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("points_accounts.id"))
    points: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    program_account: Mapped[str] = mapped_column(String(16))
    source_class: Mapped[str | None] = mapped_column(String(16))
    reference: Mapped[str] = mapped_column(String(160), unique=True)
    rulebook_version: Mapped[int] = mapped_column(ForeignKey("rulebook_versions.id"))
    shop_day: Mapped[date]
    occurred_at: Mapped[datetime]
    reasons: Mapped[list[JsonObject]] = mapped_column(Document, default=list)
    debt_points: Mapped[int] = mapped_column(default=0)
    balance_after_points: Mapped[int]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    corrects_entry_id: Mapped[int | None] = mapped_column(ForeignKey("points_entries.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    rule_code: Mapped[str | None] = mapped_column(String(30))
    purchase_id: Mapped[int | None]


class Allocation(Model):
    """How an entry changed a lot's remainder: negative when taken, positive when put back."""

    __tablename__ = "points_allocations"
    __table_args__ = (
        CheckConstraint("points <> 0", name="points_move"),
        Index("ix_points_allocations_entry_id", "entry_id"),
        Index("ix_points_allocations_lot_id", "lot_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("points_entries.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("points_lots.id"))
    points: Mapped[int]


is_main_entry = PointsEntry.account_id.not_in(further_accounts)
"""For sums of entries that nothing else ties to one account."""
