"""The member's box: messages, newest first, and how many nobody has opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from shop.extensions import db
from shop.models import Message

PAGE_SIZE = 20
NEWEST = 2**62


@dataclass(frozen=True)
class BoxMessage:
    """A message as it was written: a kind and its values; the words are found when it is shown."""

    id: int
    kind: str
    params: Mapping[str, Any]
    link: str | None
    created_at: datetime
    is_read: bool


@dataclass(frozen=True)
class BoxPage:
    """A part of the box; ``next_before`` continues it, None at the end."""

    messages: tuple[BoxMessage, ...]
    next_before: int | None


PAGE = (
    select(
        Message.id,
        Message.kind,
        Message.params,
        Message.link,
        Message.created_at,
        Message.read_at.is_not(None).label("is_read"),
    )
    .where(Message.member_id == bindparam("member_id"), Message.id < bindparam("before"))
    .order_by(Message.id.desc())
    .limit(PAGE_SIZE + 1)
)
UNREAD = select(func.count()).where(Message.member_id == bindparam("member_id"), Message.read_at.is_(None))


def messages_of(member_id: int, before: int | None = None) -> BoxPage:
    """A page of the box, newest first; ``before`` is the id at which the page above ended."""
    rows = db.session.execute(PAGE, {"member_id": member_id, "before": before or NEWEST}).all()
    shown = tuple(BoxMessage(*row[:5], is_read=bool(row.is_read)) for row in rows[:PAGE_SIZE])
    return BoxPage(shown, shown[-1].id if len(rows) > PAGE_SIZE else None)


def unread_count(member_id: int) -> int:
    """How many messages nobody has opened yet: the number on the bell."""
    return db.session.scalar(UNREAD, {"member_id": member_id}) or 0
