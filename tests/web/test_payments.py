"""The cashier over HTTP, its polling, the sandbox, and the address for notices."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from shop.extensions import db
from shop.models import Order
from shop.queries.orders.quote import Ask
from shop.services.orders.checkout import place_order
from shop.services.orders.sandbox_pay import notice_of
from shop.services.orders.unpaid import end_unpaid_orders
from tests.factories import MONDAY, make_member, make_product
from tests.orders import address_for, counted_statements, sku_of, wish_for


@pytest.fixture
def member_id(app, clock):
    clock.stand_at(MONDAY)
    member_id = make_member(points=1000)
    address_for(member_id)
    return member_id


@pytest.fixture
def placed(member_id):
    sku = sku_of(make_product(points=680, cents=1990, title="手冲咖啡豆")[1])
    return place_order(
        member_id, wish_for(member_id, Ask(sku=sku, way="shipping")), "a-key-of-this-page-0001", MONDAY
    )


@pytest.fixture
def page(placed):
    return f"/pay/{placed.payment_token}"


@pytest.fixture
def browser(as_member, member_id):
    return as_member(member_id)


def state_of(placed) -> str:
    db.session.rollback()
    return db.session.get_one(Order, placed.order_id).state


def bill_after(browser, page) -> str:
    answer = browser.post(page, data={"provider": "sandbox"})
    assert answer.status_code == 303
    return parse_qs(urlsplit(answer.location).query)["bill"][0]


def test_the_cashier_says_what_is_left_to_pay_and_until_when(browser, page):
    text = browser.get(page).text

    assert "¥27.90" in text
    assert "680" in text
    assert 'data-countdown="900"' in text
    assert "手冲咖啡豆" in text
    assert browser.fragment(page).text.lstrip().startswith('<div class="stack" id="payments-state"')


def test_paying_in_the_sandbox_leads_to_the_order(browser, page, placed):
    packed = bill_after(browser, page)
    assert "沙盒" in browser.get("/sandbox-pay", query_string={"bill": packed}).text

    back = browser.post("/sandbox-pay", data={"bill": packed, "choice": "pay"})
    onward = browser.get(page)

    assert back.location == page
    assert state_of(placed) == "paid"
    assert (onward.status_code, onward.location) == (303, f"/orders/{placed.number}")
    with browser.session_transaction() as session:
        assert session["celebrate"] == placed.number


def test_a_refused_payment_can_be_tried_again(browser, page, placed):
    browser.post("/sandbox-pay", data={"bill": bill_after(browser, page), "choice": "refuse"})
    assert "没付成" in browser.get(page).text

    browser.post("/sandbox-pay", data={"bill": bill_after(browser, page), "choice": "pay"})

    assert state_of(placed) == "paid"
    assert browser.get(page).location == f"/orders/{placed.number}"


def test_the_page_asks_until_something_has_changed(browser, page, placed, clock):
    assert browser.fragment(f"{page}/state").status_code == 204

    browser.post("/sandbox-pay", data={"bill": bill_after(browser, page), "choice": "pay"})
    answer = browser.fragment(f"{page}/state")

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (286, page)


def test_an_overdue_order_says_that_it_has_ended_before_the_job_runs(browser, page, placed, clock):
    clock.move(minutes=15)

    shown, polled = browser.get(page), browser.fragment(f"{page}/state")
    tried = browser.post(page, data={"provider": "sandbox"})

    assert "订单已经结束" in shown.text
    assert (polled.status_code, tried.status_code) == (286, 409)
    assert "订单已经结束" in polled.text
    end_unpaid_orders(clock.now)
    assert "订单已经结束" in browser.get(page).text


def test_giving_up(browser, page, placed):
    answer = browser.post(f"{page}/cancellation")

    assert (answer.status_code, answer.location) == (303, f"/orders/{placed.number}")
    assert state_of(placed) == "closed"
    assert browser.post(f"{page}/cancellation").status_code == 303


def test_another_members_payment_is_not_found(as_member, page, client):
    stranger = as_member(make_member())

    for answer in (stranger.get(page), stranger.get(f"{page}/state"), stranger.post(page, data={"provider": "sandbox"}),
                   stranger.post(f"{page}/cancellation")):  # fmt: skip
        assert answer.status_code == 404
    assert client.get(page).location == "/login"


def test_a_provider_is_one_of_ours(browser, page, placed):
    assert browser.post(page, data={}).status_code == 422
    assert browser.post(page, data={"provider": "x" * 99}).status_code == 422
    assert browser.post(page, data={"provider": "elsewhere"}).status_code == 404


# Notices


def test_notices_come_without_session_and_token(browser, client, app, page, placed):
    app.config["WTF_CSRF_ENABLED"] = False
    signed = notice_of(bill_after(browser, page), "pay", MONDAY)
    app.config["WTF_CSRF_ENABLED"] = True

    headers = {**signed.headers, "Sec-Fetch-Site": "cross-site"}
    answers = [client.post("/payments/notices/sandbox", data=signed.body, headers=headers) for _ in range(3)]

    assert [(each.status_code, each.json) for each in answers] == [(200, {"result": "received"})] * 3
    assert state_of(placed) == "paid"


def test_notices_that_are_not_ours(browser, client, page, placed):
    signed = notice_of(bill_after(browser, page), "pay", MONDAY)
    address = "/payments/notices/sandbox"

    assert client.post(address, data=signed.body + b" ", headers=signed.headers).status_code == 400
    assert client.post(address, data=b"{}").status_code == 400
    assert (
        client.post("/payments/notices/elsewhere", data=signed.body, headers=signed.headers).status_code
        == 404
    )
    assert client.get(address).status_code == 405
    assert state_of(placed) == "placed"


def test_other_posts_need_their_token(browser, app, page):
    app.config["WTF_CSRF_ENABLED"] = True

    assert browser.post(page, data={"provider": "sandbox"}).status_code == 400
    assert browser.post(f"{page}/cancellation").status_code == 400
    assert browser.post("/cart/items", data={"sku": "SKU-1"}).status_code == 400
    token = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(page).text)[0]
    assert browser.post(page, data={"provider": "sandbox", "csrf_token": token}).status_code == 303


def test_the_cashier_takes_few_statements(browser, page):
    browser.get(page)
    with counted_statements() as statements:
        browser.get(page)

    assert len(statements) <= 3
