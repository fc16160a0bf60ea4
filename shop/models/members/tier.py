"""How members came to their tiers, what a tier brought them this month, and how far the sweeps have got."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import one_of

TIER_REASONS = (
    "reached", "kept", "fell", "refunded", "rules", "bought", "granted", "ended", "withdrawn", "merged",
)  # fmt: skip
TIER_PACKS = ("tickets", "coupons")


class TierChange(Model):
    """One change of a member's tier or of its term: from, to, why, when, until when, and the numbers it was decided on.

    The member's own columns repeat the last row.  ``amount`` and ``needed`` are in the unit of ``measure`` (cents for
    spend), counted from ``counted_from_at`` on (None: since ever).
    """

    __tablename__ = "tier_history"
    __table_args__ = (
        one_of("why", TIER_REASONS),
        CheckConstraint("until_at IS NULL OR until_at > at", name="until_later"),
        CheckConstraint("why <> 'granted' OR until_at IS NOT NULL", name="grant_ends"),
        CheckConstraint("entry_id IS NULL OR why = 'bought'", name="only_bought_costs"),
        Index("ix_tier_history_member_id_id", "member_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    from_code: Mapped[str | None] = mapped_column(String(30))
    to_code: Mapped[str] = mapped_column(String(30))
    why: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    measure: Mapped[str | None] = mapped_column(String(16))
    amount: Mapped[int | None]
    needed: Mapped[int | None]
    counted_from_at: Mapped[datetime | None]
    rulebook_version: Mapped[int | None] = mapped_column(ForeignKey("rulebook_versions.id"))
    reference: Mapped[str | None] = mapped_column(String(160), unique=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("points_entries.id"), unique=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")


class TierPack(Model):
    """What a member's tier brought in a month (``2026-03``): once for each kind, whatever the tier is by then."""

    __tablename__ = "tier_packs"
    __table_args__ = (one_of("kind", TIER_PACKS), CheckConstraint("pieces > 0", name="pieces_positive"))

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    tier_code: Mapped[str] = mapped_column(String(30))
    pieces: Mapped[int]
    at: Mapped[datetime]


class TierMark(Model):
    """How far a sweep over all members has got: up to which member under a version, or up to which moment."""

    __tablename__ = "tier_marks"

    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
    member_id: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
