"""A new version of the rulebook is announced to every member, and so is its withdrawal: batch by batch.

Each batch is a transaction of its own and puts the next one into the outbox, so that a hundred thousand members neither
hold the write lock nor are forgotten when a worker dies.  The law asks for these notices: nobody can switch them off.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import scoped_session

from shop.books import outbox
from shop.books.news import VersionNews, news_of
from shop.models import Member, Message, PointsAccount, is_main_account
from shop.transaction import transaction

BATCH = 500
NOTICE, WITHDRAWAL = "rulebook_changed", "rulebook_withdrawn"


def announce_rulebook(version: int, now: datetime, after_member_id: int = 0) -> int:
    """Tell the next members of a version: each once, however often this runs.  Returns how many were told now.

    The first version of a shop is not news, nor is one that changes nothing or was withdrawn meanwhile.
    """

    def message(row: Any, news: VersionNews) -> dict[str, Any]:
        params = {"version": version, "effective_on": news.effective_on, **_worth(row, news)}
        return {"kind": NOTICE, "key": notice_key(version, row.id), "params": params}

    return _tell_batch("rulebook_notice", version, now, after_member_id, message)


def announce_withdrawal(version: int, now: datetime, after_member_id: int = 0) -> int:
    """Tell the next of those who were told of a version that it will not come.  Returns how many."""

    def message(row: Any, news: VersionNews) -> dict[str, Any]:
        params = {"version": version, "effective_on": news.effective_on}
        return {"kind": WITHDRAWAL, "key": f"{WITHDRAWAL}:{version}:{row.id}", "params": params}

    return _tell_batch("rulebook_withdrawal", version, now, after_member_id, message)


def notice_key(version: int, member_id: int) -> str:
    """Under this key a member is told of a version, once."""
    return f"rulebook_published:{version}:{member_id}"


def _tell_batch(
    event: str,
    version: int,
    now: datetime,
    after_member_id: int,
    message: Callable[[Any, VersionNews], dict[str, Any]],
) -> int:
    is_notice = event == "rulebook_notice"
    with transaction() as session:
        news = news_of(version)
        if news is None or (is_notice and news.is_withdrawn):
            return 0
        members = session.execute(
            select(Member.id, PointsAccount.balance_points)
            .join(PointsAccount, (PointsAccount.member_id == Member.id) & is_main_account)
            .where(Member.id > after_member_id, Member.state != "closed")
            .order_by(Member.id)
            .limit(BATCH)
        ).all()
        if len(members) == BATCH:
            last = members[-1].id
            key, payload = f"{event}:{version}:{last}", {"version": version, "after_member_id": last}
            if not outbox.is_known(key):
                outbox.put(event, key, now, payload)
        concerned = members if is_notice else _told(session, version, members)
        shared = {"link": f"/rules/versions/{version}", "created_at": now}
        rows = [{"member_id": row.id, **message(row, news), **shared} for row in concerned]
        return _insert(session, rows)


def _told(session: scoped_session[Any], version: int, members: Sequence[Any]) -> list[Any]:
    keys = {notice_key(version, row.id): row for row in members}
    told = session.scalars(select(Message.key).where(Message.key.in_(list(keys))))
    return [keys[key] for key in sorted(told, key=lambda key: int(keys[key].id))]


def _insert(session: scoped_session[Any], rows: list[dict[str, Any]]) -> int:
    if not rows:
        return 0
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Message).on_conflict_do_nothing(index_elements=[Message.key])
    return len(session.scalars(statement.returning(Message.id), rows).all())


def _worth(row: Any, news: VersionNews) -> Mapping[str, Any]:
    """What the member's own points buy before and after, where that changes."""
    points = int(row.balance_points)
    if news.ratio_before is None or news.ratio_after is None or points == 0:
        return {}
    return {
        "points": points,
        "before_cents": news.ratio_before.cents_for(points),
        "after_cents": news.ratio_after.cents_for(points),
    }
