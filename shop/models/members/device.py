"""The browsers in which members were seen, known only by a keyed hash of what their cookie says."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model


class MemberDevice(Model):
    """A member logged in, or registered, in this browser.  Nothing about the browser itself is kept."""

    __tablename__ = "member_devices"
    __table_args__ = (Index("ix_member_devices_device_index", "device_index"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    device_index: Mapped[str] = mapped_column(String(64), primary_key=True)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
