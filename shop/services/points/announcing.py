"""A new version of the rulebook is announced to every member."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from shop.models import Member, Message, RulebookVersion
from shop.transaction import transaction

RULES = "/rules"


def announce_rulebook(version: int, now: datetime) -> int:
    """Put a message into the box of every active member, once for each version.  Returns how many are new.

    The first version of a shop is not news.
    """
    zone: ZoneInfo = current_app.config["SHOP_ZONE"]
    with transaction() as session:
        effective_at = session.scalar(
            select(RulebookVersion.effective_at).where(RulebookVersion.id == version)
        )
        is_first = session.scalar(select(func.min(RulebookVersion.id))) == version
        if effective_at is None or is_first:
            return 0
        params = {"version": version, "effective_on": effective_at.astimezone(zone).date().isoformat()}
        members = session.scalars(select(Member.id).where(Member.state == "active").order_by(Member.id))
        rows = [_message(member_id, version, params, now) for member_id in members]
        if not rows:
            return 0
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        statement = dialect.insert(Message).on_conflict_do_nothing(index_elements=[Message.key])
        return len(session.scalars(statement.returning(Message.id), rows).all())


def _message(member_id: int, version: int, params: dict[str, object], now: datetime) -> dict[str, object]:
    return {
        "member_id": member_id,
        "kind": "rulebook_published",
        "key": f"rulebook_published:{version}:{member_id}",
        "params": params,
        "link": RULES,
        "created_at": now,
    }
