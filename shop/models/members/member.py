"""Members and the messages in their box."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject, not_negative, one_of

MEMBER_STATES = ("active", "suspended", "closed")


class Member(Model):
    """One verified phone is one member.  The phone is sealed; ``phone_index`` finds it without knowing it.

    ``birthday_index`` is a keyed hash of month and day: who has birthday today is found without unsealing anybody.
    Tier, its beginning and its end repeat the last row of the tier history.  ``profile`` holds what the shop asks for
    beside name and birthday.
    """

    __tablename__ = "members"
    __table_args__ = (
        one_of("state", MEMBER_STATES),
        *not_negative("growth"),
        Index("ix_members_joined_at", "joined_at", "id"),
        Index("uq_members_invitation_code", "invitation_code", unique=True),
        Index(
            "ix_members_tier_until",
            "tier_until_at",
            "id",
            sqlite_where=text("tier_until_at IS NOT NULL"),
            postgresql_where=text("tier_until_at IS NOT NULL"),
        ),
        Index("ix_members_tier_code_id", "tier_code", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    phone_sealed: Mapped[str] = mapped_column(String(200))
    phone_index: Mapped[str] = mapped_column(String(64), unique=True)
    phone_last4: Mapped[str] = mapped_column(String(4), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(40))
    avatar: Mapped[str] = mapped_column(String(40), default="cat")
    birthday_sealed: Mapped[str | None] = mapped_column(String(200))
    birthday_changed_on: Mapped[date | None]
    birthday_index: Mapped[str | None] = mapped_column(String(64), index=True)
    locale: Mapped[str | None] = mapped_column(String(10))
    theme: Mapped[str | None] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(16), default="active")
    tier_code: Mapped[str] = mapped_column(String(30))
    tier_since_at: Mapped[datetime]
    tier_until_at: Mapped[datetime | None]
    growth: Mapped[int] = mapped_column(default=0)
    joined_at: Mapped[datetime]
    invitation_code: Mapped[str | None] = mapped_column(String(16))
    profile: Mapped[JsonObject] = mapped_column(Document, default=dict)


class Message(Model):
    """A message in the member's box: a kind and its values; the words come from the catalogues when it is read."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_member_id_id", "member_id", "id"),
        Index(
            "ix_messages_unread",
            "member_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(160), unique=True)
    params: Mapped[JsonObject] = mapped_column(Document, default=dict)
    link: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
