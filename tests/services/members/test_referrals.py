"""Friends are bound once, and reward both after the first completed purchase."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from shop.crypto import blind_index
from shop.extensions import db
from shop.models import Member
from shop.queries.members.referrals import friends_of
from shop.queries.points.balance import balance_of
from shop.reactions.dispatch import work_off_outbox
from shop.rules.rulebook import PointsEffect, Rule
from shop.services.members.referrals import invitation_code_of
from shop.services.members.registration import register
from shop.services.members.settings import set_birthday
from shop.services.points.purchases import (
    ReportedLine,
    ReportedPurchase,
    ReportedRefund,
    record_purchase,
    refund_purchase,
)
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook
from tests.races import run_together


def rule(event, points):
    return Rule(
        code=event, name=event, event=event, effect=PointsEffect(points=points), source_class="referral"
    )


FRIENDLY = replace(
    AT_ONCE,
    rules=(
        rule("friend_ordered", 200),
        rule("invited", 50),
        replace(rule("registered", 30), source_class="interaction"),
        replace(rule("profile_completed", 50), source_class="interaction"),
    ),
)


def join(code, phone="+8613900001111"):
    register(phone, "shifen-demo", name="朋友", place="here", device="phone", now=MONDAY, invited_by=code)
    return db.session.scalars(select(Member.id).where(Member.phone_index == blind_index(phone))).one()


def buys(member_id, receipt, now=MONDAY):
    purchase = ReportedPurchase(
        source="till", external_id=receipt, at=now, lines=(ReportedLine(cents=10000),)
    )
    record_purchase(member_id, purchase, now)
    work_off_outbox(now)


def available(member_id):
    return balance_of(member_id, MONDAY).available


def test_first_completed_purchase_rewards_both_once(app):
    make_rulebook(FRIENDLY)
    me = make_member()
    friend = join(invitation_code_of(me))
    work_off_outbox(MONDAY)
    assert [each.state for each in friends_of(me)] == ["waiting"]
    assert (available(me), available(friend)) == (0, 30)

    buys(friend, "R-1")
    buys(friend, "R-2")

    assert available(me) == 200
    assert available(friend) == 30 + 50 + 200
    assert [(each.state, each.points, each.name) for each in friends_of(me)] == [("paid", 200, "朋*")]


def test_full_return_of_the_first_purchase_takes_both_rewards_back(app):
    make_rulebook(FRIENDLY)
    me = make_member()
    friend = join(invitation_code_of(me))
    buys(friend, "R-1")

    refund_purchase(ReportedRefund(source="till", external_id="R-1", refund_id="1", cents=10000), MONDAY)
    work_off_outbox(MONDAY)

    assert (available(me), available(friend)) == (0, 30)
    assert friends_of(me)[0].state == "reversed"


def test_late_return_leaves_the_reward(app):
    make_rulebook(FRIENDLY)
    me = make_member()
    friend = join(invitation_code_of(me))
    buys(friend, "R-1")
    late = MONDAY + timedelta(days=31)

    refund_purchase(ReportedRefund(source="till", external_id="R-1", refund_id="1", cents=10000), late)
    work_off_outbox(late)

    assert friends_of(me)[0].state == "paid"
    assert balance_of(me, late).available == 200


def test_unknown_code_binds_nobody(app):
    make_rulebook(FRIENDLY)
    me = make_member()
    invitation_code_of(me)

    join("nobody99")

    assert friends_of(me) == ()


def test_code_is_made_once_by_many_at_once(app):
    me = make_member()

    outcomes = run_together([lambda: invitation_code_of(me)] * 8)

    assert len({outcome.result for outcome in outcomes}) == 1


def test_profile_is_paid_once(app):
    make_rulebook(FRIENDLY)
    me = make_member()

    set_birthday(me, date(1990, 5, 18), today=MONDAY.date(), now=MONDAY)
    work_off_outbox(MONDAY)
    next_year = MONDAY + timedelta(days=400)
    set_birthday(me, date(1990, 5, 19), today=next_year.date(), now=next_year)
    work_off_outbox(next_year)

    assert available(me) == 50
