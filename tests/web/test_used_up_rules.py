"""A rule that has given away its budget: the merchant and the members read it at once, the trail keeps it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from shop.extensions import db
from shop.models import AuditEntry, OutboxEvent
from shop.reactions.dispatch import work_off_outbox
from shop.rules.rulebook import PointsEffect
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook
from tests.services.points.tills import buys, rule

WELCOME = replace(rule("welcome", PointsEffect(points=30), budget_points=60), name="新店礼")
WORDS = "「新店礼」的名额"


@pytest.fixture(autouse=True)
def shop(app, clock):
    clock.stand_at(MONDAY)
    make_rulebook(replace(AT_ONCE, rules=(WELCOME,)))


def exhausted():
    return db.session.scalars(
        select(OutboxEvent.key).where(OutboxEvent.kind == "rule_exhausted").order_by(OutboxEvent.id)
    ).all()


def trail():
    entries = select(AuditEntry.after).where(AuditEntry.action == "rulebook.use_up")
    return db.session.scalars(entries).all()


def test_last_of_a_budget_is_told_once(client, as_staff):
    owner = as_staff("owner")
    buys(make_member(), "R-1", 100)
    assert WORDS not in client.get("/rules").text + owner.get("/merchant").text
    assert exhausted() == []

    for number in (2, 3):
        buys(make_member(), f"R-{number}", 100)
        work_off_outbox(MONDAY)

    assert "「新店礼」的名额已满，现在不再送" in client.get("/rules").text
    assert "「新店礼」的名额发完了" in owner.get("/merchant").text
    assert exhausted() == ["rule_exhausted:welcome:60"]
    assert trail() == [{"rule": "新店礼", "budget_points": 60}]
    assert "规则的名额用完" in owner.get("/merchant/audit").text


def test_a_larger_budget_is_told_again_when_it_is_used_up(client):
    for number in (1, 2):
        buys(make_member(), f"R-{number}", 100)
    make_rulebook(replace(AT_ONCE, rules=(replace(WELCOME, budget_points=90),)), effective_at=MONDAY)
    assert WORDS not in client.get("/rules").text

    buys(make_member(), "R-3", 100)

    assert WORDS in client.get("/rules").text
    assert exhausted() == ["rule_exhausted:welcome:60", "rule_exhausted:welcome:90"]
