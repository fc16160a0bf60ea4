"""The first pages of somebody who has just registered: what comes, then what came."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from shop.extensions import db
from shop.models import Member, MemberDevice
from shop.reactions.dispatch import work_off_outbox
from shop.rules.rulebook import PointsEffect, Rule
from shop.rules.rulebook.sections.people import NewcomerCoupon, NewcomerRule
from tests.coupons import make_template
from tests.factories import AT_ONCE, MONDAY, PASSWORD, make_member, make_rulebook
from tests.walks import Person

PHONE = "13900001111"
THIRTY = Rule(code="hello", name="新会员", event="registered", effect=PointsEffect(points=30))


@pytest.fixture
def pack(app, clock):
    """A shop that gives 30 points, a coupon, and tickets for a draw that nobody has opened."""
    coupons = (NewcomerCoupon(code=make_template(code="ten"), pieces=1),)
    make_rulebook(replace(AT_ONCE, rules=(THIRTY,), newcomer=NewcomerRule(coupons=coupons, tickets=2)))


def register(client):
    return Person(client).open("/register").press("注册", phone=PHONE, password=PASSWORD)


def test_the_first_page_says_what_is_on_its_way_and_then_what_came(pack, client):
    person = register(client)

    assert person.path == "/member"
    assert "新人礼包马上放进来：30 积分、1 张「10 元券」。" in person.text
    assert "正在放进来" in person.text
    assert 'hx-select="#member-newcomer"' in person.answer.text

    work_off_outbox(MONDAY)
    person.open("/member")

    assert "都放好了" in person.text
    assert "抽奖券不巧已经发完" in person.text
    assert "hx-select" not in person.answer.text
    assert "10 元券" in person.open("/member/coupons").text
    assert "30 积分、1 张「10 元券」" in person.open("/member/notifications").text


def test_the_next_day_the_pack_is_history(pack, client, clock):
    person = register(client)
    work_off_outbox(MONDAY)

    clock.move(days=1)

    assert "新人礼包" not in person.open("/member").text


def test_a_browser_is_known_again_and_only_by_its_hash(pack, app, client):
    member = make_member(phone="+8613805712046")
    client.post("/login", data={"phone": "13805712046", "password": PASSWORD})
    token = client.get_cookie("shifen_device")
    assert token.http_only
    assert token.same_site == "Lax"
    client.post("/logout")

    register(client)

    assert client.get_cookie("shifen_device").value == token.value
    rows = db.session.execute(select(MemberDevice.member_id, MemberDevice.device_index)).all()
    assert len({row.device_index for row in rows}) == 1
    assert {row.member_id for row in rows} == set(db.session.scalars(select(Member.id)))
    assert member in {row.member_id for row in rows}
    assert token.value not in {row.device_index for row in rows}


@pytest.mark.parametrize("odd", ["", "x", "y" * 33, "ä" * 32, "../" * 11])
def test_an_odd_cookie_is_replaced(pack, client, odd):
    client.set_cookie("shifen_device", odd)

    register(client)

    assert client.get_cookie("shifen_device").value != odd
