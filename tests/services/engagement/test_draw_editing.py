"""The back office's draws: only a sound draw opens, what was won stays, and the audit trail tells all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.errors import (
    DrawAddressTaken,
    DrawClosed,
    DrawEditedMeanwhile,
    DrawRefused,
    NotFound,
    PrizeInUse,
    PrizeSkuUnknown,
)
from shop.extensions import db
from shop.models import AuditEntry, Draw, DrawDay
from shop.queries.engagement.draw_editor import draw_editor, expectation_of
from shop.queries.engagement.draws import draw_page
from shop.rules.engagement.prizes import PrizeCost
from shop.services.engagement.draw_editing import (
    DrawEdit,
    PrizeEdit,
    close_draw,
    create_draw,
    publish_draw,
    save_draw,
)
from tests.draws import attempt_row, draw_once
from tests.factories import MONDAY, make_member, make_product, make_rulebook, make_staff

A_DAY = timedelta(days=1)
NOTHING = PrizeEdit(
    title="谢谢路过",
    kind="nothing",
    points=0,
    sku="",
    weight_ppm=400_000,
    stock=None,
    is_consolation=True,
    picture="feather",
    market_price_cents=0,
)
POINTS = replace(NOTHING, title="20 积分", kind="points", points=20, weight_ppm=600_000, is_consolation=False)
EDIT = DrawEdit(
    title="周末抽一抽",
    slug="weekend",
    rules_text="",
    organiser="半日生活",
    starts_at=MONDAY,
    ends_at=MONDAY + 7 * A_DAY,
    price_points=50,
    free_per_day=1,
    attempts_per_day=10,
    budget_points_per_day=None,
    claim_days=14,
    prizes=(POINTS, NOTHING),
)


@pytest.fixture
def staff_id(app):
    make_rulebook()
    return make_staff()


@pytest.fixture
def draw_id(staff_id):
    return create_draw(EDIT, staff_id, MONDAY)


def actions():
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def state_of(draw_id):
    db.session.rollback()
    return db.session.get_one(Draw, draw_id).state


def test_draft_is_opened_with_its_commitment_and_closed(staff_id, draw_id):
    publish_draw(draw_id, staff_id, MONDAY)
    publish_draw(draw_id, staff_id, MONDAY)
    days = list(db.session.scalars(select(DrawDay.day)))
    close_draw(draw_id, staff_id, MONDAY)

    assert MONDAY.date() in days
    assert state_of(draw_id) == "closed"
    assert actions() == ["draw.create", "draw.publish", "draw.close"]


@pytest.mark.parametrize(
    ("prizes", "code"),
    [
        ((POINTS, replace(NOTHING, weight_ppm=399_999)), "weights_do_not_sum"),
        ((POINTS, replace(NOTHING, is_consolation=False)), "no_consolation"),
        ((POINTS, replace(NOTHING, market_price_cents=5_000_001)), "prize_too_dear"),
        ((replace(NOTHING, weight_ppm=1_000_000),), "too_few_prizes"),
    ],
)
def test_unsound_draft_is_kept_but_not_opened(staff_id, draw_id, prizes, code):
    save_draw(draw_id, replace(EDIT, prizes=prizes), 1, staff_id, MONDAY)

    with pytest.raises(DrawRefused) as refusal:
        publish_draw(draw_id, staff_id, MONDAY)

    assert code in {fault.code for fault in refusal.value.faults}
    assert state_of(draw_id) == "draft"


def test_open_draw_changes_from_the_next_attempt_on(staff_id, draw_id):
    publish_draw(draw_id, staff_id, MONDAY)
    member_id = make_member(points=500)
    before = attempt_row(draw_once(member_id, "attempt-1"))
    first = (before.draw_revision, before.odds)
    even = (replace(POINTS, weight_ppm=500_000), replace(NOTHING, weight_ppm=500_000))

    save_draw(draw_id, replace(EDIT, prizes=even), 1, staff_id, MONDAY)

    assert {row.parts for row in draw_page("weekend", MONDAY, None).odds} == {500_000}
    assert attempt_row(draw_once(member_id, "attempt-2")).draw_revision == 2
    kept = attempt_row(before.id)
    assert (kept.draw_revision, kept.odds) == first
    assert first[0] == 1


def test_open_draw_stays_sound(staff_id, draw_id):
    publish_draw(draw_id, staff_id, MONDAY)

    with pytest.raises(DrawRefused):
        save_draw(draw_id, replace(EDIT, prizes=(POINTS,)), 1, staff_id, MONDAY)

    assert len(draw_editor(draw_id).prizes) == 2


def test_second_editor_is_told(staff_id, draw_id):
    save_draw(draw_id, replace(EDIT, title="新名字"), 1, staff_id, MONDAY)

    with pytest.raises(DrawEditedMeanwhile):
        save_draw(draw_id, replace(EDIT, title="旧名字"), 1, staff_id, MONDAY)


def test_prize_that_was_won_stays_what_it_is(staff_id, draw_id):
    publish_draw(draw_id, staff_id, MONDAY)
    won = attempt_row(draw_once(make_member(), "attempt-1")).odds["won"]["kind"]
    other = next(prize for prize in (POINTS, NOTHING) if prize.kind != won)
    alone = (replace(other, weight_ppm=500_000), replace(other, weight_ppm=500_000))
    alone = (replace(alone[0], is_consolation=True), replace(alone[1], is_consolation=False))

    with pytest.raises(PrizeInUse):
        save_draw(draw_id, replace(EDIT, prizes=alone), 1, staff_id, MONDAY)


def test_product_prize_names_goods_that_exist(staff_id, draw_id):
    bear = replace(POINTS, kind="product", sku="NO-SUCH", stock=3)

    with pytest.raises(PrizeSkuUnknown):
        save_draw(draw_id, replace(EDIT, prizes=(bear, NOTHING)), 1, staff_id, MONDAY)

    make_product(variant={"sku": "BEAR"})
    save_draw(draw_id, replace(EDIT, prizes=(replace(bear, sku="BEAR"), NOTHING)), 1, staff_id, MONDAY)
    assert draw_editor(draw_id).prizes[0].sku == "BEAR"


def test_address_of_a_draw_is_its_own(staff_id, draw_id):
    with pytest.raises(DrawAddressTaken):
        create_draw(EDIT, staff_id, MONDAY)


def test_closed_draw_stays_closed(staff_id, draw_id):
    close_draw(draw_id, staff_id, MONDAY)

    with pytest.raises(DrawClosed):
        publish_draw(draw_id, staff_id, MONDAY)
    with pytest.raises(DrawClosed):
        save_draw(draw_id, EDIT, 1, staff_id, MONDAY)
    with pytest.raises(NotFound):
        close_draw(draw_id + 1, staff_id, MONDAY)


def test_expected_cost_is_exact(staff_id):
    costs = [
        PrizeCost(weight_ppm=20_000, kind="product", points=0, market_cents=900),
        PrizeCost(weight_ppm=324_000, kind="points", points=20, market_cents=0),
        PrizeCost(weight_ppm=656_000, kind="nothing", points=0, market_cents=0),
    ]

    expected = expectation_of(costs, MONDAY)

    assert expected.is_whole
    assert expected.cost_millicents == 18_000 + 6_480
    assert expected.prize_cents == (900, 20, 0)
