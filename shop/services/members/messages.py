"""Messages in a member's box: written by reactions, read by the member."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from shop.errors import NotFound
from shop.extensions import db
from shop.models import Message
from shop.transaction import transaction

QUIET = {"synchronize_session": False}


def tell_member(
    member_id: int, kind: str, key: str, params: Mapping[str, Any], link: str | None, now: datetime
) -> bool:
    """Put a message into a member's box.  ``key`` is unique: a repeat writes nothing and returns False.

    ``kind`` names its sentences in ``web/message_texts.py``; ``link`` is a path of the shop, opened with the message.
    """
    row = {
        "member_id": member_id,
        "kind": kind,
        "key": key,
        "params": dict(params),
        "link": link,
        "created_at": now,
    }
    with transaction() as session:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        statement = dialect.insert(Message).values(row).on_conflict_do_nothing(index_elements=[Message.key])
        return session.execute(statement.returning(Message.id)).scalar_one_or_none() is not None


def open_message(member_id: int, message_id: int, now: datetime) -> str | None:
    """Mark a message as read and return where it leads.  A repeat changes nothing.  Raises NotFound."""
    mine = (Message.member_id == member_id, Message.id == message_id)
    with transaction() as session:
        found = session.execute(select(Message.link).where(*mine)).one_or_none()
        if found is None:
            raise NotFound
        _mark_read(*mine, now=now)
    link: str | None = found.link
    return link


def read_all_messages(member_id: int, now: datetime) -> int:
    """Mark everything as read.  Returns how many were not."""
    with transaction():
        return _mark_read(Message.member_id == member_id, now=now)


def _mark_read(*which: Any, now: datetime) -> int:
    statement = update(Message).where(*which, Message.read_at.is_(None)).values(read_at=now)
    return int(db.session.execute(statement, execution_options=QUIET).rowcount)  # type: ignore[attr-defined]
