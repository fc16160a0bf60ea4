"""What we promise to somebody who redeems: the price is explained, nothing is lost, and what fails gives everything back."""

import re
from datetime import timedelta

import pytest

from shop.extensions import db
from shop.jobs.schedule import tell_what_happened
from shop.models import Order, StockLevel
from shop.queries.points.balance import balance_of
from shop.services.orders.unpaid import end_unpaid_orders
from tests.factories import MONDAY, make_member, make_product
from tests.orders import address_for, hidden_inputs, sku_of


@pytest.fixture
def member_id(app, clock):
    clock.stand_at(MONDAY)
    member_id = make_member(points=2460)
    address_for(member_id)
    return member_id


def test_coffee_for_points_and_cash(as_member, member_id):
    """She finds the coffee, looks at what it costs and why, takes ¥5.00 off with points, pays, and has it."""
    _, variant_id = make_product(points=680, cents=1990, title="手冲咖啡豆")
    browser = as_member(member_id)

    page = browser.get(f"/checkout?sku={sku_of(variant_id)}&qty=1&way=shipping&points=500")
    assert "1,180" in page.text
    assert "¥22.90" in page.text

    placed = browser.post("/checkout", data=agreed(page, points="500"))
    assert balance_of(member_id, MONDAY).held == 1180
    sandbox = browser.post(placed.location, data={"provider": "sandbox"})
    packed = re.findall(r'name="bill" value="([^"]+)"', browser.get(sandbox.location).text)[0]
    back = browser.post("/sandbox-pay", data={"bill": packed, "choice": "pay"})
    order_page = browser.get(browser.get(back.location).location)

    tell_what_happened(MONDAY)
    assert order_page.status_code == 200
    assert "手冲咖啡豆" in order_page.text
    assert balance_of(member_id, MONDAY).available == 1280
    assert db.session.get_one(StockLevel, variant_id).on_hand == 9


def test_she_changes_her_mind_at_the_cashier(as_member, member_id, clock):
    """Nobody pays: after a quarter of an hour points and coffee are back, and the page says so."""
    _, variant_id = make_product(points=680, cents=1990)
    browser = as_member(member_id)
    page = browser.get(f"/checkout?sku={sku_of(variant_id)}&qty=1&way=shipping")
    placed = browser.post("/checkout", data=agreed(page))

    now = clock.move(minutes=16)
    assert "订单已经结束" in browser.get(placed.location).text
    end_unpaid_orders(now)
    tell_what_happened(now + timedelta(seconds=1))

    db.session.rollback()
    assert balance_of(member_id, now).available == 2460
    assert db.session.get_one(StockLevel, variant_id).reserved == 0
    order = db.session.query(Order).one()
    assert (order.state, order.close_reason) == ("closed", "time_out")
    assert browser.get(f"/orders/{order.number}").status_code == 200


def agreed(page, **said: str) -> dict[str, str]:
    """The form as she sends it."""
    address_id = re.findall(r'name="address_id" value="(\d+)"', page.text)[0]
    return {**hidden_inputs(page), "way": "shipping", "qty": "1", "address_id": address_id, **said}
