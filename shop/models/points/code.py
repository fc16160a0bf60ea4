"""Printed codes that are worth points: batches, and what the shop knows of each code."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model


class CodeBatch(Model):
    """``pieces`` codes worth ``points`` each, good until ``expires_at``.  ``request_key`` is what it was asked for by, once.

    The codes are made while they are handed out (``exported_at``), once: before that a batch has none.
    """

    __tablename__ = "code_batches"
    __table_args__ = (
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint("pieces > 0", name="pieces_positive"),
        CheckConstraint("length >= 12", name="long_enough"),
        CheckConstraint("expires_at > created_at", name="ends_after_beginning"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_key: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    points: Mapped[int]
    pieces: Mapped[int]
    length: Mapped[int]
    source_class: Mapped[str] = mapped_column(String(20))
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by_staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    exported_at: Mapped[datetime | None]
    exported_by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    stopped_at: Mapped[datetime | None]
    stopped_by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class PointsCode(Model):
    """One code: a keyed hash of its letters, and who used it.  ``request_key`` lets a repeat have the first answer."""

    __tablename__ = "points_codes"
    __table_args__ = (
        CheckConstraint("(used_at IS NULL) = (member_id IS NULL)", name="used_by_somebody"),
        Index("ix_points_codes_batch_id_used_at", "batch_id", "used_at"),
        Index("ix_points_codes_member_id", "member_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("code_batches.id"))
    code_index: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    used_at: Mapped[datetime | None]
    request_key: Mapped[str | None] = mapped_column(String(120))
