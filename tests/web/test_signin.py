"""The sign-in calendar over HTTP: as a page, as a fragment, without script, and with whatever people send."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import SignIn
from shop.services.engagement.signin import sign_in
from tests.factories import MONDAY, make_member
from tests.orders import counted_statements

A_DAY = timedelta(days=1)
KEY = "a-key-that-came-with-the-page"


@pytest.fixture
def member_id(app, clock):
    clock.stand_at(MONDAY)
    return make_member(points=500, now=MONDAY - 40 * A_DAY)


@pytest.fixture
def member(as_member, member_id):
    return as_member(member_id)


def signed():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(SignIn))


def test_calendar_is_a_page_and_a_fragment(member):
    page, fragment = member.get("/signin"), member.fragment("/signin?month=2026-02")

    assert "<html" in page.text
    assert 'id="sign-rules"' in page.text
    assert "<html" not in fragment.text
    assert fragment.text.count('id="signin-calendar"') == 1
    assert "2026\u00a0年 2\u00a0月" in fragment.text


def test_guest_is_sent_to_the_login(client):
    assert client.get("/signin").headers["Location"].endswith("/login")
    assert client.post("/signin").status_code == 303
    assert signed() == 0


def test_signing_in_brings_the_celebration_and_the_calendar(member):
    answer = member.fragment("/signin", method="POST", data={"shown": "calendar", "idempotency_key": KEY})

    assert answer.status_code == 200
    assert "data-show" in answer.text
    assert 'id="signin-calendar" hx-swap-oob="true"' in answer.text
    assert "+10" in answer.text
    assert signed() == 1


def test_home_card_gets_its_own_part(member):
    answer = member.fragment("/signin", method="POST", data={"shown": "today"})

    assert 'id="signin-today"' in answer.text
    assert 'id="balance" hx-swap-oob="true"' in answer.text
    assert 'id="signin-calendar"' not in answer.text


def test_signing_in_without_script_leads_back_and_celebrates_once(member):
    answer = member.post("/signin", data={"shown": "calendar"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/signin")
    assert "signin-result" in member.get("/signin").text
    assert "signin-result" not in member.get("/signin").text


def test_missed_day_is_made_up_without_script(member, member_id, clock):
    sign_in(member_id, MONDAY)
    clock.stand_at(MONDAY + 2 * A_DAY)
    question = member.get("/signin?makeup=2026-03-03").text

    answer = member.post("/signin/makeups", data={"day": "2026-03-03", "idempotency_key": KEY})

    assert 'id="makeup-2026-03-03"' in question
    assert answer.status_code == 303
    assert signed() == 2


def test_made_up_day_comes_back_as_a_fragment(member, member_id, clock):
    sign_in(member_id, MONDAY)
    clock.stand_at(MONDAY + 2 * A_DAY)

    answer = member.fragment("/signin/makeups", method="POST", data={"day": "2026-03-03"})
    refused = member.fragment("/signin/makeups", method="POST", data={"day": "2026-03-04"})

    assert "data-show" in answer.text
    assert refused.status_code == 409
    assert refused.headers["HX-Retarget"] == "#toasts"


@pytest.mark.parametrize(
    "day",
    [
        "",
        "2026-13-01",
        "x",
        "1e3",
        "２０２６-０３-０２",
        "2026-03-03\0",
        "9" * 1000,
        "0001-01-01",
        "9999-12-31",
    ],
)
def test_day_that_is_none_changes_nothing(member, day):
    answer = member.fragment("/signin/makeups", method="POST", data={"day": day})

    assert answer.status_code in (409, 422)
    assert signed() == 0


@pytest.mark.parametrize(
    "month", ["", "x", "2026-13", "0001-01", "9999-12", "２０２６-０３", "2026-03-01", "\0"]
)
def test_month_that_is_none_shows_one_that_is(member, month):
    assert member.get("/signin", query_string={"month": month}).status_code == 200


def test_calendar_asks_as_much_with_many_days_as_with_few(member, member_id, clock):
    with counted_statements() as few:
        member.get("/signin")
    for offset in range(30):
        sign_in(member_id, MONDAY + offset * A_DAY)
    clock.stand_at(MONDAY + 29 * A_DAY)

    with counted_statements() as many:
        member.get("/signin")

    assert len(many) == len(few) <= 9
