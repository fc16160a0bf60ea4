"""How a member gets to a goal: so many sign-ins, or so much spent, by the rules in force."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from shop.books.points.earned import earned_by_member
from shop.books.rulebooks import occasion_at
from shop.extensions import db
from shop.models import SignIn
from shop.rules.engagement.signin import streak_after
from shop.rules.points.advice import WayToGoal, way_to_goal

LAST = (
    select(SignIn.day, SignIn.streak)
    .where(SignIn.member_id == bindparam("member_id"))
    .order_by(SignIn.day.desc())
    .limit(1)
)


def way_to(member_id: int, missing_points: int, now: datetime) -> WayToGoal:
    """The ways to earn what is missing, counted from the next sign-in that is possible."""
    occasion = occasion_at(now)
    last = db.session.execute(LAST, {"member_id": member_id}).one_or_none()
    first_day, streak = occasion.today, 0
    if last is not None:
        first_day = max(first_day, last.day + timedelta(days=1))
        streak = streak_after(last.day, last.streak, first_day) - 1
    earned = earned_by_member(member_id, "interaction", occasion)
    return way_to_goal(missing_points, streak, first_day, earned, occasion.rulebook)
