"""Published versions of the rulebook, and the one draft."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject


class RulebookVersion(Model):
    """One published document.  Never changed, only followed by the next; in force from ``effective_at``.

    One that was withdrawn before it started stays as a row and never counts.
    """

    __tablename__ = "rulebook_versions"
    __table_args__ = (Index("ix_rulebook_versions_effective_at", "effective_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[JsonObject] = mapped_column(Document)
    note: Mapped[str] = mapped_column(String(200), default="")
    effective_at: Mapped[datetime]
    published_at: Mapped[datetime]
    published_by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    withdrawn_at: Mapped[datetime | None]


class RulebookDraft(Model):
    """The one draft that the back office edits (id is always 1)."""

    __tablename__ = "rulebook_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[JsonObject] = mapped_column(Document)
    updated_at: Mapped[datetime]
    updated_by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
