"""Events waiting to be told, the reactions that already ran, and the jobs that run by the clock."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject, not_negative, one_of

OUTBOX_STATES = ("queued", "done", "dead")


class OutboxEvent(Model):
    """Something that happened, written in the transaction in which it happened."""

    __tablename__ = "outbox_events"
    __table_args__ = (
        one_of("state", OUTBOX_STATES),
        *not_negative("tries"),
        Index(
            "ix_outbox_events_due",
            "run_at",
            "id",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(160), unique=True)
    payload: Mapped[JsonObject] = mapped_column(Document, default=dict)
    state: Mapped[str] = mapped_column(String(16), default="queued")
    created_at: Mapped[datetime]
    run_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    leased_until_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(300))
    done_at: Mapped[datetime | None]


class OutboxReceipt(Model):
    """A reaction to an event that has run: written in the reaction's own transaction, so that it runs once."""

    __tablename__ = "outbox_receipts"

    event_id: Mapped[int] = mapped_column(ForeignKey("outbox_events.id"), primary_key=True)
    reaction: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]


class JobRun(Model):
    """When each job of the schedule runs next; the worker's heartbeat is a row like the others."""

    __tablename__ = "job_runs"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    next_run_at: Mapped[datetime]
    leased_until_at: Mapped[datetime | None]
    last_run_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(300))
