"""Points that lapse soon are announced 30, 7 and 1 days ahead."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import Row, String, cast, exists, func, select

from shop.books import outbox
from shop.extensions import db
from shop.models import Lot, Member, OutboxEvent, PointsAccount
from shop.rules.points.expiry import start_of_day
from shop.transaction import transaction

DAYS_AHEAD = (30, 7, 1)
KEY = "points_expiring:"


def remind_expiring(now: datetime) -> int:
    """Announce to each member what lapses in exactly 30, 7 or 1 days.  Returns how many announcements are new.

    One event for each member and day, however often this runs; a reaction turns it into a message.
    """
    zone: ZoneInfo = current_app.config["SHOP_ZONE"]
    today = now.astimezone(zone).date()
    return sum(_announce(today, days, now, zone) for days in DAYS_AHEAD)


def _announce(today: date, days: int, now: datetime, zone: ZoneInfo) -> int:
    last_on = today + timedelta(days=days)
    with transaction():
        rows = _due(last_on, days, zone)
        for row in rows:
            payload = {
                "member_id": row.member_id,
                "points": int(row.points),
                "last_on": last_on.isoformat(),
                "days": days,
            }
            outbox.put("points_expiring", f"{KEY}{row.member_id}{_ending(last_on, days)}", now, payload)
    return len(rows)


def _ending(last_on: date, days: int) -> str:
    return f":{last_on}:{days}"


def _due(last_on: date, days: int, zone: ZoneInfo) -> list[Row[int, int]]:
    """Members who were not told yet, and how many of their points have this last day."""
    key = KEY + cast(PointsAccount.member_id, String) + _ending(last_on, days)
    points = func.sum(Lot.remaining_points - Lot.held_points)
    statement = (
        select(PointsAccount.member_id, points.label("points"))
        .join(Lot, Lot.account_id == PointsAccount.id)
        .join(Member, Member.id == PointsAccount.member_id)
        .where(
            Lot.remaining_points > Lot.held_points,
            Lot.expires_at > start_of_day(last_on, zone),
            Lot.expires_at <= start_of_day(last_on + timedelta(days=1), zone),
            Member.state == "active",
            ~exists().where(OutboxEvent.key == key),
        )
        .group_by(PointsAccount.member_id)
        .order_by(PointsAccount.member_id)
    )
    return list(db.session.execute(statement))
