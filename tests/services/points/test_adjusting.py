"""A merchant changes a balance by hand."""

import pytest
from sqlalchemy import func, select

from shop.errors import InsufficientPoints, InvalidInput, KeyReused, NotFound
from shop.extensions import db
from shop.models import AuditEntry, Message, OutboxEvent, PointsEntry
from shop.queries.points.balance import balance_of
from shop.reactions.dispatch import work_off_outbox
from shop.services.points.adjusting import adjust_points
from tests.factories import MONDAY, make_member, make_staff
from tests.races import results_of, run_together


def adjust(member_id, points, *, staff_id, key="k1", reason="活动漏发", now=MONDAY):
    return adjust_points(member_id, points, reason=reason, staff_id=staff_id, key=key, now=now)


def test_points_given_by_hand_are_booked_audited_and_told(app):
    member_id, staff_id = make_member(points=10), make_staff("support")

    done = adjust(member_id, 620, staff_id=staff_id)
    work_off_outbox(MONDAY)

    entry = db.session.get_one(PointsEntry, done.entry_id)
    assert (entry.points, entry.kind, entry.program_account, entry.staff_id) == (
        620,
        "adjust",
        "adjusted",
        staff_id,
    )
    assert done.balance_after_points == 630
    audit = db.session.execute(select(AuditEntry.reason, AuditEntry.subject)).one()
    assert audit == ("活动漏发", f"member:{member_id}")
    told = db.session.execute(select(Message.kind, Message.link)).one()
    assert told == ("points_adjusted", f"/member/points/{done.entry_id}")


def test_points_taken_by_hand_come_from_the_lots(app):
    member_id = make_member(points=100)

    done = adjust(member_id, -30, staff_id=make_staff())

    assert done.balance_after_points == 70
    assert balance_of(member_id, MONDAY).available == 70


def test_more_than_there_is_cannot_be_taken(app):
    member_id = make_member(points=10)

    with pytest.raises(InsufficientPoints):
        adjust(member_id, -11, staff_id=make_staff())

    assert balance_of(member_id, MONDAY).available == 10
    assert db.session.scalar(select(func.count(AuditEntry.id))) == 0


def test_the_same_key_adjusts_once_even_twenty_times_at_once(app):
    member_id, staff_id = make_member(), make_staff()

    outcomes = run_together([lambda: adjust(member_id, 50, staff_id=staff_id)] * 20)

    assert len({result.entry_id for result in results_of(outcomes)}) == 1
    assert len(results_of(outcomes)) == 20
    assert balance_of(member_id, MONDAY).available == 50
    assert db.session.scalar(select(func.count(OutboxEvent.id))) == 1


def test_the_same_key_with_another_request_is_refused(app):
    member_id, staff_id = make_member(), make_staff()
    adjust(member_id, 50, staff_id=staff_id)

    with pytest.raises(KeyReused):
        adjust(member_id, 51, staff_id=staff_id)
    with pytest.raises(KeyReused):
        adjust(make_member(), 50, staff_id=staff_id)

    assert balance_of(member_id, MONDAY).available == 50


@pytest.mark.parametrize(
    ("points", "reason"), [(0, "x"), (10, " "), (10**9, "x"), (-(10**9), "x"), (5, "长" * 201)]
)
def test_an_adjustment_says_how_much_and_why(app, points, reason):
    member_id = make_member()

    with pytest.raises(InvalidInput):
        adjust(member_id, points, staff_id=make_staff(), reason=reason)


def test_nobody_is_not_adjusted(app):
    make_member()
    with pytest.raises(NotFound):
        adjust(10**9, 5, staff_id=make_staff())
