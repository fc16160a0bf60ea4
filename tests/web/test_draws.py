"""Draws over HTTP: guests look, members draw with and without script, and nobody sees another's attempt."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from shop.crypto import seal
from shop.extensions import db
from shop.models import Address, DrawAttempt, Order
from shop.transaction import transaction
from tests.draws import FEW_POINTS, THANKS, draw_once, make_draw
from tests.factories import MONDAY, make_member, make_product, make_rulebook
from tests.orders import counted_statements

A_DAY = timedelta(days=1)
KEY = "a-key-that-came-with-the-page"
URL = "/draws/weekend/attempts"


@pytest.fixture
def member_id(app, clock):
    clock.stand_at(MONDAY)
    return make_member(points=500)


@pytest.fixture
def member(as_member, member_id):
    return as_member(member_id)


def draw(client, **values):
    return client.fragment(URL, method="POST", data={"idempotency_key": KEY, "agreed_points": "50", **values})


def attempts_made():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(DrawAttempt))


def make_bear_draw():
    _product, variant_id = make_product()
    bear = {"title": "小熊", "kind": "product", "weight_ppm": 999_999, "stock": 3, "variant_id": variant_id}
    return make_draw([bear, {**THANKS, "weight_ppm": 1, "is_consolation": True}])


def test_guest_sees_the_odds_and_the_way_to_draw(client, clock):
    clock.stand_at(MONDAY)
    make_rulebook()
    make_draw()

    page = client.get("/draws/weekend")

    assert "60.00%" in page.text
    assert "/login" in page.text
    assert client.get("/draws").status_code == 200
    assert client.get("/draws/weekend/fairness").status_code == 200
    assert client.post(URL, data={"idempotency_key": KEY, "agreed_points": "0"}).status_code == 303
    assert attempts_made() == 0


def test_list_says_so_when_there_is_no_draw(client, clock):
    clock.stand_at(MONDAY)
    assert "今天没有抽奖" in client.get("/draws").text
    assert client.get("/draws/weekend").status_code == 404


def test_answer_names_the_cell_and_brings_chances_and_balance(member):
    make_draw([{**FEW_POINTS, "weight_ppm": 1_000_000}])

    answer = draw(member)

    attempt_id = db.session.scalar(select(DrawAttempt.prize_id))
    assert f'data-walk="{attempt_id}"' in answer.text
    assert 'id="draw-go"' in answer.text
    assert 'id="draws-chances" hx-swap-oob="true"' in answer.text
    assert ">520<" in answer.text


def test_same_form_twice_is_one_attempt_with_one_answer(member):
    make_draw()

    first, second = draw(member), draw(member)

    assert attempts_made() == 1
    walk = 'data-walk="'
    assert first.text.split(walk)[1][:8] == second.text.split(walk)[1][:8]


def test_drawing_without_script_leads_to_the_result(member):
    make_draw()

    answer = member.post(URL, data={"idempotency_key": KEY, "agreed_points": "50"})

    assert answer.status_code == 303
    assert "1,000,000" in member.get(answer.headers["Location"]).text


def test_dearer_than_the_page_said_is_refused(member):
    make_draw(free_per_day=0)

    answer = draw(member, agreed_points="0")

    assert answer.status_code == 409
    assert attempts_made() == 0


@pytest.mark.parametrize(
    "values",
    [
        {"idempotency_key": ""},
        {"idempotency_key": "x" * 200},
        {"idempotency_key": "\0" * 20},
        {"agreed_points": "-1"},
        {"agreed_points": "1e3"},
        {"agreed_points": str(2**63)},
        {"agreed_points": "NaN"},
        {"text": "\0"},
        {"text": "x" * 1_000_000},
        {"text": "\u202e反"},
    ],
    ids=str,
)
def test_hostile_form_changes_nothing(member, values):
    make_draw()

    assert draw(member, **values).status_code == 422
    assert attempts_made() == 0


def test_attempt_of_another_member_is_not_found(as_member, member_id):
    make_bear_draw()
    attempt_id = draw_once(member_id, "attempt-1")
    other = as_member(make_member())

    assert other.get(f"{URL}/{attempt_id}").status_code == 404
    data = {"way": "shipping", "address_id": "1", "idempotency_key": KEY}
    assert other.post(f"{URL}/{attempt_id}/claim", data=data).status_code == 404


def test_attempt_belongs_to_its_draw(member, member_id):
    make_draw()
    make_draw(slug="other")
    attempt_id = draw_once(member_id, "attempt-1")

    assert member.get(f"/draws/other/attempts/{attempt_id}").status_code == 404


def test_prize_is_claimed_from_its_page(member, member_id):
    make_bear_draw()
    attempt_id = draw_once(member_id, "attempt-1")
    sealed = seal('{"name": "林小满", "phone": "+8613800000001", "region": "杭州", "street": "小河路 1 号"}')
    with transaction() as session:
        row = {"member_id": member_id, "sealed": sealed, "created_at": MONDAY}
        address_id = session.execute(insert(Address).values(row).returning(Address.id)).scalar_one()

    page = member.get(f"{URL}/{attempt_id}")
    data = {"way": "shipping", "address_id": str(address_id), "idempotency_key": KEY}
    answer = member.post(f"{URL}/{attempt_id}/claim", data=data)

    assert "林小满" in page.text
    assert answer.status_code == 303
    number = db.session.execute(select(Order.number)).scalar_one()
    assert answer.headers["Location"] == f"/orders/{number}"


def test_past_attempt_is_worked_out_again(member, member_id, clock):
    make_draw()
    draw_once(member_id, "attempt-1")
    clock.stand_at(MONDAY + A_DAY)

    address = "/draws/weekend/fairness?day=2026-03-02&counter=1"

    fragment = member.fragment(address)
    assert "和当时发的一样" in fragment.text
    assert "<html" not in fragment.text
    assert "和当时发的一样" in member.get(address).text


@pytest.mark.parametrize("counter", ["", "0", "-1", "x", "１", "9" * 30])
@pytest.mark.parametrize("day", ["2026-03-02", "", "x", "2026-03-03", "1999-01-01"])
def test_attempt_that_never_was_is_said_so(member, member_id, clock, day, counter):
    make_draw()
    clock.stand_at(MONDAY + A_DAY)

    answer = member.get("/draws/weekend/fairness", query_string={"day": day, "counter": counter})

    assert answer.status_code == 200
    assert "没有这个号" in answer.text


def test_page_asks_as_much_with_many_attempts_as_with_few(member, member_id):
    make_draw(attempts_per_day=100, free_per_day=100)
    draw_once(member_id, "attempt-0")
    with counted_statements() as few:
        member.get("/draws/weekend")
    for number in range(1, 12):
        draw_once(member_id, f"attempt-{number}")

    with counted_statements() as many:
        member.get("/draws/weekend")

    assert len(many) == len(few) <= 14
