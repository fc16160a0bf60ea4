"""Logins of members and staff: rows that a cookie names and that can be ended; codes; counts of attempts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import not_negative


class Login(Model):
    """One device of one member, or of one member of staff.  The cookie holds the token, the row its hash."""

    __tablename__ = "logins"
    __table_args__ = (
        CheckConstraint("(member_id IS NULL) <> (staff_id IS NULL)", name="one_owner"),
        Index("ix_logins_member_id", "member_id"),
        Index("ix_logins_staff_id", "staff_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    device: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class LoginCode(Model):
    """A six-digit code sent to a phone: ten minutes, five tries, one use.  The newest of a phone counts."""

    __tablename__ = "login_codes"
    __table_args__ = (
        Index("ix_login_codes_phone_index_id", "phone_index", "id"),
        *not_negative("tries_left"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    phone_index: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(64))
    tries_left: Mapped[int] = mapped_column(default=5)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RateCount(Model):
    """How often a key (an address, a phone, a member) did something in one window of time."""

    __tablename__ = "rate_counts"
    __table_args__ = (Index("ix_rate_counts_ends_at", "ends_at"),)

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    window_at: Mapped[datetime] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]
    count: Mapped[int]
