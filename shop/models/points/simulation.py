"""Simulations: a draft tried on the shop's own history, in the background."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject, not_negative, one_of

SIMULATION_STATES = ("queued", "running", "done", "failed", "cancelled")


class Simulation(Model):
    """One run: ``document`` is the draft as it was, ``result`` is there once it is done."""

    __tablename__ = "simulations"
    __table_args__ = (
        one_of("state", SIMULATION_STATES),
        *not_negative("days", "progress_permille"),
        Index(
            "ix_simulations_waiting",
            "id",
            sqlite_where=text("state IN ('queued', 'running')"),
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[JsonObject] = mapped_column(Document)
    days: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="queued")
    progress_permille: Mapped[int] = mapped_column(default=0)
    events: Mapped[int] = mapped_column(default=0)
    result: Mapped[JsonObject | None] = mapped_column(Document)
    requested_by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    requested_at: Mapped[datetime]
    leased_until_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
