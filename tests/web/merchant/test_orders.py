"""Orders in the back office: who may do what, and what a request cannot do."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from shop.extensions import db
from shop.models import AuditEntry, Refund
from shop.web.filters import yuan
from tests.factories import MONDAY, make_member, make_product, make_store
from tests.services.orders.stories import account_of, buy, line_id_of, order_row, place, ship


@contextmanager
def counted_statements():
    """The statements that a block of code sends."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


KEY = {"idempotency_key": "a-key-of-this-page"}


@pytest.fixture
def paid(app, clock):
    """A paid order of three pieces for 100 points and 20 yuan each, to be shipped."""
    member_id = make_member(points=1000, phone="+8613800002046", name="林小满")
    _product, variant_id = make_product(points=100, cents=2000, on_hand=9, title="桂花蜂蜜")
    placed = buy(member_id, variant_id, quantity=3)
    clock.move(hours=1)
    return member_id, placed


@pytest.fixture
def pickup(app, clock):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=320, title="黄油可颂")
    return member_id, buy(member_id, variant_id, way="pickup", store_id=make_store())


def refund_data(placed, pieces, **more):
    return {f"pieces_{line_id_of(placed)}": pieces, "reason": "会员不想要了", **KEY, **more}


def test_list_finds_orders_by_number_phone_code_and_name(paid, pickup, as_staff):
    _member, placed = paid
    code = str(order_row(pickup[1]).pickup_code)
    browser = as_staff("support")

    def found(query):
        return set(
            re.findall(r"/merchant/orders/(SF\d+)", browser.fragment(f"/merchant/orders?{query}").text)
        )

    assert found("") == {placed.number}  # what waits to be sent comes first
    assert found("state=pickup") == {pickup[1].number}
    assert found("state=all") == {placed.number, pickup[1].number}
    assert found("state=all&way=pickup") == {pickup[1].number}
    assert found(f"q={placed.number}") == {placed.number}
    assert found("q=2046") == found("q=13800002046") == {placed.number}
    assert found(f"q={code}") == {pickup[1].number}
    assert placed.number in found("q=林小")
    assert found("q=%00%27--") == set()


@pytest.mark.parametrize(
    ("role", "page", "ship_it", "refund_it", "verify", "hand_over"),
    [
        ("owner", 200, 303, 200, 200, 303),
        ("editor", 200, 403, 403, 403, 403),
        ("cashier", 200, 303, 403, 200, 303),
        ("support", 200, 303, 200, 200, 403),
    ],
)
def test_roles(paid, pickup, as_staff, role, page, ship_it, refund_it, verify, hand_over):
    _member, placed = paid
    code = str(order_row(pickup[1]).pickup_code)
    browser = as_staff(role)
    parcel = {"carrier": "中通", "tracking_number": "ZT12345", **KEY}

    assert browser.get("/merchant/orders").status_code == page
    assert browser.get(f"/merchant/orders/{placed.number}").status_code == page
    assert browser.get(f"/merchant/orders/{placed.number}/refund").status_code == refund_it
    assert browser.get("/merchant/verify").status_code == verify
    browser.post(f"/merchant/orders/{placed.number}/shipment", data=parcel)
    assert order_row(placed).state == ("shipped" if ship_it == 303 else "paid")
    browser.post("/merchant/verify", data={"code": code, **KEY})
    assert order_row(pickup[1]).state == ("received" if hand_over == 303 else "paid")
    if refund_it == 403:
        browser.post(f"/merchant/orders/{placed.number}/refund", data=refund_data(placed, "1"))
        assert db.session.scalar(select(func.count()).select_from(Refund)) == 0


def test_visitors_and_members_stay_outside(paid, client, as_member):
    member_id, placed = paid
    for browser in (client, as_member(member_id)):
        assert browser.get(f"/merchant/orders/{placed.number}").status_code == 303
        assert browser.get("/merchant/verify?code=ABCD2345").status_code == 303


def test_editor_does_not_see_where_a_member_lives(paid, as_staff):
    _member, placed = paid

    assert "小河路 12 号" in as_staff("cashier").get(f"/merchant/orders/{placed.number}").text
    assert "小河路 12 号" not in as_staff("editor").get(f"/merchant/orders/{placed.number}").text


@pytest.mark.parametrize("number", ["", "12", "ZT 123", "ZT123\n", "<b>12345</b>", "x" * 61])
def test_odd_tracking_numbers_are_refused_at_the_field(paid, as_staff, number):
    _member, placed = paid
    answer = as_staff("cashier").post(
        f"/merchant/orders/{placed.number}/shipment",
        data={"carrier": "中通", "tracking_number": number, **KEY},
    )

    if number.strip() != "ZT123":
        assert answer.status_code == 422
        assert order_row(placed).state == "paid"


def test_refund_is_worked_out_before_it_is_made(paid, as_staff):
    _member, placed = paid
    browser = as_staff("support")
    url = f"/merchant/orders/{placed.number}/refund"

    preview = browser.fragment(f"{url}?pieces_{line_id_of(placed)}=2").text
    assert "¥40.00" in preview
    assert "<b>200</b>" in preview
    shipping = yuan(order_row(placed).shipping_cents)
    assert shipping in browser.fragment(f"{url}?pieces_{line_id_of(placed)}=2&shipping=y").text
    worked_out = browser.post(url, data=refund_data(placed, "2", preview="yes", reason=""))  # without script
    assert worked_out.status_code == 200
    assert "¥40.00" in worked_out.text
    assert order_row(placed).refunded_points == 0


def test_refund_sent_twice_happens_once(paid, as_staff):
    member_id, placed = paid
    browser = as_staff("support")
    url = f"/merchant/orders/{placed.number}/refund"

    answers = [browser.post(url, data=refund_data(placed, "3", shipping="y")) for _twice in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    order = order_row(placed)
    assert (order.state, order.refunded_cents) == ("closed", order.total_cents)
    assert account_of(member_id).balance_points == 1000
    assert db.session.scalar(select(func.count()).select_from(Refund)) == 1
    audited = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "order.refund")).one()
    assert audited.reason == "会员不想要了"


@pytest.mark.parametrize("pieces", ["-1", "0", "4", "1e3", "１", "1000000000000", "1.5", "", "a"])
def test_hostile_quantities_refund_nothing(paid, as_staff, pieces):
    _member, placed = paid

    answer = as_staff("support").post(
        f"/merchant/orders/{placed.number}/refund", data=refund_data(placed, pieces)
    )

    assert answer.status_code == 422
    assert order_row(placed).refunded_points == 0


def test_repeated_parameters_refund_nothing(paid, as_staff):
    _member, placed = paid
    data = refund_data(placed, "1")
    data[f"pieces_{line_id_of(placed)}"] = ["1", "2"]

    assert as_staff("support").post(f"/merchant/orders/{placed.number}/refund", data=data).status_code == 422
    assert order_row(placed).refunded_points == 0


def test_refund_of_an_unpaid_order_is_refused(app, clock, as_staff):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=100, cents=2000)
    placed = place(member_id, variant_id)

    assert as_staff("support").get(f"/merchant/orders/{placed.number}/refund").status_code == 409


def test_code_is_looked_at_first_and_used_once(pickup, as_staff):
    _member, placed = pickup
    code = str(order_row(placed).pickup_code)
    browser = as_staff("cashier")

    look = browser.get(f"/merchant/verify?code={code.lower()[:4]}%20{code[4:]}").text
    assert "黄油可颂" in look
    assert "交给会员" in look
    assert order_row(placed).state == "paid"
    assert browser.post("/merchant/verify", data={"code": code, **KEY}).status_code == 303
    again = browser.post("/merchant/verify", data={"code": code, **KEY})

    assert again.status_code == 409
    assert "已经核销过了" in again.text
    assert "没有这个取货码" in browser.get("/merchant/verify?code=22222222").text
    assert "没有这个取货码" in browser.get("/merchant/verify?code=%00%F0%9F%92%A9").text


def test_order_page_tells_everything_after_the_goods_went_back(paid, as_staff):
    _member, placed = paid
    ship(placed, MONDAY + timedelta(hours=2))
    browser = as_staff("owner")
    browser.post(f"/merchant/orders/{placed.number}/refund", data=refund_data(placed, "1"))

    page = browser.get(f"/merchant/orders/{placed.number}").text.replace("\u00a0", " ")

    for words in ("ZT123", "退了 1 件", "会员不想要了", "138 **** 2046", "已收款"):
        assert words in page, words
    assert browser.get("/merchant/orders/SF00000000000000").status_code == 404


def test_list_asks_the_same_number_of_statements_however_long_it_is(app, clock, as_staff):
    member_id = make_member(points=90_000)
    _product, variant_id = make_product(points=100, on_hand=90)
    store_id = make_store()
    browser = as_staff("cashier")
    counts = []
    for batch in range(2):
        for number in range(18 * batch + 1):
            buy(member_id, variant_id, key=f"{batch}-{number}", way="pickup", store_id=store_id)
        with counted_statements() as seen:
            assert browser.get("/merchant/orders?state=pickup").status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1] <= 8
