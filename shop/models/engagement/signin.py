"""Sign-ins: one per member and shop-day."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject, not_negative, one_of


class SignIn(Model):
    """A day in the collecting book.  ``points`` is what it brought in all, milestone included; 0 when a cap cut it.

    ``milestones`` and ``month_steps`` are those that were paid with it (their days), so that none is paid twice.  Its
    table is of ``cycle_version`` and counts from ``cycle_offset`` days after the run began; ``rulebook_version`` was in
    force.
    """

    __tablename__ = "signins"
    __table_args__ = (
        one_of("kind", ("daily", "makeup")),
        *not_negative("points", "cost_points", "cycle_offset"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), default="daily")
    streak: Mapped[int]
    points: Mapped[int]
    milestones: Mapped[list[int]] = mapped_column(Document, default=list)
    month_steps: Mapped[list[int]] = mapped_column(Document, default=list, server_default="[]")
    cost_points: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[list[JsonObject]] = mapped_column(Document, default=list)
    rulebook_version: Mapped[int] = mapped_column(ForeignKey("rulebook_versions.id"))
    cycle_version: Mapped[int] = mapped_column(ForeignKey("rulebook_versions.id"))
    cycle_offset: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]
