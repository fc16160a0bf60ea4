"""Two kinds of points on the pages of members and staff; with one kind nobody hears of it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from shop.extensions import db
from shop.models import Message, PointsEntry, Product
from shop.queries.points.balance import balance_of
from shop.reactions.dispatch import work_off_outbox
from shop.rules.rulebook import KindRule, PointsEffect, Rule
from tests.books.points.shelves import earn
from tests.factories import AT_ONCE, MONDAY, make_member, make_product, make_rulebook
from tests.orders import sku_of

FLOWERS = KindRule(code="flowers", name="花朵", unit="朵")
BOUQUET = Rule(code="bouquet", name="买就送花", effect=PointsEffect(points=3), credits="flowers")
TWO_KINDS = replace(AT_ONCE, kinds=(FLOWERS,), rules=(BOUQUET,))
VASE = {"points": 30, "title": "花瓶", "points_kind": "flowers"}


@pytest.fixture(autouse=True)
def monday(app, clock):
    clock.stand_at(MONDAY)


def someone(*, points=500, flowers=40):
    make_rulebook(TWO_KINDS)
    member_id = make_member(points=points)
    if flowers:
        earn(member_id, flowers, "flowers", points_kind="flowers")
    return member_id


def test_with_one_kind_no_page_speaks_of_kinds(as_member, as_staff):
    make_rulebook(AT_ONCE)
    member_id = make_member(points=500)
    _product, variant_id = make_product(points=30)
    browser, desk = as_member(member_id), as_staff("owner")

    pages = [
        browser.get(path).text for path in ("/member", "/member/points", "/member/points/expiring", "/rules")
    ]
    pages.append(browser.get(f"/checkout?sku={sku_of(variant_id)}&qty=1").text)
    pages += [desk.get(path).text for path in (f"/merchant/members/{member_id}", "/merchant/products/new")]
    pages.append(desk.get(f"/merchant/members/{member_id}/adjustment").text)

    for page in pages:
        assert "哪种积分" not in page
        assert "别的积分" not in page
        assert "另一种积分" not in page


def test_the_member_centre_and_the_history_show_both(as_member):
    member_id = someone()
    browser = as_member(member_id)

    centre, main = browser.get("/member").text, browser.get("/member/points").text
    flowers = browser.get("/member/points?of=flowers").text

    assert "40 朵花朵" in centre
    assert 'href="/member/points?of=flowers"' in main
    assert "能用的花朵" in flowers
    assert '<b class="num balance fs-44">40</b>' in flowers
    assert '<b class="num balance fs-44">500</b>' in main
    more = browser.get("/member/points?of=flowers&kind=earned", headers={"HX-Request": "true"}).text
    assert "of=flowers" in more
    assert "+500" not in more


def test_what_lapses_is_listed_by_kind(as_member):
    browser = as_member(someone())

    page = browser.get("/member/points/expiring?of=flowers").text

    assert '<b class="num">40</b>' in page
    assert ">500<" not in page


def test_a_kind_that_is_none_shows_the_main_one(as_member):
    browser = as_member(someone())

    for code in ("roses", "%00", "points", "x" * 300):
        assert '<b class="num balance fs-44">500</b>' in browser.get(f"/member/points?of={code}").text


def test_an_entry_says_which_points_it_moved(as_member):
    member_id = someone()
    entry_id = db.session.scalars(select(PointsEntry.id).where(PointsEntry.points == 40)).one()

    page = as_member(member_id).get(f"/member/points/{entry_id}").text

    assert "为什么得 40 朵花朵" in page
    assert "哪种积分" in page


def test_a_newcomer_sees_the_empty_kind_and_how_it_comes(as_member):
    browser = as_member(someone(flowers=0))

    page = browser.get("/member/points?of=flowers").text

    assert "还没有花朵" in page
    assert "#kinds" in page


def test_the_price_says_its_kind_from_the_shelf_to_the_order(as_member):
    member_id = someone()
    product_id, variant_id = make_product(kind="voucher", **VASE)
    browser, sku = as_member(member_id), sku_of(variant_id)
    slug = db.session.get_one(Product, product_id).slug

    shelf, page = browser.get("/products").text, browser.get(f"/products/{slug}").text
    checkout = browser.get(f"/checkout?sku={sku}&qty=1").text

    assert '<b class="num">30</b> 花朵' in shelf
    assert "花朵" in page
    assert "换完还剩" in checkout
    assert "朵花朵" in checkout


def test_who_lacks_some_is_told_in_the_kind_and_sent_to_the_rules(as_member):
    member_id = someone(flowers=10)
    product_id, variant_id = make_product(**VASE)
    browser = as_member(member_id)

    page = browser.get(f"/products/{db.session.get_one(Product, product_id).slug}").text
    checkout = browser.get(f"/checkout?sku={sku_of(variant_id)}&qty=1").text

    assert "还差 20 朵花朵" in page
    assert "再签到" not in page
    assert "还差 20 朵花朵" in checkout


def test_the_cart_says_that_one_order_takes_one_kind(as_member):
    member_id = someone()
    skus = [sku_of(make_product(**VASE)[1]), sku_of(make_product(points=10)[1])]
    browser = as_member(member_id)
    for sku in skus:
        browser.post("/cart/items", data={"sku": sku, "qty": "1"})

    first = browser.get("/cart").text
    both = browser.get(f"/cart?chosen=yes&item={skus[0]}&item={skus[1]}").text

    assert "一单换一种" in first
    assert "去兑换（1）" in first
    assert "先选一种" in both
    assert "disabled>去兑换（2）" in both


def test_staff_give_and_take_a_kind_and_the_member_is_told(as_staff):
    member_id = someone()
    owner = as_staff("owner")
    form = {"direction": "take", "reason": "数错了", "source_class": "grant", "idempotency_key": "k" * 24}

    assert "花朵" in owner.get(f"/merchant/members/{member_id}/adjustment").text
    values = {**form, "points": "15", "points_kind": "flowers"}
    answer = owner.post(f"/merchant/members/{member_id}/adjustment", data=values)

    assert answer.status_code == 303, answer.text
    assert balance_of(member_id, MONDAY, "flowers").available == 25
    assert balance_of(member_id, MONDAY).available == 500
    member_page = owner.get(f"/merchant/members/{member_id}").text
    assert "25 朵" in member_page
    assert "余额 25 朵花朵" in member_page
    work_off_outbox(MONDAY)
    told = db.session.scalars(select(Message.params).where(Message.kind == "kind_adjusted")).one()
    assert (told["signed_points"], told["kind_name"]) == (-15, "花朵")


def test_more_than_there_is_of_a_kind_is_refused_at_the_field(as_staff):
    member_id = someone()
    form = {"direction": "take", "reason": "数错了", "source_class": "grant", "idempotency_key": "k" * 24}

    answer = as_staff("owner").post(
        f"/merchant/members/{member_id}/adjustment", data={**form, "points": "41", "points_kind": "flowers"}
    )

    assert answer.status_code == 409
    assert "花朵不够，还差 1 朵" in answer.text


def test_a_product_is_priced_in_a_kind_by_its_form(as_staff):
    make_rulebook(TWO_KINDS)
    editor = as_staff("editor")
    fields = {
        "title": "花瓶",
        "kind": "physical",
        "limit_period": "ever",
        "variants-0-title": "白",
        "variants-0-points": "30",
        "variants-0-cents": "",
        "points_kind": "flowers",
    }

    assert "用哪种积分换" in editor.get("/merchant/products/new").text
    answer = editor.post("/merchant/products", data=fields)

    assert answer.status_code == 303, answer.text
    assert db.session.scalars(select(Product.points_kind)).one() == "flowers"
    refused = editor.post("/merchant/products", data={**fields, "points_kind": "roses"})
    assert refused.status_code == 422


def test_what_one_can_redeem_includes_goods_for_flowers(as_member):
    browser = as_member(someone(points=500, flowers=40))
    make_product(**VASE)
    make_product(points=41, title="花篮", points_kind="flowers")
    make_product(points=400, title="雨伞")

    shown = browser.get("/products?affordable=1").text

    assert "花瓶" in shown
    assert "雨伞" in shown
    assert "花篮" not in shown
