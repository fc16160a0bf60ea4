"""What waits for a second person of the back office."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject, one_of

APPROVAL_KINDS = ("publication", "adjustment", "grant")
APPROVAL_STATES = ("waiting", "approved", "refused", "withdrawn", "expired")
DECIDERS: Mapping[str, tuple[str, ...]] = {
    "publication": ("owner", "editor"),
    "adjustment": ("owner", "support"),
    "grant": ("owner", "support"),
}
"""Which roles may see and decide which kind: those who may do it themselves."""
WAITING_PUBLICATION = text("state = 'waiting' AND kind = 'publication'")


class Approval(Model):
    """Something that was asked for, whole, so that it can be done later exactly as asked; decided once.

    ``payload`` is what to do, ``result`` what came of it.  Nobody approves what they asked for themselves.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        one_of("kind", APPROVAL_KINDS),
        one_of("state", APPROVAL_STATES),
        CheckConstraint(
            "state <> 'approved' OR (decided_by_staff_id IS NOT NULL AND (asked_by_staff_id IS NULL "
            "OR decided_by_staff_id <> asked_by_staff_id))",
            name="two_people",
        ),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_or_waiting"),
        Index("ix_approvals_state", "state", "id"),
        Index(
            "uq_approvals_waiting_publication", "kind", unique=True,
            sqlite_where=WAITING_PUBLICATION, postgresql_where=WAITING_PUBLICATION,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    subject: Mapped[str] = mapped_column(String(80))
    payload: Mapped[JsonObject] = mapped_column(Document)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    asked_by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200), default="")
    expires_at: Mapped[datetime]
    decided_by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str] = mapped_column(String(200), default="")
    result: Mapped[JsonObject | None] = mapped_column(Document)
