"""Two kinds of points are two accounts: nothing flows from one into the other, whatever happens to it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.books.points import entries, holds
from shop.books.points.entries import Line
from shop.books.rulebooks import occasion_at
from shop.errors import InsufficientPoints, PointsFrozen
from shop.extensions import db
from shop.models import Lot, Message, PointsAccount
from shop.queries.points.balance import balance_of
from shop.rules.rulebook import ExpiryPolicy, KindRule
from shop.services.points.freezing import Freeze, freeze_points, thaw_points
from shop.services.points.lapsing import sweep_expired_lots
from shop.services.points.merging import merge_members, undo_merge
from shop.transaction import transaction
from tests.announcing import announce_before
from tests.books.points.shelves import capture, claw_back, earn, restore, spend, void
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook, make_staff
from tests.races import errors_of, results_of, run_together

A_DAY = timedelta(days=1)
FLOWERS = KindRule(
    code="flowers", name="花朵", unit="朵", expiry=ExpiryPolicy(kind="days", days=30, periods_after=0)
)
TWO_KINDS = replace(AT_ONCE, kinds=(FLOWERS,))


@pytest.fixture
def member_id(app):
    """A member with 100 points and 40 flowers."""
    make_rulebook(TWO_KINDS)
    member = make_member(points=100)
    earn(member, 40, "flowers", points_kind="flowers")
    return member


def flowers(member_id, now=MONDAY):
    return balance_of(member_id, now, "flowers").available


def points(member_id, now=MONDAY):
    return balance_of(member_id, now).available


def spend_flowers(member_id, number, reference):
    with transaction():
        line = Line("redeem", "redeemed", reference)
        return entries.redeem(member_id, number, line, occasion_at(MONDAY), points_kind="flowers")


def hold_flowers(member_id, number, reference):
    with transaction():
        return holds.place(
            member_id,
            number,
            reference=reference,
            expires_at=MONDAY + A_DAY,
            now=MONDAY,
            points_kind="flowers",
        )


def test_one_kind_does_not_pay_for_the_other(member_id):
    with pytest.raises(InsufficientPoints) as refused:
        spend_flowers(member_id, 50, "bouquet")
    with pytest.raises(InsufficientPoints):
        spend(member_id, 101, "mug")

    assert refused.value.missing_points == 10
    assert (points(member_id), flowers(member_id)) == (100, 40)


def test_an_account_is_opened_with_the_first_points_of_its_kind(app):
    make_rulebook(TWO_KINDS)
    member_id = make_member()
    kinds = select(PointsAccount.kind).where(PointsAccount.member_id == member_id)
    assert list(db.session.scalars(kinds)) == ["points"]

    earn(member_id, 5, "first", points_kind="flowers")

    assert set(db.session.scalars(kinds)) == {"points", "flowers"}
    assert (points(member_id), flowers(member_id)) == (0, 5)


def test_held_captured_voided_and_restored_in_its_own_account(member_id):
    hold_flowers(member_id, 30, "order:a")
    assert flowers(member_id) == 10
    capture("order:a")
    spent = entries.entry_of("order:a:redeem")
    hold_flowers(member_id, 10, "order:b")
    void("order:b")

    restore(member_id, spent, 30, "back")

    assert (points(member_id), flowers(member_id)) == (100, 40)


def test_what_is_taken_back_and_cannot_be_covered_is_owed_in_its_kind(member_id):
    award = earn(member_id, 20, "award", points_kind="flowers")
    spend_flowers(member_id, 55, "bouquet")

    claw_back(member_id, 20, "refund", of=award, waive=True)

    assert balance_of(member_id, MONDAY, "flowers").owed == 15
    assert balance_of(member_id, MONDAY).owed == 0
    earn(member_id, 25, "more", points_kind="flowers")
    assert (points(member_id), flowers(member_id)) == (100, 10)


def test_each_kind_lasts_as_its_own_policy_says(member_id):
    own, usual = (balance_of(member_id, MONDAY, kind).expiring[0].last_on for kind in ("flowers", "points"))
    assert (own.isoformat(), usual.isoformat()) == ("2026-04-01", "2027-12-31")
    end = db.session.scalar(select(Lot.expires_at).where(Lot.points == 40))
    announce_before(end)

    assert sweep_expired_lots(end) == 1

    told = db.session.execute(select(Message.kind, Message.params)).one()
    assert told.kind == "kind_lapsing"
    assert (told.params["points"], told.params["kind_name"], told.params["unit"]) == (40, "花朵", "朵")
    assert (points(member_id, end), flowers(member_id, end)) == (100, 0)


def test_a_freeze_holds_every_kind_and_a_thaw_frees_every_kind(member_id):
    staff_id = make_staff("owner")
    what = Freeze(
        freezes_spending=True,
        freezes_earning=True,
        reason="查一查",
        review_on=(MONDAY + 9 * A_DAY).date(),
        staff_id=staff_id,
    )
    freeze_points(member_id, what, MONDAY)

    with pytest.raises(PointsFrozen):
        spend_flowers(member_id, 1, "petal")
    earn(member_id, 7, "meanwhile", points_kind="flowers")
    assert flowers(member_id) == 40

    thaw_points(member_id, reason="查清了", staff_id=staff_id, now=MONDAY + A_DAY)
    assert flowers(member_id, MONDAY + A_DAY) == 47


def test_an_account_opened_in_a_freeze_stands_still_too(app):
    make_rulebook(TWO_KINDS)
    member_id, staff_id = make_member(), make_staff("owner")
    what = Freeze(
        freezes_spending=True,
        freezes_earning=False,
        reason="查一查",
        review_on=(MONDAY + 9 * A_DAY).date(),
        staff_id=staff_id,
    )
    freeze_points(member_id, what, MONDAY)

    earn(member_id, 7, "flowers", points_kind="flowers")

    with pytest.raises(PointsFrozen):
        spend_flowers(member_id, 1, "petal")


def test_accounts_of_each_kind_follow_a_merge_and_come_back(member_id):
    other, staff_id = make_member(points=5), make_staff("owner")

    merged = merge_members(member_id, other, reason="同一个人", staff_id=staff_id, now=MONDAY)

    assert merged.points == 100
    assert (points(other), flowers(other)) == (105, 40)
    undo_merge(merged.merge_id, reason="弄错了", staff_id=staff_id, now=MONDAY + A_DAY)
    assert (points(other), flowers(other)) == (5, 0)
    assert (points(member_id), flowers(member_id)) == (100, 40)


def test_one_who_owes_flowers_owes_them_in_the_other_account(member_id):
    award = earn(member_id, 20, "award", points_kind="flowers")
    spend_flowers(member_id, 60, "bouquet")
    claw_back(member_id, 20, "refund", of=award)
    other, staff_id = make_member(points=5), make_staff("owner")

    merge_members(member_id, other, reason="同一个人", staff_id=staff_id, now=MONDAY)

    assert balance_of(other, MONDAY, "flowers").owed == 20
    assert points(other) == 105


def test_ten_at_once_spend_from_both_and_neither_is_overdrawn(member_id):
    flowers_ten = [lambda n=n: spend_flowers(member_id, 10, f"flowers:{n}") for n in range(10)]
    points_thirty = [lambda n=n: spend(member_id, 30, f"points:{n}") for n in range(10)]

    outcomes = run_together([*flowers_ten, *points_thirty])

    assert len(results_of(outcomes[:10])) == 4
    assert len(results_of(outcomes[10:])) == 3
    assert all(isinstance(error, InsufficientPoints) for error in errors_of(outcomes))
    assert (points(member_id), flowers(member_id)) == (10, 0)


def test_twenty_at_once_open_one_account(app):
    make_rulebook(TWO_KINDS)
    member_id = make_member()

    outcomes = run_together(
        [lambda n=n: earn(member_id, 1, f"gift:{n}", points_kind="flowers") for n in range(20)]
    )

    assert len(results_of(outcomes)) == 20
    assert (points(member_id), flowers(member_id)) == (0, 20)
