"""The back office's audit trail: a chain in which each row carries the hash of the one before."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject


class AuditEntry(Model):
    """Who did what to which thing, what it was before and after, and why.  Written by ``books/audit.py`` only."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject", "subject", "id"),
        Index("ix_audit_entries_staff_id", "staff_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    before: Mapped[JsonObject | None] = mapped_column(Document)
    after: Mapped[JsonObject | None] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(String(300), default="")
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
