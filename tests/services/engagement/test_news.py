"""Whoever wins a thing is told once, with the way to it."""

from sqlalchemy import select

from shop.extensions import db
from shop.models import Message
from shop.reactions.dispatch import work_off_outbox
from tests.draws import FEW_POINTS, THANKS, draw_once, make_draw
from tests.factories import MONDAY, make_member, make_product


def messages_of(member_id):
    db.session.rollback()
    kinds = ("draw_won",)
    statement = select(Message).where(Message.member_id == member_id, Message.kind.in_(kinds))
    return list(db.session.scalars(statement))


def test_winner_of_a_thing_is_told(app):
    _product, variant_id = make_product()
    bear = {"title": "小熊", "kind": "product", "weight_ppm": 999_999, "stock": 3, "variant_id": variant_id}
    make_draw([bear, {**THANKS, "weight_ppm": 1, "is_consolation": True}])
    member_id = make_member()
    attempt_id = draw_once(member_id, "attempt-1")

    work_off_outbox(MONDAY)

    [message] = messages_of(member_id)
    assert message.params == {"draw": "周末抽一抽", "prize": "小熊", "last_on": "2026-03-16"}
    assert message.link == f"/draws/weekend/attempts/{attempt_id}"


def test_points_need_no_message(app):
    make_draw([{**FEW_POINTS, "weight_ppm": 1_000_000}])
    member_id = make_member()
    draw_once(member_id, "attempt-1")

    work_off_outbox(MONDAY)

    assert not messages_of(member_id)
