"""The proof of the books in the back office: its date, its result, the chain, and proving now."""

import pytest

from shop.books.proofs import STEPS
from shop.services.points import proving
from shop.services.points.chaining import chain_entries
from shop.services.points.proving import go_on
from shop.web.proof_texts import group_of
from tests.factories import MONDAY, give_points, make_member
from tests.tampering import tamper

PAGE = "/merchant/settings/books-check"


@pytest.fixture
def owner(app, clock, as_staff):
    return as_staff("owner")


def test_the_books_are_proved_on_demand(owner):
    give_points(make_member(), 100)
    assert "还没核对过" in owner.get(PAGE).text

    answer = owner.post(PAGE)

    assert (answer.status_code, answer.location) == (303, PAGE)
    page = owner.get(PAGE).text
    assert "全部一致" in page
    assert "L1 trial balance" in page
    assert "2026 年 3 月 2 日" in page.replace("\xa0", " ")
    assert "全部一致" in owner.get("/merchant/settings").text


def test_the_state_of_the_chain_is_shown(owner):
    member_id = make_member()
    give_points(member_id, 100)
    chain_entries(MONDAY)
    give_points(member_id, 100)

    page = owner.get(PAGE).text.replace("\xa0", " ")

    assert "第 1 环" in page
    assert page.count('<dd class="num">1 条</dd>') == 2


def test_a_long_proof_tells_how_far_it_is(owner, monkeypatch):
    give_points(make_member(), 100)
    monkeypatch.setattr(proving, "ROWS_A_RUN", 1)
    owner.post(PAGE)

    page = owner.get(PAGE).text

    assert "正在核对" in page
    assert 'hx-trigger="every 2s"' in page
    assert "现在核对一遍" not in page
    monkeypatch.undo()
    assert go_on(MONDAY)
    fragment = owner.fragment(PAGE).text
    assert "<html" not in fragment
    assert "hx-trigger" not in fragment
    assert "全部一致" in fragment


def test_a_break_is_named_everywhere_and_stops_nothing(owner, as_staff):
    member_id = make_member(points=100)
    tamper("UPDATE points_accounts SET debt_points = 5")
    try:
        owner.post(PAGE)
        assert "对不上" in owner.get(PAGE).text
        assert "debt_points: 5 stored, 0 derived" in owner.get(PAGE).text
        assert "有对不上的" in owner.get("/merchant/settings").text
        assert "账目有 4 处对不上" in as_staff("cashier").get("/merchant").text
        assert "对不上" in owner.get(f"/merchant/members/{member_id}").text
    finally:
        tamper("UPDATE points_accounts SET debt_points = 0")


def test_only_owners_see_and_start_it(app, clock, as_staff):
    for role in ("editor", "cashier", "support"):
        browser = as_staff(role)
        assert browser.get(PAGE).status_code == browser.post(PAGE).status_code == 403


def test_findings_are_told_in_groups_the_broken_ones_first_and_open(owner):
    make_member(points=100)
    owner.post(PAGE)
    sound = owner.get(PAGE).text
    assert "积分账本" in sound
    assert "按流水重算的数" in sound
    assert "<details open>" not in sound

    tamper("UPDATE points_accounts SET debt_points = 5")
    try:
        owner.post(PAGE)
        page = owner.get(PAGE).text
    finally:
        tamper("UPDATE points_accounts SET debt_points = 0")

    assert page.count("<details open>") == 2
    assert page.index("按流水重算的数") < page.index("库存和限换")


def test_every_step_of_a_proof_has_its_group():
    groups = {step.name: group_of(step.name) for step in STEPS}

    assert (
        groups["L3 the chain over the entries is whole: none changed, none removed, none slipped in"]
        == "chain"
    )
    assert groups["accounts: balance, held and debt"] == "derived"
    assert set(groups.values()) >= {"L", "O", "S", "C", "G", "D", "chain", "derived"}
