"""Freezes: a member's points stand still for a while, with a reason and a day on which somebody looks again."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model

OPEN = "lifted_at IS NULL"


class PointsFreeze(Model):
    """Spending, earning or both are frozen until somebody lifts it.  At most one is open for a member."""

    __tablename__ = "points_freezes"
    __table_args__ = (
        CheckConstraint("freezes_spending OR freezes_earning", name="freezes_something"),
        Index("ix_points_freezes_member_id", "member_id", "id"),
        Index(
            "uq_points_freezes_open",
            "member_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    freezes_spending: Mapped[bool]
    freezes_earning: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200))
    review_on: Mapped[date]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    frozen_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    lift_reason: Mapped[str] = mapped_column(String(200), default="")
