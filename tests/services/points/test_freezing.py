"""Points that stand still: nothing can be spent, nothing that is earned is lost, and nothing lapses."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from shop.books.points import holds
from shop.errors import FrozenAlready, InvalidInput, NotFound, PointsFrozen
from shop.extensions import db
from shop.models import AuditEntry, LotExtension, Message, PointsEntry
from shop.queries.points.balance import balance_of
from shop.reactions.dispatch import work_off_outbox
from shop.services.engagement.signin import sign_in
from shop.services.points.adjusting import adjust_points
from shop.services.points.freezing import Freeze, freeze_points, thaw_points
from shop.services.points.lapsing import sweep_expired_lots
from shop.transaction import transaction
from tests.announcing import announce_before
from tests.books.points.shelves import spend
from tests.factories import MONDAY, give_points, make_member, make_staff
from tests.races import errors_of, results_of, run_together

A_DAY = timedelta(days=1)


def freeze(member_id, *, spending=True, earning=False, now=MONDAY, review_on=date(2026, 3, 20)):
    what = Freeze(spending, earning, "有人投诉刷单", review_on, make_staff("owner"))
    return freeze_points(member_id, what, now)


def thaw(member_id, now):
    return thaw_points(member_id, reason="查清了", staff_id=make_staff("owner"), now=now)


def test_frozen_points_are_neither_spent_nor_held(app):
    member_id = make_member(points=100)
    freeze(member_id)

    with pytest.raises(PointsFrozen):
        spend(member_id, 10, "a")
    with pytest.raises(PointsFrozen), transaction():
        holds.place(member_id, 10, reference="till:1", expires_at=MONDAY + A_DAY, now=MONDAY)

    assert balance_of(member_id, MONDAY).available == 100
    thaw(member_id, MONDAY + A_DAY)
    spend(member_id, 10, "b", now=MONDAY + A_DAY)


def test_what_was_held_before_can_still_be_paid(app):
    member_id = make_member(points=100)
    with transaction():
        holds.place(member_id, 60, reference="till:1", expires_at=MONDAY + A_DAY, now=MONDAY)
    freeze(member_id)
    from tests.books.points.shelves import capture

    assert capture("till:1") is not None


def test_what_is_earned_meanwhile_waits_and_arrives(app):
    member_id = make_member()
    freeze(member_id, spending=False, earning=True)

    sign_in(member_id, MONDAY)

    waiting = balance_of(member_id, MONDAY)
    assert (waiting.available, waiting.pending) == (0, 10)
    assert thaw(member_id, MONDAY + A_DAY) is True
    assert thaw(member_id, MONDAY + A_DAY) is False
    there = balance_of(member_id, MONDAY + A_DAY)
    assert (there.available, there.pending) == (10, 0)


def test_a_gift_by_hand_does_not_wait(app):
    member_id = make_member()
    freeze(member_id, earning=True)

    adjust_points(member_id, 50, reason="补偿", staff_id=make_staff("owner"), key="k", now=MONDAY)

    assert balance_of(member_id, MONDAY).available == 50


def test_nothing_lapses_while_it_stands_still_and_a_week_is_left_afterwards(app):
    member_id = make_member()
    give_points(member_id, 100, source_class="interaction")
    end = balance_of(member_id, MONDAY).expiring[0].expires_at
    announce_before(end)
    freeze(member_id, now=end - A_DAY, review_on=(end + A_DAY * 20).date())

    assert sweep_expired_lots(end + A_DAY) == 0
    thaw(member_id, end + A_DAY * 10)

    balance = balance_of(member_id, end + A_DAY * 10)
    assert balance.available == 100
    assert balance.expiring[0].expires_at == end + A_DAY * 18
    assert db.session.scalar(select(LotExtension.reason)) == "unfrozen"


def test_waiting_points_do_not_lapse_either(app):
    member_id = make_member()
    freeze(member_id, spending=False, earning=True, review_on=date(2026, 6, 1))
    give_points(member_id, 100, source_class="interaction")
    later = MONDAY + A_DAY * 100

    assert sweep_expired_lots(later) == 0
    thaw(member_id, later)

    assert balance_of(member_id, later).available == 100


def test_the_member_is_told_why_and_the_trail_has_both(app):
    member_id = make_member(points=10)
    freeze(member_id)
    thaw(member_id, MONDAY + A_DAY)
    while work_off_outbox(MONDAY + A_DAY):
        pass

    told = db.session.execute(select(Message.kind, Message.params).order_by(Message.id)).all()
    assert [row.kind for row in told] == ["points_frozen", "points_thawed"]
    assert told[0].params == {"reason": "有人投诉刷单", "review_on": "2026-03-20"}
    assert list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))) == [
        "points.freeze",
        "points.thaw",
    ]


@pytest.mark.parametrize(
    "what",
    [
        {"spending": False, "earning": False},
        {"review_on": date(2026, 3, 2)},
        {"review_on": date(2027, 3, 2)},
    ],
)
def test_a_freeze_needs_an_object_and_a_day_to_look_again(app, what):
    with pytest.raises(InvalidInput):
        freeze(make_member(), **what)


def test_a_freeze_of_nobody_is_refused(app):
    make_member()

    with pytest.raises(NotFound):
        freeze(999_999)


def test_ten_freezes_at_once_are_one(app):
    member_id = make_member(points=10)
    what = Freeze(True, False, "核实", date(2026, 3, 20), make_staff("owner"))

    outcomes = run_together([lambda: freeze_points(member_id, what, MONDAY)] * 10)

    assert len(results_of(outcomes)) == 1
    assert all(isinstance(error, FrozenAlready) for error in errors_of(outcomes))
    assert db.session.scalar(select(PointsEntry.points)) == 10


def test_two_freezes_of_one_moment_can_both_be_lifted(app):
    member_id = make_member()

    for _time in range(2):
        freeze(member_id)
        assert thaw(member_id, MONDAY) is True

    assert thaw(member_id, MONDAY) is False
