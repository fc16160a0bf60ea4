"""Kept pages: the same for every visitor, never a moment old, and nobody's own."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from shop.books import stock
from shop.clock import now
from shop.extensions import db
from shop.models import Category, Product, RuleBudget, ShelfState
from shop.rules.rulebook import MultiplyEffect, PeriodCondition, Rule
from shop.transaction import transaction
from tests.factories import AT_ONCE, make_category, make_member, make_product, make_rulebook
from tests.orders import counted_statements


@pytest.fixture(autouse=True)
def in_production(app, clock):
    """Templates stand still, as they do in production; developers get every page rendered anew."""
    reloading, app.jinja_env.auto_reload = app.jinja_env.auto_reload, False
    make_rulebook()
    yield
    app.jinja_env.auto_reload = reloading


def state() -> int:
    db.session.rollback()
    return db.session.execute(select(ShelfState.name)).scalar_one()


def change(statement) -> None:
    with transaction() as session:
        session.execute(statement)


def change_and_fail() -> None:
    with transaction() as session:
        session.execute(update(Product).values(title="冷萃咖啡"))
        raise ZeroDivisionError


@pytest.mark.parametrize("path", ["/", "/products"])
def test_a_kept_page_costs_one_statement(client, path):
    make_product(title="手冲咖啡")
    first = client.get(path)

    with counted_statements() as statements:
        second = client.get(path)

    assert second.text == first.text
    assert sum(each != "BEGIN" for each in statements) == 1


@pytest.mark.parametrize("path", ["/", "/products"])
def test_every_change_of_what_is_shown_is_seen_at_once(client, path):
    category_id = make_category("喝的")
    product_id, variant_id = make_product(title="手冲咖啡", category_id=category_id, on_hand=12)
    assert "手冲咖啡" in client.get(path).text

    change(update(Product).where(Product.id == product_id).values(title="冷萃咖啡"))
    assert "冷萃咖啡" in client.get(path).text

    change(update(Category).values(name="好喝的"))
    assert "好喝的" in client.get(path).text

    with transaction():
        stock.adjust(variant_id, -5, "count:1", now(), reason="盘点", staff_id=None)
    assert "仅剩 7 件" in client.get(path).text

    with transaction():
        stock.adjust(variant_id, -7, "count:2", now(), reason="盘点", staff_id=None)
    assert "已兑完" in client.get(path).text

    change(update(Product).where(Product.id == product_id).values(state="off_sale"))
    assert "冷萃咖啡" not in client.get(path).text


def test_units_that_nobody_sees_leave_the_shelf_as_it_is(app):
    _product_id, variant_id = make_product(on_hand=100)
    before = state()

    with transaction():
        stock.adjust(variant_id, -5, "count:1", now(), reason="盘点", staff_id=None)

    assert state() == before


def test_what_was_rolled_back_never_happened(app):
    make_product(title="手冲咖啡")
    before = state()

    with pytest.raises(ZeroDivisionError):
        change_and_fail()

    assert state() == before


def test_a_rulebook_that_comes_into_force_is_seen_at_once(client, clock):
    generous = replace(AT_ONCE, signin=replace(AT_ONCE.signin, day_points=(777,)))
    make_rulebook(generous, effective_at=clock.now + timedelta(days=1))
    assert "+777" not in client.get("/").text

    clock.move(days=1)

    assert "+777" in client.get("/").text


def test_a_browser_that_has_the_page_is_not_sent_it_again(client):
    make_product()
    etag = client.get("/").headers["ETag"]

    again = client.get("/", headers={"If-None-Match": etag})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "no-cache"


def test_languages_do_not_share_a_page(client):
    make_product()
    assert 'lang="zh-CN"' in client.get("/", headers={"Accept-Language": "zh-CN"}).text
    assert 'lang="en"' in client.get("/", headers={"Accept-Language": "en"}).text
    assert 'lang="zh-CN"' in client.get("/", headers={"Accept-Language": "zh-CN"}).text


def test_a_member_gets_a_page_of_their_own(client, as_member):
    make_product(points=5_000)
    guest = client.get("/products")
    member = as_member(make_member(points=100)).get("/products")

    assert "ETag" in guest.headers
    assert "ETag" not in member.headers
    assert member.headers["Cache-Control"] == "no-store"
    assert "还差 4,900 分" in member.text
    assert "还差" not in client.get("/products").text


def test_a_visitor_with_a_session_gets_a_rendered_page(client):
    make_product()
    with client.session_transaction() as session:
        session["theme"] = "dark"

    answer = client.get("/")

    assert 'data-theme="dark"' in answer.text
    assert "ETag" not in answer.headers


def member_day(**values) -> Rule:
    return Rule(
        code="member_day",
        name="会员日",
        effect=MultiplyEffect(multiplier_permille=2000),
        conditions=(PeriodCondition(weekdays=(1,)),),
        **values,
    )


def test_an_offer_stands_on_the_home_page_until_the_second_it_ends(client, as_member, clock):
    make_rulebook(replace(AT_ONCE, rules=(member_day(),)))
    member = as_member(make_member())

    guest_sees = client.get("/").text
    assert "会员日" in guest_sees
    assert "积分 2 倍" in guest_sees
    assert 'data-countdown="43200"' in member.get("/").text  # noon of a Monday

    clock.move(hours=12, seconds=-1)
    assert "会员日" in client.get("/").text
    assert 'data-countdown="1"' in member.get("/").text

    clock.move(seconds=1)
    assert "会员日" not in client.get("/").text
    assert "会员日" not in member.get("/").text


def test_an_offer_whose_budget_is_used_up_is_promised_no_more(client, clock):
    make_rulebook(replace(AT_ONCE, rules=(member_day(budget_points=100),)))
    assert "会员日" in client.get("/").text
    change(insert(RuleBudget).values(rule_code="member_day", used_points=100))
    assert "会员日" not in client.get("/").text
