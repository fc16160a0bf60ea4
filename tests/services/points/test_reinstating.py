"""Points that lapsed and are given back by hand: once, with a reason, never more than lapsed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from shop.errors import InvalidInput, NotFound, ReinstatedAlready
from shop.extensions import db
from shop.models import Message, PointsEntry
from shop.queries.points.balance import balance_of
from shop.reactions.dispatch import work_off_outbox
from shop.services.points.lapsing import sweep_expired_lots
from shop.services.points.reinstating import reinstate_points
from tests.announcing import announce_before
from tests.factories import give_points, make_member, make_staff
from tests.races import results_of, run_together

END = datetime(2026, 5, 31, 16, 0, tzinfo=UTC)  # the first moment of 1 June in Shanghai


def a_lapse(points=100):
    member_id = make_member()
    give_points(member_id, points, source_class="interaction")
    announce_before(END)
    sweep_expired_lots(END)
    return member_id, db.session.scalar(select(PointsEntry.id).where(PointsEntry.kind == "expire"))


def reinstate(member_id, entry_id, points=100, *, days=30, reason="住院没能来"):
    return reinstate_points(
        member_id, entry_id, points, days=days, reason=reason, staff_id=make_staff("owner"), now=END
    )


def test_what_lapsed_comes_back_as_a_lot_of_its_class_with_its_own_end(app):
    member_id, entry_id = a_lapse()

    new_id = reinstate(member_id, entry_id, 80)

    balance = balance_of(member_id, END)
    assert (balance.available, balance.expiring[0].last_on.isoformat()) == (80, "2026-07-01")
    entry = db.session.get_one(PointsEntry, new_id)
    assert (entry.kind, entry.source_class, entry.corrects_entry_id) == ("grant", "interaction", entry_id)
    assert entry.program_account == "expired"


def test_the_same_wish_again_is_the_first_and_another_one_is_refused(app):
    member_id, entry_id = a_lapse()
    first = reinstate(member_id, entry_id, 80)

    assert reinstate(member_id, entry_id, 80) == first
    with pytest.raises(ReinstatedAlready):
        reinstate(member_id, entry_id, 20)

    assert balance_of(member_id, END).available == 80


def test_twenty_at_once_are_one(app):
    member_id, entry_id = a_lapse()
    staff_id = make_staff("owner")

    def once():
        return reinstate_points(
            member_id, entry_id, 100, days=7, reason="补", staff_id=staff_id, now=END + timedelta(hours=1)
        )

    assert len(set(results_of(run_together([once] * 20)))) == 1
    assert balance_of(member_id, END + timedelta(hours=1)).available == 100


@pytest.mark.parametrize(
    "wish", [{"points": 101}, {"points": 0}, {"days": 0}, {"days": 366}, {"reason": " "}]
)
def test_nonsense_is_refused(app, wish):
    member_id, entry_id = a_lapse()

    with pytest.raises(InvalidInput):
        reinstate(member_id, entry_id, **wish)


def test_only_a_lapse_of_this_member_can_be_given_back(app):
    _member_id, entry_id = a_lapse()
    another = make_member(points=10)

    with pytest.raises(NotFound):
        reinstate(another, entry_id)


def test_the_member_reads_why_and_until_when(app):
    member_id, entry_id = a_lapse()
    reinstate(member_id, entry_id)
    while work_off_outbox(END):
        pass

    params = db.session.scalar(select(Message.params).where(Message.kind == "points_reinstated"))
    assert params == {"points": 100, "reason": "住院没能来", "last_on": "2026-07-01"}
