"""Orders of many points: at most so many in one, and from a number on only with a code sent to the phone."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from shop.adapters.messaging import messenger
from shop.extensions import db
from shop.jobs.schedule import tell_what_happened
from shop.models import LoginCode, Order
from shop.queries.points.balance import balance_of
from shop.services.members.codes import request_code
from tests.factories import AT_ONCE, MONDAY, make_member, make_product, make_rulebook
from tests.orders import sku_of
from tests.walks import Person

PHONE = "+8613805712046"
ORDERS = replace(AT_ONCE.orders, points_max=1500, code_from_points=1000)


@pytest.fixture
def member_id(app, clock) -> int:
    clock.stand_at(MONDAY)
    make_rulebook(replace(AT_ONCE, orders=ORDERS))
    return make_member(points=5000, phone=PHONE)


@pytest.fixture
def sku(member_id) -> str:
    return sku_of(make_product(kind="service", points=500)[1])


@pytest.fixture
def person(app, as_member, member_id, sku) -> Person:
    return Person(as_member(member_id))


def sent_code() -> str:
    tell_what_happened(MONDAY)
    return re.findall(r"\d{6}", messenger().sent[-1].text)[0]


def orders() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Order)) or 0


def checkout(person, sku, qty=2):
    return person.open(f"/checkout?sku={sku}&qty={qty}")


def test_small_orders_ask_for_nothing(person, sku):
    checkout(person, sku, 1).press("确认兑换").reads("换到了")

    assert "获取验证码" not in person.text
    assert orders() == 1


def test_many_points_take_the_code_that_was_sent(person, sku, member_id):
    checkout(person, sku).reads("一单用满 1,000 积分").press("确认兑换", code="").reads("先填收到的验证码")
    assert person.answer.status_code == 422

    person.press("获取验证码").reads("验证码发出去了", "2 件")
    code = sent_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    person.press("确认兑换", code=wrong)
    assert person.answer.status_code == 422
    assert orders() == 0
    assert db.session.scalars(select(LoginCode.tries_left)).one() == 4, "a wrong try stays counted"
    person.press("确认兑换", code=code)

    assert orders() == 1
    assert balance_of(member_id, MONDAY).available == 4000


def test_a_code_works_once_and_only_for_what_it_was_sent_for(person, sku):
    request_code(PHONE, place="here", now=MONDAY)
    of_login = sent_code()
    assert checkout(person, sku).press("确认兑换", code=of_login).answer.status_code == 422

    person.press("获取验证码")
    code = sent_code()
    person.press("确认兑换", code=code)
    again = checkout(person, sku).press("确认兑换", code=code)

    assert again.answer.status_code == 422
    assert orders() == 1


def test_a_fragment_says_that_it_was_sent(person, sku):
    form = {"sku": sku, "qty": "2", "way": "none"}

    answer = person.client.fragment("/checkout/code", method="POST", data=form)

    assert "发到你登录用的手机了" in answer.text
    assert "<html" not in answer.text
    assert person.client.fragment("/checkout/code", method="POST", data=form).status_code == 429


@pytest.mark.parametrize("code", ["12345", "１２３４５６", "abcdef", "1" * 5000])
def test_no_code_at_all_is_refused_at_the_field(person, sku, code):
    checkout(person, sku).press("确认兑换", code=code).reads("6 位数字")

    assert (person.answer.status_code, orders()) == (422, 0)


def test_one_order_takes_no_more_than_the_shop_allows(person, sku):
    checkout(person, sku, 4).reads("每单最多用 1,500 积分，这单要 2,000 积分")

    assert not person.has_button("确认兑换")


def test_the_rules_page_says_both(client, member_id):
    page = client.get("/rules").text

    assert "每单最多用 1,500 积分" in page
    assert "一单用满 1,000 积分，要填手机收到的验证码" in page
