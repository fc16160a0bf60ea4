"""Merges: one person had two accounts; the points of one moved to the other, lot by lot."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject

STANDING = "reversed_at IS NULL"


class MemberMerge(Model):
    """``from_member_id`` was merged into ``into_member_id``.  ``moved`` lists the rows that followed, for the way back."""

    __tablename__ = "member_merges"
    __table_args__ = (
        CheckConstraint("from_member_id <> into_member_id", name="two_members"),
        Index("ix_member_merges_into_member_id", "into_member_id"),
        Index(
            "uq_member_merges_standing",
            "from_member_id",
            unique=True,
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    into_member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    reason: Mapped[str] = mapped_column(String(200))
    moved: Mapped[JsonObject] = mapped_column(Document, default=dict)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    merged_at: Mapped[datetime]
    reversed_at: Mapped[datetime | None]
    reversed_by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class MovedLot(Model):
    """A lot of one account goes on as a lot of another: the same class, the same end, the points that were left."""

    __tablename__ = "moved_lots"

    from_lot_id: Mapped[int] = mapped_column(ForeignKey("points_lots.id"), primary_key=True)
    into_lot_id: Mapped[int] = mapped_column(ForeignKey("points_lots.id"), primary_key=True)
    merge_id: Mapped[int] = mapped_column(ForeignKey("member_merges.id"), index=True)
    points: Mapped[int]
