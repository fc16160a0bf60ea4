"""Ends that move: with every movement, or while nothing was used; never backwards, and never without a note."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from shop.extensions import db
from shop.models import AuditEntry, LotExtension, PointsEntry
from shop.queries.points.balance import balance_of
from shop.rules.rulebook import ExpiryPolicy, ReminderRule
from shop.services.points.lapsing import sweep_expired_lots
from shop.services.points.reminding import remind_expiring
from tests.announcing import announce_before
from tests.books.points.shelves import spend
from tests.factories import AT_ONCE, MONDAY, give_points, make_member, make_rulebook

A_DAY = timedelta(days=1)
ROLLING = ExpiryPolicy(kind="rolling", days=30, periods_after=0)
RENEWING = ExpiryPolicy(kind="renewing", days=30, periods_after=0, times=2)


def under(policy, **sections):
    make_rulebook(replace(AT_ONCE, expiry=replace(AT_ONCE.expiry, grant=policy), **sections))


def end_of(member_id, now=MONDAY):
    return balance_of(member_id, now).expiring[0].expires_at


def notes():
    rows = db.session.execute(select(LotExtension.reason, LotExtension.entry_id).order_by(LotExtension.id))
    return [tuple(row) for row in rows]


def test_every_movement_moves_all_lots_that_roll(app):
    under(ROLLING)
    member_id = make_member(points=100)
    give_points(member_id, 10, source_class="purchase")
    first_end = end_of(member_id)

    entry_id = give_points(member_id, 5, now=MONDAY + A_DAY * 10)

    ends = {lapse.expires_at for lapse in balance_of(member_id, MONDAY + A_DAY * 10).expiring}
    assert min(ends) == first_end + A_DAY * 10
    assert notes() == [("activity", entry_id)]
    spent = spend(member_id, 1, "a", now=MONDAY + A_DAY * 20)
    assert end_of(member_id, MONDAY + A_DAY * 20) == first_end + A_DAY * 20
    assert notes()[1:] == [("activity", spent)] * 2


def test_a_second_movement_of_a_day_moves_nothing(app):
    under(ROLLING)
    member_id = make_member(points=100)

    spend(member_id, 1, "a")
    spend(member_id, 1, "b")

    assert notes() == []


def test_a_lot_that_has_ended_rolls_no_more(app):
    under(ROLLING)
    member_id = make_member(points=100)
    end = end_of(member_id)

    give_points(member_id, 5, now=end)

    assert balance_of(member_id, end).available == 5


def test_what_is_unused_is_renewed_as_often_as_was_promised(app):
    under(RENEWING)
    member_id = make_member(points=100)
    end = end_of(member_id)

    remind_expiring(end - A_DAY * 3)
    assert end_of(member_id) == end
    remind_expiring(end - A_DAY)
    assert end_of(member_id) == end + A_DAY * 30
    remind_expiring(end + A_DAY * 29)
    assert end_of(member_id) == end + A_DAY * 60
    assert [reason for reason, _entry in notes()] == ["unused", "unused"]

    announce_before(end + A_DAY * 60)
    assert sweep_expired_lots(end + A_DAY * 60) == 1
    assert balance_of(member_id, end + A_DAY * 60).available == 0


def test_what_was_used_in_part_is_not_renewed(app):
    under(RENEWING)
    member_id = make_member(points=100)
    end = end_of(member_id)
    spend(member_id, 1, "a")

    announce_before(end)
    remind_expiring(end - A_DAY)

    assert sweep_expired_lots(end) == 1
    assert notes() == []


def test_renewal_that_the_worker_missed_is_made_up_at_the_sweep(app):
    under(RENEWING)
    member_id = make_member(points=100)
    end = end_of(member_id)

    sweep_expired_lots(end + A_DAY)

    assert end_of(member_id, end + A_DAY) == end + A_DAY * 30


def test_what_nobody_announced_does_not_lapse_and_the_merchant_is_told(app):
    member_id = make_member()
    give_points(member_id, 100, source_class="interaction")
    end = end_of(member_id)
    assert balance_of(member_id, end).available == 0, "until the sweep decides it is over"

    assert sweep_expired_lots(end + A_DAY * 3) == 1

    balance = balance_of(member_id, end + A_DAY * 3)
    assert (balance.available, balance.expiring[0].expires_at) == (100, end + A_DAY * 11)
    assert notes() == [("not_announced", None)]
    trail = db.session.execute(select(AuditEntry.action, AuditEntry.after)).one()
    assert tuple(trail) == ("points.put_off", {"lots": 1})
    assert db.session.scalar(select(func.count()).where(PointsEntry.kind == "expire")) == 0


def test_what_cannot_be_announced_in_time_any_more_is_put_off_before_it_ends(app):
    member_id = make_member()
    give_points(member_id, 100, source_class="interaction")
    end = end_of(member_id)

    remind_expiring(end - A_DAY * 3)

    assert end_of(member_id, end) == end + A_DAY * 5
    assert sweep_expired_lots(end + A_DAY * 5) == 1
    assert balance_of(member_id, end + A_DAY * 5).available == 0, "it was announced with its new end"


def test_points_that_live_shorter_than_the_notice_are_announced_at_once(app):
    under(ExpiryPolicy(kind="days", days=2, periods_after=0))
    member_id = make_member(points=100)
    end = end_of(member_id)

    remind_expiring(MONDAY + A_DAY / 4)

    assert notes() == []
    assert sweep_expired_lots(end) == 1
    assert balance_of(member_id, end).available == 0


def test_a_merchants_own_days_are_kept(app):
    reminders = ReminderRule(days=(5, 3, 1), notice_days_min=3)
    under(ExpiryPolicy(kind="days", days=30, periods_after=0), reminders=reminders)
    member_id = make_member(points=100)
    last_noon = end_of(member_id) - A_DAY / 2

    told = [days for days in range(20, -1, -1) if remind_expiring(last_noon - A_DAY * days)]

    assert told == [5, 3, 1]
