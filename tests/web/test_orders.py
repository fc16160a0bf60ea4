"""Orders over HTTP: the pages, who may see them, and what a request cannot do."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from shop.extensions import db
from shop.models import Order
from tests.factories import MONDAY, make_member, make_product, make_store
from tests.services.orders.stories import account_of, buy, order_row, place, ship

KEY = {"idempotency_key": "a-key-of-this-page"}


@pytest.fixture
def statements(app):
    """How many statements a block of code sends: ``with statements() as seen``."""
    from contextlib import contextmanager

    @contextmanager
    def counting():
        seen: list[str] = []

        def note(_conn, _cursor, statement, *_rest):
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        yield seen
        event.remove(db.engine, "before_cursor_execute", note)

    return counting


def test_piles_show_what_waits(app, clock, as_member):
    member_id = make_member(points=5000)
    _product, variant_id = make_product(points=300, cents=1000, on_hand=50)
    waiting = place(member_id, variant_id, key="placed")
    paid = buy(member_id, variant_id, key="paid")
    pickup = buy(member_id, variant_id, key="pickup", way="pickup", store_id=make_store())
    browser = as_member(member_id)

    everything = browser.get("/member/orders").text
    for placed in (waiting, paid, pickup):
        assert f"/orders/{placed.number}" in everything
    for pile, placed in (("placed", waiting), ("paid", paid), ("pickup", pickup)):
        part = browser.fragment(f"/member/orders?state={pile}").text
        assert re.findall(r"/orders/(SF\d+)", part)[0] == placed.number
        assert len(set(re.findall(r"/orders/(SF\d+)", part))) == 1
    assert "还没有完成的单" in browser.get("/member/orders?state=received").text

    clock.move(hours=2)  # the time to pay is over, whether or not the job has run
    assert "没有要付款的" in browser.get("/member/orders?state=placed").text
    assert "超时未付" in browser.get("/member/orders?state=closed").text


def test_list_goes_on_page_by_page(app, clock, as_member, statements):
    member_id = make_member(points=90_000)
    _product, variant_id = make_product(points=100, on_hand=50)
    for number in range(20):
        buy(member_id, variant_id, key=f"k{number}", way="pickup", store_id=make_store())
    browser = as_member(member_id)

    with statements() as seen:
        first = browser.get("/member/orders").text
    assert len(seen) <= 8, seen
    more = re.search(r"before=(\d+)", first)
    second = browser.fragment(f"/member/orders?state=all&before={more[1]}").text

    numbers = re.findall(r'class="row" href="/orders/(SF\d+)"', first + second)
    assert len(numbers) == len(set(numbers)) == 20
    assert "before=" not in second


def test_order_page_shows_the_stored_price_and_what_comes(app, clock, as_member, statements):
    member_id = make_member(points=5000)
    _product, variant_id = make_product(points=680, cents=12690, title="云南保山手冲咖啡豆")
    placed = buy(member_id, variant_id)
    browser = as_member(member_id)

    with statements() as seen:
        page = browser.get(f"/orders/{placed.number}").text.replace("\u00a0", " ")

    assert len(seen) <= 12, seen
    for words in (
        "云南保山手冲咖啡豆",
        "怎么算的",
        "¥126.90",
        "收到货再得",
        "店家正在准备",
        "138 **** 2046",
        "小河路 12 号",
    ):
        assert words in page, words
    assert "/member/points/" in page


def test_celebration_comes_once_and_never_on_a_reload(app, clock, as_member):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=680)
    placed = buy(member_id, variant_id)
    browser = as_member(member_id)
    with browser.session_transaction() as session:
        session["celebrate"] = placed.number

    page = browser.get(f"/orders/{placed.number}").text
    assert "换到了" in page
    assert '<b class="num">320</b>' in page  # what is left
    assert "换到了" not in browser.get(f"/orders/{placed.number}").text


def test_pickup_code_is_shown_only_while_it_counts(app, clock, as_member):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=320, cents=100)
    placed = place(member_id, variant_id, way="pickup", store_id=make_store())
    code = str(order_row(placed).pickup_code)
    shown = f"{code[:4]}\u00a0{code[4:]}"
    browser = as_member(member_id)

    assert shown not in browser.get(f"/orders/{placed.number}").text
    again = buy(member_id, variant_id, key="again", way="pickup", store_id=make_store())
    code = str(order_row(again).pickup_code)
    page = browser.get(f"/orders/{again.number}").text
    assert f"{code[:4]}\u00a0{code[4:]}" in page
    assert "<svg" in page.partition('id="orders-pickup"')[2]


def test_order_of_someone_else_does_not_exist(app, clock, as_member):
    owner, stranger = make_member(points=1000), make_member()
    _product, variant_id = make_product(points=680)
    placed = buy(owner, variant_id)
    browser = as_member(stranger)

    assert browser.get(f"/orders/{placed.number}").status_code == 404
    assert browser.get(f"/orders/{placed.number}/cancellation").status_code == 404
    for deed in ("cancellation", "receipt"):
        assert "SF" not in browser.post(f"/orders/{placed.number}/{deed}", data=KEY).headers.get(
            "Location", ""
        )
    for odd in ("%00", "x" * 300, "1' OR '1", "０", "SF%2F"):
        assert browser.get(f"/orders/{odd}").status_code == 404
    assert order_row(placed).state == "paid"


def test_visitor_is_sent_to_login(client):
    assert client.get("/member/orders").status_code == 303
    assert client.get("/orders/SF26030212345678").status_code == 303


def test_cancelling_says_before_what_comes_back_and_then_does_it(app, clock, as_member):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=680, cents=5000)
    placed = buy(member_id, variant_id)
    browser = as_member(member_id)
    url = f"/orders/{placed.number}/cancellation"

    dialog = browser.fragment(url).text
    assert "<dialog" in dialog
    for words in ("680 积分马上退回", "原路退回", "到期"):
        assert words in dialog, words
    assert "<dialog" not in browser.get(url).text.partition("<main")[2]
    answers = [browser.post(url, data=KEY) for _twice in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert account_of(member_id).balance_points == 1000
    page = browser.get(f"/orders/{placed.number}").text
    assert "你取消了这一单" in page
    assert "现金正在退" in page


def test_member_says_that_it_arrived(app, clock, as_member):
    member_id = make_member()
    _product, variant_id = make_product(points=0, cents=10000)
    placed = buy(member_id, variant_id)
    ship(placed, MONDAY + timedelta(hours=1))
    clock.move(days=1)
    browser = as_member(member_id)
    assert "ZT123" in browser.get(f"/orders/{placed.number}").text

    assert browser.post(f"/orders/{placed.number}/receipt", data={}).status_code in (303, 422)
    assert order_row(placed).state == "shipped"  # without a key of our page nothing happens
    assert browser.post(f"/orders/{placed.number}/receipt", data=KEY).status_code == 303

    assert order_row(placed).state == "received"
    assert account_of(member_id).balance_points == 100


def test_deeds_need_a_token(make_app, database):
    app = make_app()
    with app.app_context():
        member_id = make_member(points=1000)
        _product, variant_id = make_product(points=680)
        placed = buy(member_id, variant_id)
    browser = app.test_client()

    browser.post(f"/orders/{placed.number}/cancellation", data=KEY)

    with app.app_context():
        assert db.session.scalar(select(Order.state).where(Order.id == placed.order_id)) == "paid"
        db.session.remove()
