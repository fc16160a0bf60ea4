"""One-tap redemption: one sheet with everything chosen, one order however often it is sent."""

from dataclasses import replace

import pytest
from sqlalchemy import func, insert, select

from shop.extensions import db
from shop.models import Order, Product, Variant
from shop.queries.orders.quote import Ask
from shop.rules.rulebook import ShippingRule
from shop.services.orders.checkout import place_order
from shop.transaction import transaction
from tests.factories import AT_ONCE, MONDAY, make_member, make_product, make_rulebook, make_store
from tests.orders import address_for, change_price, hidden_inputs, sku_of, wish_for
from tests.races import results_of, run_together
from tests.services.orders.stories import stock_of


@pytest.fixture
def member_id(app, clock):
    clock.stand_at(MONDAY)
    return make_member(points=2460)


@pytest.fixture
def browser(as_member, member_id):
    return as_member(member_id)


def slug_of(product_id):
    return db.session.get_one(Product, product_id).slug


def orders() -> list[Order]:
    db.session.rollback()
    return list(db.session.scalars(select(Order)))


def redemption_of(product_id) -> str:
    return f"/products/{slug_of(product_id)}/redemption"


def agreed(page) -> dict[str, str]:
    fields = hidden_inputs(page, "one-tap-form")
    return {name: fields[name] for name in fields if name != "csrf_token"}


def test_guests_log_in_first(client, member_id):
    product_id, _variant_id = make_product()

    assert client.get(redemption_of(product_id)).location == "/login"
    assert "/redemption" not in client.get("/products").text


def test_the_card_and_the_product_offer_it_for_points_alone(browser):
    product_id, _variant_id = make_product(points=680)
    make_product(points=320, cents=990, title="加钱的")
    make_product(points=9000, title="够不着的")

    shelf = browser.get("/products").text

    assert shelf.count("/redemption") == 2  # one link, said twice: for script and without
    assert f'href="{redemption_of(product_id)}"' in shelf
    assert f'formaction="{redemption_of(product_id)}"' in browser.get(f"/products/{slug_of(product_id)}").text


def test_one_sheet_and_one_order(browser, member_id):
    product_id, variant_id = make_product(points=680, on_hand=3, title="手冲咖啡豆")
    address_for(member_id)
    url = redemption_of(product_id)

    sheet = browser.fragment(url)
    assert sheet.text.lstrip().startswith("<dialog")
    for said in ("手冲咖啡豆", "680", "换完余额 1,780 积分", "小河路 12 号"):
        assert said in sheet.text
    first = browser.fragment(url, method="POST", data=agreed(sheet))
    again = browser.fragment(url, method="POST", data=agreed(sheet))

    assert len(orders()) == 1
    order = orders()[0]
    assert (order.state, order.total_points, order.way) == ("paid", 680, "shipping")
    assert first.headers["HX-Redirect"] == again.headers["HX-Redirect"] == f"/orders/{order.number}"
    assert stock_of(variant_id) == (2, 0)


def test_without_script_the_sheet_is_a_page(browser, member_id):
    product_id, _variant_id = make_product(points=680)
    address_for(member_id)
    url = redemption_of(product_id)

    page = browser.get(url)
    placed = browser.post(url, data=agreed(page))

    assert "<html" in page.text
    assert (placed.status_code, placed.location) == (303, f"/orders/{orders()[0].number}")


def same_browser(app, browser):
    """Another tab of a browser: it is the same member's."""
    tab = app.test_client()
    with app.test_request_context():
        name = app.session_interface.get_cookie_name(app)
    tab.set_cookie(name, browser.get_cookie(name).value)
    return tab


def test_twenty_taps_at_one_moment_are_one_order(app, browser, member_id):
    product_id, variant_id = make_product(points=680, on_hand=50)
    address_for(member_id)
    url = redemption_of(product_id)
    fields = agreed(browser.fragment(url))
    tabs = [same_browser(app, browser) for _ in range(20)]

    outcomes = run_together([lambda tab=tab: tab.post(url, data=fields).location for tab in tabs])

    assert set(results_of(outcomes)) == {f"/orders/{orders()[0].number}"}
    assert len(orders()) == 1
    assert stock_of(variant_id) == (49, 0)


def test_what_is_missing_leads_to_the_ordinary_way(browser, member_id):
    product_id, variant_id = make_product(points=680)
    ordinary = f"/checkout?sku={sku_of(variant_id)}&amp;qty=1"

    page = browser.get(redemption_of(product_id)).text

    assert "还没有收货地址" in page
    assert ordinary in page
    assert "确认兑换" not in page


def test_a_cash_part_is_paid_on_the_ordinary_way(browser, member_id):
    product_id, _variant_id = make_product(points=680, cents=990)
    address_for(member_id)

    assert "还要付一些现金" in browser.get(redemption_of(product_id)).text


def test_several_variants_are_chosen_between_first(browser, member_id):
    product_id, variant_id = make_product(points=680)
    with transaction() as session:
        row = {
            "product_id": product_id,
            "sku": "SECOND",
            "title": "大",
            "price_points": 900,
            "price_cents": 0,
        }
        session.execute(insert(Variant).values(row))
    address_for(member_id)
    url = redemption_of(product_id)

    assert "先选一种再换" in browser.get(url).text
    assert "确认兑换" in browser.get(f"{url}?sku={sku_of(variant_id)}").text


def test_a_voucher_needs_no_place_and_names_the_phone(browser):
    product_id, _variant_id = make_product(points=300, kind="voucher")

    page = browser.get(redemption_of(product_id))
    browser.post(redemption_of(product_id), data=agreed(page))

    assert "手机尾号" in page.text
    assert orders()[0].way == "none"


def test_whoever_picks_up_does_so_in_the_usual_store(browser, member_id):
    product_id, variant_id = make_product(points=300, on_hand=9)
    make_store("远一点的店")
    usual = make_store("小河路店")
    wish = wish_for(member_id, Ask(sku=sku_of(variant_id), way="pickup", store_id=usual))
    place_order(member_id, wish, "the-first-pick-up-here", MONDAY)

    page = browser.get(redemption_of(product_id))
    browser.post(redemption_of(product_id), data=agreed(page))

    assert "到小河路店取" in page.text
    assert [(order.way, order.store_id) for order in orders()] == [("pickup", usual)] * 2


def test_a_price_that_changed_is_shown_before_anything_is_taken(browser, member_id):
    product_id, variant_id = make_product(points=680)
    address_for(member_id)
    url = redemption_of(product_id)
    sheet = browser.fragment(url)
    change_price(variant_id, 700)

    refused = browser.fragment(url, method="POST", data=agreed(sheet))

    assert (refused.status_code, orders()) == (409, [])
    assert "价格或规则刚刚变了" in refused.text
    assert browser.fragment(url, method="POST", data=agreed(refused)).status_code == 200
    assert orders()[0].total_points == 700


def test_many_points_take_a_code_on_the_ordinary_way(app, clock, as_member):
    clock.stand_at(MONDAY)
    make_rulebook(replace(AT_ONCE, orders=replace(AT_ONCE.orders, code_from_points=500)))
    member_id = make_member(points=2460)
    product_id, _variant_id = make_product(points=680)
    address_for(member_id)

    assert "手机验证码" in as_member(member_id).get(redemption_of(product_id)).text


def test_freight_is_paid_with_points_where_that_is_allowed(app, clock, as_member):
    clock.stand_at(MONDAY)
    offset = replace(AT_ONCE.offset, share_percent_max=100, pays_shipping=True)
    shipping = ShippingRule(fee_cents=800, free_from_cents=None, free_for_points_only=False)
    make_rulebook(replace(AT_ONCE, offset=offset, shipping=shipping))
    member_id = make_member(points=2460)
    product_id, _variant_id = make_product(points=680)
    address_for(member_id)
    browser = as_member(member_id)

    browser.post(redemption_of(product_id), data=agreed(browser.get(redemption_of(product_id))))

    order = orders()[0]
    assert (order.total_points, order.total_cents) == (680 + order.shipping_offset_points, 0)
    assert order.shipping_offset_cents == 800


def test_an_unknown_product_is_not_found(browser):
    assert browser.get("/products/none/redemption").status_code == 404
    assert db.session.scalar(select(func.count()).select_from(Order)) == 0
