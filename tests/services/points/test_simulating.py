"""A draft on the shop's own history: the live rulebook comes out exactly as the books have it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.errors import DraftMissing, InvalidInput, NotFound, RulebookRefused
from shop.extensions import db
from shop.models import Lot, PointsAccount, PointsEntry, Simulation
from shop.queries.points.simulations import simulation
from shop.rules.rulebook import (
    CapRule,
    MultiplyEffect,
    PurchaseNumberCondition,
    Rule,
    rulebook_document,
)
from shop.services.engagement.signin import sign_in
from shop.services.points.adjusting import adjust_points
from shop.services.points.publishing import save_draft
from shop.services.points.purchases import (
    ReportedLine,
    ReportedPurchase,
    ReportedRefund,
    record_purchase,
    refund_purchase,
)
from shop.services.points.simulating import (
    cancel_simulation,
    replay_live,
    request_simulation,
    run_simulations,
    simulate,
)
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook, make_staff

FIRST_DOUBLE = Rule(
    code="first",
    name="首单双倍",
    effect=MultiplyEffect(multiplier_permille=2000),
    conditions=(PurchaseNumberCondition(number=1),),
)
LIVE = replace(
    AT_ONCE,
    rules=(FIRST_DOUBLE,),
    caps=(CapRule(name="互动", classes=("interaction",), points=25, per="month"),),
)
END = MONDAY + timedelta(days=40)


def tell_a_history():
    """Three members who buy, sign in, spend and give back over forty days."""
    make_rulebook(LIVE)
    staff_id = make_staff()
    members = [make_member(now=MONDAY) for _ in range(3)]
    for day in range(40):
        now = MONDAY + timedelta(days=day, minutes=day)
        for number, member_id in enumerate(members):
            if day % (number + 2) == 0:
                sign_in(member_id, now)
            if day % 7 == number:
                line = ReportedLine(cents=9_950 + 1_000 * day)
                reported = ReportedPurchase(
                    source="till", external_id=f"{member_id}-{day}", at=now, lines=(line,)
                )
                record_purchase(member_id, reported, now)
            if day % 13 == number + 1:
                adjust_points(
                    member_id, -30, reason="用掉", staff_id=staff_id, key=f"{member_id}-{day}", now=now
                )
            if day % 14 == number + 7:
                back = ReportedRefund(
                    source="till", external_id=f"{member_id}-{day - 7}", refund_id="1", cents=5_000
                )
                refund_purchase(back, now)
    return members


def balances_in_the_books():
    rows = db.session.execute(
        select(
            PointsAccount.member_id,
            func.coalesce(func.sum(Lot.remaining_points), 0) - PointsAccount.debt_points,
        )
        .outerjoin(Lot, (Lot.account_id == PointsAccount.id) & (Lot.expires_at > END))
        .group_by(PointsAccount.member_id, PointsAccount.debt_points)
    )
    return {member_id: int(points) for member_id, points in rows}


def booked(*kinds):
    statement = select(func.coalesce(func.sum(PointsEntry.points), 0)).where(PointsEntry.kind.in_(kinds))
    return int(db.session.scalar(statement))


@pytest.mark.parametrize("days", [60, 20, 3])
def test_live_rulebook_replays_to_the_books(app, days):
    """Also from the middle of the history, with spendings and purchases whose first half lies before."""
    tell_a_history()

    figures = replay_live(days, END).figures

    assert figures.balances == balances_in_the_books()
    if days == 60:
        assert figures.total("issued") == booked("earn")
        assert figures.total("taken_back") == -booked("claw_back")
        assert figures.short == 0


def test_half_the_rate_brings_half_and_names_who_loses(app):
    members = tell_a_history()
    halved = replace(LIVE, earning=replace(LIVE.earning, per_cents=200))

    comparison, events = simulate(halved, 60, END)

    document = comparison.document
    assert events > 60
    assert document["draft"]["issued"] < document["live"]["issued"]
    assert (document["better"], document["worse"]) == (0, 3)
    assert {change["member_id"] for change in document["losers"]} == set(members)
    assert document["draft"]["cost_ppm"] < document["live"]["cost_ppm"]
    assert sum(week["live"] for week in document["weeks"]) == document["live"]["issued"]


def test_same_rulebook_differs_in_nothing(app):
    tell_a_history()

    document = simulate(LIVE, 60, END)[0].document

    assert document["live"] == document["draft"]
    assert (document["better"], document["worse"]) == (0, 0)


def test_run_in_the_background_leaves_the_books_alone(app):
    tell_a_history()
    staff_id = make_staff()
    save_draft(rulebook_document(replace(LIVE, rules=())), staff_id=staff_id, now=END)
    entries = db.session.scalar(select(func.count()).select_from(PointsEntry))

    run = request_simulation(90, staff_id=staff_id, now=END)
    assert simulation(run).state == "queued"
    assert run_simulations(END) == 1

    done = simulation(run)
    assert (done.state, done.progress_permille) == ("done", 1000)
    assert done.result["worse"] == 3
    assert db.session.scalar(select(func.count()).select_from(PointsEntry)) == entries
    assert run_simulations(END) == 0


def test_cancelled_run_is_not_done(app):
    make_rulebook(LIVE)
    run = request_simulation(90, staff_id=None, now=END, document=rulebook_document(LIVE))

    cancel_simulation(run, END)

    assert run_simulations(END) == 0
    assert simulation(run).state == "cancelled"
    with pytest.raises(NotFound):
        cancel_simulation(run + 1, END)


def test_run_of_a_dead_worker_is_taken_up_after_its_lease(app):
    make_rulebook(LIVE)
    run = request_simulation(30, staff_id=None, now=END, document=rulebook_document(LIVE))
    row = db.session.get_one(Simulation, run)
    row.state, row.leased_until_at = "running", END + timedelta(minutes=2)
    db.session.commit()

    assert run_simulations(END) == 0
    assert run_simulations(END + timedelta(minutes=2)) == 1


def test_nonsense_is_refused(app):
    make_rulebook(LIVE)

    with pytest.raises(DraftMissing):
        request_simulation(90, staff_id=None, now=END)
    with pytest.raises(InvalidInput):
        request_simulation(0, staff_id=None, now=END, document=rulebook_document(LIVE))
    with pytest.raises(RulebookRefused):
        request_simulation(90, staff_id=None, now=END, document={"earning": {}})
