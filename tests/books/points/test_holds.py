"""Points set aside for unpaid orders: each hold ends once."""

from datetime import UTC, datetime, timedelta

import pytest

from shop.books.points import expiry
from shop.books.rulebooks import occasion_at
from shop.errors import InsufficientPoints
from shop.queries.points.balance import balance_of
from shop.transaction import transaction
from tests.announcing import announce_before
from tests.books.points.shelves import (
    account_of,
    available,
    capture,
    claw_back,
    earn,
    hold,
    lot_of,
    spend,
    void,
)
from tests.factories import MONDAY, make_member
from tests.races import results_of, run_together


def sweep(now, limit=100):
    with transaction():
        return expiry.sweep(occasion_at(now), limit)


def test_held_points_are_there_and_cannot_be_spent(app):
    member_id = make_member(points=100)

    hold(member_id, 70, "order:1")

    balance = balance_of(member_id, MONDAY)
    assert (balance.available, balance.held) == (30, 70)
    with pytest.raises(InsufficientPoints):
        spend(member_id, 31, "b")


def test_a_capture_spends_what_was_held_once(app):
    member_id = make_member(points=100)
    hold(member_id, 70, "order:1")

    first, again = capture("order:1"), capture("order:1")

    assert first is not None
    assert again is None
    assert void("order:1") is False
    assert available(member_id) == 30


def test_a_void_gives_back_once(app):
    member_id = make_member(points=100)
    hold(member_id, 70, "order:1")

    assert void("order:1") is True
    assert void("order:1") is False
    assert capture("order:1") is None
    assert available(member_id) == 100


def test_capture_and_void_at_once_end_the_hold_once(app):
    member_id = make_member(points=100)
    hold(member_id, 70, "order:1")

    outcomes = run_together([lambda: capture("order:1"), lambda: void("order:1")] * 10)

    assert sum(bool(result) for result in results_of(outcomes)) == 1
    assert available(member_id) in (30, 100)


def test_nobody_captures_or_voids_what_was_never_held(app):
    make_member()

    assert capture("order:unknown") is None
    assert void("order:unknown") is False


def test_fifty_holds_at_once_on_a_hundred_points_are_one(app):
    member_id = make_member(points=100)

    outcomes = run_together([lambda n=n: hold(member_id, 100, f"order:{n}") for n in range(50)])

    assert len(results_of(outcomes)) == 1
    assert account_of(member_id).held_points == 100


def test_what_was_held_in_time_is_captured_after_the_expiry(app):
    member_id = make_member()
    entry_id = earn(member_id, 100, "a", source_class="interaction")
    end = lot_of(entry_id).expires_at
    announce_before(end)
    hold(member_id, 60, "order:1", now=end - timedelta(minutes=5))

    assert sweep(end) == 1
    assert lot_of(entry_id).remaining_points == 60
    assert capture("order:1", now=end + timedelta(minutes=5)) is not None

    assert lot_of(entry_id).remaining_points == 0


def test_what_is_let_go_after_the_expiry_lapses_with_its_lot(app):
    member_id = make_member()
    entry_id = earn(member_id, 100, "a", source_class="interaction")
    end = lot_of(entry_id).expires_at
    announce_before(end)
    hold(member_id, 60, "order:1", now=end - timedelta(minutes=5))
    assert sweep(end) == 1

    void("order:1", now=end + timedelta(minutes=5))

    assert available(member_id, end + timedelta(minutes=5)) == 0
    assert sweep(end + timedelta(minutes=5)) == 1
    assert sweep(end + timedelta(minutes=6)) == 0


def test_a_claw_back_leaves_held_points_alone_and_owes_the_rest(app):
    member_id = make_member(points=100)
    hold(member_id, 80, "order:1")

    claw_back(member_id, 50, "c")
    void("order:1")

    balance = balance_of(member_id, MONDAY)
    assert (balance.available, balance.owed) == (50, 30)


def test_two_sweeps_at_once_write_each_lot_off_once(app):
    members = [make_member(points=10) for _number in range(8)]
    announce_before(datetime(2028, 1, 1, tzinfo=UTC))  # they end with the next year
    later = MONDAY + timedelta(days=1000)

    outcomes = run_together([lambda: sweep(later)] * 4)

    assert sum(results_of(outcomes)) == len(members)
    assert all(account_of(member).balance_points == 0 for member in members)
