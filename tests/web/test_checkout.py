"""Cart and checkout over HTTP: pages and fragments, without script, and whatever a request may contain."""

import re

import pytest
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import CartItem, Order
from shop.services.orders.cart import add_to_cart
from tests.factories import MONDAY, make_member, make_product, make_store
from tests.orders import address_for, change_price, counted_statements, hidden_inputs, sku_of

PICKUP_PAGE = "/checkout?sku={sku}&qty=1&way=pickup"


@pytest.fixture
def member_id(app, clock):
    clock.stand_at(MONDAY)
    return make_member(points=2460)


@pytest.fixture
def sku(app):
    return sku_of(make_product(points=680, title="手冲咖啡豆")[1])


@pytest.fixture
def browser(as_member, member_id):
    return as_member(member_id)


def orders() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Order)) or 0


def in_cart() -> dict[int, int]:
    db.session.rollback()
    return {row.variant_id: row.quantity for row in db.session.scalars(select(CartItem))}


# Logging in first


@pytest.mark.parametrize("path", ["/cart", "/checkout?sku=A&qty=1"])
def test_guests_log_in_and_come_back(client, path, member_id):
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (303, "/login")
    with client.session_transaction() as session:
        assert session["next"] == path


def test_a_guest_who_adds_to_the_cart_comes_back_to_the_product(client, sku):
    page = "http://localhost/products/coffee"
    answer = client.post("/cart/items", data={"sku": sku, "qty": "1"}, headers={"Referer": page})

    assert (answer.status_code, answer.location) == (303, "/login")
    with client.session_transaction() as session:
        assert session["next"] == "/products/coffee"
    assert in_cart() == {}


# The cart


def test_the_cart_without_script(browser, sku):
    added = browser.post("/cart/items", data={"sku": sku, "qty": "2"})
    again = browser.post("/cart/items", data={"sku": sku, "qty": "1"})
    page = browser.get("/cart")
    assert (added.status_code, again.location) == (303, "/cart")
    assert "手冲咖啡豆" in page.text
    assert "2,040" in page.text

    changed = browser.post(f"/cart/items/{sku}", data={"qty": "1"})
    assert (changed.status_code, list(in_cart().values())) == (303, [1])

    removed = browser.post(f"/cart/items/{sku}/removal")
    assert (removed.status_code, in_cart()) == (303, {})
    assert browser.post(f"/cart/items/{sku}/removal").status_code == 303
    assert "购物车还空着" in browser.get("/cart").text


def test_the_cart_with_script(browser, sku):
    toast = browser.fragment("/cart/items", method="POST", data={"sku": sku})
    assert "放进购物车了" in toast.text

    rows = browser.fragment(
        f"/cart/items/{sku}", method="POST", data={"qty": "3", "chosen": "yes", "item": sku}
    )
    assert '<div class="stack" id="cart-list">' in rows.text
    assert "hx-swap-oob" in rows.text
    assert "2,040" in rows.text

    nothing = browser.fragment("/cart?chosen=yes")
    assert "去兑换（0）" in nothing.text
    assert "<html" not in nothing.text


def test_what_cannot_be_had_says_why_and_is_not_chosen(browser, member_id):
    _, variant_id = make_product(on_hand=0, title="换完的灯")
    add_to_cart(member_id, sku_of(variant_id), 1, MONDAY)

    page = browser.get("/cart")

    assert "换完了" in page.text
    assert "去兑换（0）" in page.text


# The checkout


def test_the_checkout_explains_its_price(browser, member_id, sku):
    address_for(member_id)

    page = browser.get(f"/checkout?sku={sku}&qty=2")

    assert page.status_code == 200
    assert "怎么算的" in page.text
    assert "1,360" in page.text
    assert "小河路 12 号" in page.text
    assert "1,100" in page.text  # the balance afterwards


def test_an_empty_checkout_shows_the_way_on(browser):
    assert "还没有选东西" in browser.get("/checkout").text


def test_only_chosen_lines_are_checked_out(browser, member_id, sku):
    other = sku_of(make_product(points=50, title="别的")[1])
    for each in (sku, other):
        add_to_cart(member_id, each, 1, MONDAY)

    page = browser.get(f"/checkout?item={other}")

    assert "别的" in page.text
    assert "手冲咖啡豆" not in page.text


def test_a_change_is_quoted_again_as_a_fragment(browser, member_id):
    address_for(member_id)
    sku = sku_of(make_product(points=0, cents=12900)[1])
    said = {"sku": sku, "qty": "1", "way": "shipping", "points": "1200"}

    bill = browser.fragment("/checkout/quote", method="POST", data=said)
    form = browser.fragment("/checkout/form", method="POST", data={**said, "way": "pickup"})
    plain = browser.post("/checkout/quote", data=said)

    assert '<section class="card" id="checkout-bill"' in bill.text
    assert "¥117.00" in bill.text
    assert 'id="checkout-pay"' in bill.text
    assert 'id="checkout-form"' in form.text
    assert "自取" in form.text
    assert plain.status_code == 303
    assert "¥117.00" in browser.get(plain.location).text


def test_an_order_for_points_without_script(browser, sku):
    make_store()
    page = browser.get(PICKUP_PAGE.format(sku=sku))

    answer = browser.post(
        "/checkout", data={**hidden_inputs(page), "way": "pickup", "qty": "1"} | store_of(page)
    )

    db.session.rollback()
    stored = db.session.scalars(select(Order)).one()
    assert (answer.status_code, answer.location) == (303, f"/orders/{stored.number}")
    with browser.session_transaction() as session:
        assert session["celebrate"] == stored.number


def test_the_same_form_sent_twice_is_one_order(browser, sku):
    make_store()
    page = browser.get(PICKUP_PAGE.format(sku=sku))
    data = {**hidden_inputs(page), "way": "pickup", "qty": "1"} | store_of(page)

    locations = {browser.post("/checkout", data=data).location for _ in range(3)}

    assert None not in locations
    assert (len(locations), orders()) == (1, 1)


def test_a_changed_price_is_shown_and_agreed_to_again(browser, app):
    make_store()
    _, variant_id = make_product(points=680)
    page = browser.get(PICKUP_PAGE.format(sku=sku_of(variant_id)))
    data = {**hidden_inputs(page), "way": "pickup", "qty": "1"} | store_of(page)
    change_price(variant_id, 700)

    shown = browser.post("/checkout", data=data)

    assert shown.status_code == 409
    assert "价格或规则刚刚变了" in shown.text
    assert "700" in shown.text
    assert orders() == 0
    agreed = browser.post("/checkout", data={**data, **hidden_inputs(shown)})
    assert (agreed.status_code, orders()) == (303, 1)


def test_what_a_request_adds_is_ignored(browser, sku):
    make_store()
    page = browser.get(PICKUP_PAGE.format(sku=sku))
    data = {**hidden_inputs(page), "way": "pickup", "qty": "1"} | store_of(page)

    browser.post(
        "/checkout",
        data={**data, "price_points": "1", "total_points": "0", "member_id": "99", "state": "paid"},
    )

    db.session.rollback()
    assert db.session.scalars(select(Order.total_points)).one() == 680


HOSTILE = ["-1", "0", "1000", "1000000000000", "9223372036854775808", "1.5", "1e3", "NaN", "１", " 1", "+1", "0x1",
           "1\x00", "一", "1,0", "9" * 5000]  # fmt: skip


@pytest.mark.parametrize("quantity", HOSTILE)
def test_a_quantity_is_a_plain_number(browser, sku, quantity):
    make_store()
    page = browser.get(PICKUP_PAGE.format(sku=sku))
    data = {**hidden_inputs(page), "way": "pickup"} | store_of(page)

    ordered = browser.post("/checkout", data={**data, "qty": quantity})
    shown = browser.get("/checkout", query_string={"sku": sku, "qty": quantity})
    quoted = browser.fragment("/checkout/quote", method="POST", data={"sku": sku, "qty": quantity})
    added = browser.post("/cart/items", data={"sku": sku, "qty": quantity})

    assert {each.status_code for each in (ordered, shown, quoted, added)} == {422}
    assert "数量填 1 到 999 的整数" in ordered.text
    assert "数量填 1 到 999 的整数" in shown.text
    assert (orders(), in_cart()) == (0, {})


@pytest.mark.parametrize(
    "said",
    [
        {"qty": ["1", "2"]},
        {"points": ["0", "100"]},
        {"points": "-100"},
        {"points": "1e9"},
        {"way": "teleport"},
        {"way": ["pickup", "shipping"]},
        {"store_id": "1 OR 1=1"},
        {"note": "x" * 101},
        {"note": "\u202eabc"},
        {"note": "a\x00b"},
        {"digest": "not-a-digest"},
        {"idempotency_key": ""},
        {"idempotency_key": "x" * 65},
        {"idempotency_key": ["a" * 20, "b" * 20]},
    ],
)
def test_other_fields_are_read_strictly_too(browser, sku, said):
    make_store()
    page = browser.get(PICKUP_PAGE.format(sku=sku))
    data = {**hidden_inputs(page), "way": "pickup", "qty": "1"} | store_of(page)

    answer = browser.post("/checkout", data={**data, **said})

    assert (answer.status_code, orders()) == (422, 0)


def test_unknown_goods_are_not_found(browser, member_id):
    assert browser.get("/checkout?sku=NO-SUCH").status_code == 404
    assert browser.get("/checkout?sku=%3Cscript%3E").status_code == 404
    assert browser.post("/cart/items", data={"sku": "NO-SUCH"}).status_code == 404
    assert browser.post("/cart/items/NO-SUCH", data={"qty": "1"}).status_code == 404


def test_pages_take_a_fixed_number_of_statements(browser, member_id):
    address_for(member_id)

    def statements(path: str) -> int:
        with counted_statements() as counted:
            assert browser.get(path).status_code == 200
        return len(counted)

    first = sku_of(make_product(limit_per_member=9)[1])
    add_to_cart(member_id, first, 1, MONDAY)
    browser.get("/cart")
    few = (statements("/cart"), statements("/checkout"))
    for _ in range(8):
        add_to_cart(member_id, sku_of(make_product(points=1, limit_per_member=9)[1]), 1, MONDAY)

    assert (statements("/cart"), statements("/checkout")) == few
    assert few[0] <= 8  # with BEGIN, the login and the gifts that are on
    assert few[1] <= 10


def store_of(page) -> dict[str, str]:
    return {"store_id": re.findall(r'name="store_id" value="(\d+)"', page.text)[0]}
