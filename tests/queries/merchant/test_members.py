"""Finding a member, and what their page says."""

from datetime import timedelta

import pytest

from shop.queries.merchant.members import (
    SearchFor,
    find_members,
    ledger_of,
    lots_of,
    overview_of,
    profile_of,
    search_for,
)
from shop.queries.merchant.members.listing import PAGE
from tests.factories import MONDAY, give_points, make_member


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("138 0571 2046", SearchFor(phone="+8613805712046")),
        ("+86 138-0571-2046", SearchFor(phone="+8613805712046")),
        ("2046", SearchFor(last_digits="2046")),
        ("#2046", SearchFor(member_id=2046)),
        ("12", SearchFor(member_id=12)),
        ("9" * 30, SearchFor(member_id=2**31 - 1)),
        ("小满", SearchFor(name="小满")),
        ("小\x00满\u202e", SearchFor(name="小满")),
        ("２０４６", SearchFor(name="２０４６")),
        ("", SearchFor(name="")),
        ("#", SearchFor(name="#")),
    ],
)
def test_what_was_typed_means_one_thing(app, typed, meant):
    assert search_for(typed) == meant


def found(typed, **filters):
    return [row.id for row in find_members(search_for(typed), now=MONDAY, **filters).rows]


def test_a_member_is_found_by_phone_last_digits_name_and_number(app):
    lin = make_member(name="林小满", phone="+8613805712046")
    lan = make_member(name="阿岚%", phone="+8613905710000", state="suspended")

    assert found("13805712046") == found("2046") == found("林") == found(f"#{lin}") == [lin]
    assert found("0000") == [lan]
    assert found(f"{lin:04}") == []
    assert found("小满") == found("13805712047") == found("%") == []
    assert found("阿岚%") == found("", state="suspended") == [lan]
    assert found("", tier="sprout") == [lan, lin]
    assert found("", tier="fruit") == []


def test_the_list_goes_on_without_gap_or_repeat(app):
    members = [make_member() for _ in range(PAGE + 3)]

    first = find_members(SearchFor(), now=MONDAY)
    second = find_members(SearchFor(), before=first.next_before, now=MONDAY)

    assert [row.id for row in (*first.rows, *second.rows)] == members[::-1]
    assert second.next_before is None
    assert first.total == second.total == len(members)


def test_the_list_tells_what_lapses_soon(app):
    member_id = make_member()
    give_points(member_id, 30, now=MONDAY - timedelta(days=70), source_class="interaction")
    give_points(member_id, 100, now=MONDAY, source_class="purchase")

    (row,) = find_members(SearchFor(), now=MONDAY).rows

    assert (row.balance_points, row.expiring_points) == (130, 30)


def test_a_members_page_adds_up(app):
    member_id = make_member(points=500, phone="+8613805712046")
    other = make_member(points=70)

    overview = overview_of(member_id, MONDAY)

    assert overview.adds_up
    assert (overview.entries_points, overview.lots_points, overview.earned_points) == (500, 500, 500)
    assert profile_of(member_id, MONDAY).phone == "+8613805712046"
    assert [row.points for row in ledger_of(member_id).rows] == [500]
    assert [lot.remaining_points for lot in lots_of(other, MONDAY)] == [70]
    assert profile_of(other + 1, MONDAY) is None


def test_the_ledger_goes_on_without_gap_or_repeat(app):
    member_id = make_member()
    for points in range(1, 41):
        give_points(member_id, points)

    first = ledger_of(member_id)
    second = ledger_of(member_id, first.next_before)

    assert [row.points for row in (*first.rows, *second.rows)] == list(range(40, 0, -1))
    assert second.next_before is None
