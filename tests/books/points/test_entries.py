"""Earning, spending, restoring, clawing back: each story ends with the check of the whole ledger."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from shop.books.points.accounts import lock
from shop.errors import InsufficientPoints
from shop.extensions import db
from shop.transaction import transaction
from tests.books.points.shelves import (
    account_of,
    available,
    claw_back,
    earn,
    entry,
    lot_of,
    reason_codes,
    restore,
    spend,
)
from tests.factories import MONDAY, make_member
from tests.races import errors_of, results_of, run_together

A_DAY = timedelta(days=1)


def test_points_earned_can_be_spent_and_are_gone_then(app):
    member_id = make_member()
    earn(member_id, 100, "a")

    entry_id = spend(member_id, 60, "b")

    assert entry(entry_id).points == -60
    assert entry(entry_id).balance_after_points == 40
    assert available(member_id) == 40


def test_the_same_reference_is_booked_once(app):
    member_id = make_member()
    earn(member_id, 100, "gift:1:2026-03-02")

    with pytest.raises(IntegrityError):
        earn(member_id, 100, "gift:1:2026-03-02")

    assert available(member_id) == 100


def test_more_than_there_is_cannot_be_spent(app):
    member_id = make_member(points=99)

    with pytest.raises(InsufficientPoints) as refused:
        spend(member_id, 100, "b")

    assert refused.value.missing_points == 1
    assert available(member_id) == 99


def test_fifty_at_once_on_a_hundred_points_are_one(app):
    member_id = make_member(points=100)

    outcomes = run_together([lambda n=n: spend(member_id, 100, f"spend:{n}") for n in range(50)])

    assert len(results_of(outcomes)) == 1
    assert {type(error) for error in errors_of(outcomes)} == {InsufficientPoints}
    assert available(member_id) == 0


def test_what_lapses_first_is_spent_first(app):
    member_id = make_member()
    late = earn(member_id, 100, "year", source_class="purchase")
    soon = earn(member_id, 100, "ninety days", source_class="interaction")

    spend(member_id, 130, "b")

    assert lot_of(soon).remaining_points == 0
    assert lot_of(late).remaining_points == 70


@pytest.mark.parametrize("statement", ["UPDATE points_entries SET points = 5", "DELETE FROM points_entries"])
def test_the_database_refuses_to_change_an_entry(app, statement):
    make_member(points=10)

    with pytest.raises(DatabaseError), transaction() as session:
        session.execute(text(statement))

    assert db.session.scalar(text("SELECT points FROM points_entries")) == 10


def test_an_expired_lot_cannot_be_spent_though_no_sweep_ran(app):
    member_id = make_member()
    entry_id = earn(member_id, 100, "a", source_class="interaction")
    end = lot_of(entry_id).expires_at

    assert available(member_id, end - timedelta(seconds=1)) == 100
    assert available(member_id, end) == 0
    with pytest.raises(InsufficientPoints):
        spend(member_id, 1, "b", now=end)


def test_pending_points_cannot_be_spent_before_their_moment(app):
    member_id = make_member()
    earn(member_id, 100, "a", available_at=MONDAY + A_DAY)

    with pytest.raises(InsufficientPoints):
        spend(member_id, 1, "b", now=MONDAY + A_DAY - timedelta(seconds=1))

    spend(member_id, 100, "c", now=MONDAY + A_DAY)
    assert available(member_id, MONDAY + A_DAY) == 0


# Restoring: invariant L6


def test_restored_points_return_to_their_lots_last_to_lapse_first(app):
    member_id = make_member()
    late = earn(member_id, 100, "year", source_class="purchase")
    soon = earn(member_id, 100, "ninety days", source_class="interaction")
    spent = spend(member_id, 150, "b")

    back = restore(member_id, spent, 70, "r")

    assert lot_of(late).remaining_points == 100
    assert lot_of(soon).remaining_points == 20
    assert lot_of(back) is None
    assert reason_codes(back) == ["returned_in_time"]


def test_points_of_an_expired_lot_return_with_grace_to_the_end_of_a_day(app):
    member_id = make_member()
    bought = earn(member_id, 100, "a", source_class="interaction")
    spent = spend(member_id, 100, "b")
    later = lot_of(bought).expires_at + timedelta(hours=5)

    back = restore(member_id, spent, 100, "r", now=later)

    grace = lot_of(back)
    assert (grace.points, grace.source_class) == (100, "interaction")
    assert grace.expires_at - later > timedelta(days=7)
    assert grace.expires_at.hour == 16  # midnight in Shanghai
    assert reason_codes(back) == ["returned_with_grace"]
    assert available(member_id, later) == 100


def test_without_grace_expired_points_return_expired(app):
    member_id = make_member()
    bought = earn(member_id, 100, "a", source_class="interaction")
    spent = spend(member_id, 100, "b")
    end = lot_of(bought).expires_at

    restore(member_id, spent, 100, "r", now=end, grace_days=0)

    assert available(member_id, end) == 0


def test_a_return_in_two_parts_around_the_expiry_is_whole(app):
    member_id = make_member()
    bought = earn(member_id, 100, "a", source_class="interaction")
    spent = spend(member_id, 100, "b")
    end = lot_of(bought).expires_at

    restore(member_id, spent, 40, "r1", now=end - A_DAY)
    restore(member_id, spent, 35, "r2", now=end)
    restore(member_id, spent, 25, "r3", now=end)

    assert available(member_id, end) == 60
    with pytest.raises(AssertionError, match="more restored than was spent"):
        restore(member_id, spent, 1, "r4", now=end)


def test_more_than_was_spent_is_never_restored(app):
    member_id = make_member(points=100)
    spent = spend(member_id, 60, "b")
    restore(member_id, spent, 50, "r1")

    with pytest.raises(AssertionError, match="more restored than was spent"):
        restore(member_id, spent, 11, "r2")

    assert available(member_id) == 90


# Clawing back, debt


def test_a_claw_back_takes_pending_points_then_those_of_the_order(app):
    member_id = make_member(points=500)
    own = earn(member_id, 50, "order", source_class="purchase")
    pending = earn(member_id, 30, "bonus", source_class="purchase", available_at=MONDAY + A_DAY)

    claw_back(member_id, 70, "c", own=frozenset({own}))

    assert lot_of(pending).remaining_points == 0
    assert lot_of(own).remaining_points == 10
    assert available(member_id) == 510


def test_what_is_gone_becomes_debt_and_the_next_earning_fills_it_first(app):
    member_id = make_member()
    award = earn(member_id, 100, "order")
    spend(member_id, 80, "b")

    taken = claw_back(member_id, 100, "c", of=award)
    assert account_of(member_id).debt_points == 80
    assert reason_codes(taken) == ["shortage_becomes_debt"]
    first = earn(member_id, 30, "d")
    second = earn(member_id, 70, "e")

    assert available(member_id) == 20
    assert reason_codes(first) == ["debt_repaid"]
    assert (lot_of(first).remaining_points, lot_of(second).remaining_points) == (0, 20)


def test_a_waived_shortage_leaves_no_debt(app):
    member_id = make_member()
    award = earn(member_id, 100, "order")
    spend(member_id, 100, "b")

    assert claw_back(member_id, 100, "c", of=award, waive=True) is None

    assert account_of(member_id).debt_points == 0


def test_restored_points_fill_debt_too(app):
    member_id = make_member()
    award = earn(member_id, 100, "order")
    spent = spend(member_id, 100, "b")
    claw_back(member_id, 60, "c", of=award)

    restore(member_id, spent, 100, "r")

    assert available(member_id) == 40
    assert account_of(member_id).debt_points == 0


def test_an_account_is_locked_with_its_sums(app):
    member_id = make_member(points=7)

    with transaction():
        account = lock(member_id)

    assert (account.balance_points, account.held_points, account.debt_points) == (7, 0, 0)
