"""Points that lapse soon are announced a month, a week and a day ahead: kindly, so at most once a week each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import Row, String, cast, exists, func, select

from shop.books import outbox
from shop.extensions import db
from shop.models import Lot, Member, OutboxEvent, PointsAccount
from shop.rules.points.expiry import start_of_day
from shop.transaction import transaction

KEY = "points_expiring:"


@dataclass(frozen=True)
class Notice:
    """One kind of announcement: ``days`` ahead, of everything that lapses from ``from_days`` on until then."""

    days: int
    from_days: int


NOTICES = (Notice(30, 8), Notice(7, 2), Notice(1, 0))


def remind_expiring(now: datetime) -> int:
    """Announce to each member what lapses within 30, 7 or 1 days.  Returns how many announcements are new.

    A member whose points lapse day by day, as those of daily sign-ins do, hears of all of them at once: one event for
    each member, kind and week, however often this runs.  A reaction turns it into a message.
    """
    zone: ZoneInfo = current_app.config["SHOP_ZONE"]
    today = now.astimezone(zone).date()
    return sum(_announce(today, notice, now, zone) for notice in NOTICES)


def _announce(today: date, notice: Notice, now: datetime, zone: ZoneInfo) -> int:
    last_on = today + timedelta(days=notice.days)
    with transaction():
        rows = _due(today, notice, zone)
        for row in rows:
            payload = {
                "member_id": row.member_id,
                "points": int(row.points),
                "last_on": last_on.isoformat(),
                "days": notice.days,
            }
            outbox.put("points_expiring", f"{KEY}{row.member_id}{_ending(today, notice)}", now, payload)
    return len(rows)


def _ending(today: date, notice: Notice) -> str:
    return f":{notice.days}:{today:%G-W%V}"


def _due(today: date, notice: Notice, zone: ZoneInfo) -> list[Row[int, int]]:
    """Members not told this week who have a lot that ends exactly so many days ahead, and all that lapses until then."""
    key = KEY + cast(PointsAccount.member_id, String) + _ending(today, notice)
    points = func.sum(Lot.remaining_points - Lot.held_points)
    first_on, last_on = today + timedelta(days=notice.from_days), today + timedelta(days=notice.days)
    statement = (
        select(PointsAccount.member_id, points.label("points"))
        .join(Lot, Lot.account_id == PointsAccount.id)
        .join(Member, Member.id == PointsAccount.member_id)
        .where(
            Lot.remaining_points > Lot.held_points,
            Lot.expires_at > start_of_day(first_on, zone),
            Lot.expires_at <= start_of_day(last_on + timedelta(days=1), zone),
            Member.state == "active",
            ~exists().where(OutboxEvent.key == key),
        )
        .group_by(PointsAccount.member_id)
        .having(func.max(Lot.expires_at) > start_of_day(last_on, zone))
        .order_by(PointsAccount.member_id)
    )
    return list(db.session.execute(statement))
