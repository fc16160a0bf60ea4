"""Draws for stories: eight prizes whose odds a test may change."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select

from shop.extensions import db
from shop.models import Draw, DrawAttempt, Prize
from shop.services.engagement.draws import Try, attempt
from shop.transaction import transaction
from tests.factories import MONDAY

THANKS = {"title": "谢谢路过", "kind": "nothing", "weight_ppm": 400_000, "picture": "feather"}
FEW_POINTS = {
    "title": "20 积分",
    "kind": "points",
    "points": 20,
    "weight_ppm": 600_000,
    "is_consolation": True,
}
SURE = [{**THANKS, "weight_ppm": 1_000_000, "is_consolation": True}]


def make_draw(prizes=(THANKS, FEW_POINTS), *, now: datetime = MONDAY, **values: object) -> int:
    """An open draw of this week: 50 points an attempt, one free a day, ten attempts a day."""
    row = {
        "slug": "weekend",
        "title": "周末抽一抽",
        "state": "open",
        "starts_at": now - timedelta(days=1),
        "ends_at": now + timedelta(days=30),
        "price_points": 50,
        "free_per_day": 1,
        "attempts_per_day": 10,
        "created_at": now,
    }
    with transaction() as session:
        draw_id = int(session.execute(insert(Draw).values({**row, **values}).returning(Draw.id)).scalar_one())
        for position, prize in enumerate(prizes):
            session.execute(insert(Prize).values({"draw_id": draw_id, "position": position, **prize}))
    return draw_id


def draw_once(
    member_id: int, key: str, *, now: datetime = MONDAY, agreed_points: int = 50, text: str = ""
) -> int:
    return attempt("weekend", member_id, Try(text, agreed_points), key, now)


def attempt_row(attempt_id: int) -> DrawAttempt:
    db.session.rollback()
    return db.session.get_one(DrawAttempt, attempt_id)


def prize_named(title: str) -> Prize:
    db.session.rollback()
    return db.session.execute(select(Prize).where(Prize.title == title)).scalar_one()
