"""Friends who came by invitation: bound once, at registration."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import one_of

REFERRAL_STATES = ("registered", "refused", "paid", "reversed")


class Referral(Model):
    """Who invited whom.  ``paid`` once the friend's first purchase was completed; ``reversed`` when it went back in full.

    ``refused`` at registration, for the reason in ``refused_for``; staff may allow it after all.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        one_of("state", REFERRAL_STATES),
        CheckConstraint("referrer_id <> friend_id", name="not_oneself"),
        CheckConstraint("state <> 'refused' OR refused_for IS NOT NULL", name="refused_for_something"),
        Index("ix_referrals_referrer_id_id", "referrer_id", "id"),
        Index("ix_referrals_state_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referrer_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    friend_id: Mapped[int] = mapped_column(ForeignKey("members.id"), unique=True)
    state: Mapped[str] = mapped_column(String(16), default="registered")
    bound_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    refused_for: Mapped[str | None] = mapped_column(String(40))
    allowed_at: Mapped[datetime | None]
    allowed_by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
