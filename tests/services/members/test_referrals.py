"""Friends are bound once, and reward both after the first completed purchase."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from shop.crypto import blind_index
from shop.errors import InvalidInput, NotFound
from shop.extensions import db
from shop.models import AuditEntry, Member, MemberDevice, Referral
from shop.queries.members.referrals import friends_of
from shop.queries.points.balance import balance_of
from shop.queries.points.history import history_of
from shop.reactions.dispatch import work_off_outbox
from shop.rules.rulebook import PointsEffect, Rule
from shop.rules.rulebook.sections.people import ReferralRule
from shop.services.members.logins import log_in
from shop.services.members.referrals import allow_referral, invitation_code_of
from shop.services.members.registration import register
from shop.services.members.retention import forget_what_is_over
from shop.services.members.settings import set_birthday
from shop.services.points.purchases import (
    ReportedLine,
    ReportedPurchase,
    ReportedRefund,
    record_purchase,
    refund_purchase,
)
from tests.factories import AT_ONCE, MONDAY, PASSWORD, make_member, make_rulebook, make_staff
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
    assert history_of(me).months[0].entries[0].reasons[0]["code"] == "friends_order_returned"


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


MY_BROWSER, ANOTHER_BROWSER = "m" * 32, "a" * 32


def join_in(browser, code, phone="+8613900001111"):
    register(
        phone,
        "shifen-demo",
        name="朋友",
        place="here",
        device="phone",
        now=MONDAY,
        invited_by=code,
        device_token=browser,
    )
    return db.session.scalars(select(Member.id).where(Member.phone_index == blind_index(phone))).one()


def inviter_in(browser):
    """A member who has logged in in this browser."""
    me = make_member(phone="+8613805712046")
    log_in(
        "+8613805712046",
        PASSWORD,
        place="here",
        device="phone",
        device_token=browser,
        now=MONDAY,
    )
    return me


def test_a_friend_in_my_own_browser_is_refused_and_earns_nobody_anything(app):
    make_rulebook(FRIENDLY)
    me = inviter_in(MY_BROWSER)
    friend = join_in(MY_BROWSER, invitation_code_of(me))

    buys(friend, "R-1")

    assert (available(me), available(friend)) == (0, 30 + 100)
    assert [(each.state, each.refused_for) for each in friends_of(me)] == [("refused", "same_device")]


def test_a_friend_in_another_browser_counts(app):
    make_rulebook(FRIENDLY)
    me = inviter_in(MY_BROWSER)
    friend = join_in(ANOTHER_BROWSER, invitation_code_of(me))

    buys(friend, "R-1")

    assert available(me) == 200


def test_the_shop_may_let_the_same_browser_count(app):
    make_rulebook(replace(FRIENDLY, referral=ReferralRule(refuse_same_device=False)))
    me = inviter_in(MY_BROWSER)
    friend = join_in(MY_BROWSER, invitation_code_of(me))

    buys(friend, "R-1")

    assert available(me) == 200


def test_no_browser_is_nobodys_browser(app):
    make_rulebook(FRIENDLY)
    me = inviter_in("")
    friend = join_in("", invitation_code_of(me))

    buys(friend, "R-1")

    assert available(me) == 200
    assert db.session.scalars(select(MemberDevice.device_index)).all() == []


def test_only_a_keyed_hash_of_a_browser_is_kept(app):
    inviter_in(MY_BROWSER)

    kept = db.session.scalars(select(MemberDevice.device_index)).one()
    assert kept == blind_index(f"device:{MY_BROWSER}")


def test_what_staff_allow_pays_what_was_bought_meanwhile_once(app):
    make_rulebook(FRIENDLY)
    me, staff = inviter_in(MY_BROWSER), make_staff("support")
    friend = join_in(MY_BROWSER, invitation_code_of(me))
    buys(friend, "R-1")
    referral_id = db.session.scalars(select(Referral.id)).one()

    for _time in range(2):
        allow_referral(referral_id, reason="母女俩用一部手机", staff_id=staff, now=MONDAY)
        work_off_outbox(MONDAY)

    assert (available(me), available(friend)) == (200, 30 + 50 + 100)
    assert friends_of(me)[0].state == "paid"
    trail = db.session.execute(select(AuditEntry.action, AuditEntry.reason)).all()
    assert [tuple(row) for row in trail] == [("referral.allow", "母女俩用一部手机")]


def test_many_colleagues_at_once_allow_once(app):
    make_rulebook(FRIENDLY)
    me, staff = inviter_in(MY_BROWSER), make_staff("support")
    join_in(MY_BROWSER, invitation_code_of(me))
    referral_id = db.session.scalars(select(Referral.id)).one()

    run_together([lambda: allow_referral(referral_id, reason="一家人", staff_id=staff, now=MONDAY)] * 4)

    assert len(db.session.scalars(select(AuditEntry.id)).all()) == 1


def test_what_was_never_refused_cannot_be_allowed(app):
    make_rulebook(FRIENDLY)
    me, staff = make_member(), make_staff("support")
    join(invitation_code_of(me))
    referral_id = db.session.scalars(select(Referral.id)).one()

    with pytest.raises(NotFound):
        allow_referral(referral_id, reason="一家人", staff_id=staff, now=MONDAY)
    with pytest.raises(InvalidInput):
        allow_referral(referral_id, reason=" ", staff_id=staff, now=MONDAY)


def test_a_browser_that_nobody_used_for_long_is_forgotten(app):
    inviter_in(MY_BROWSER)

    forget_what_is_over(MONDAY + timedelta(days=400))
    assert len(db.session.scalars(select(MemberDevice.member_id)).all()) == 1
    forget_what_is_over(MONDAY + timedelta(days=400, seconds=1))

    assert db.session.scalars(select(MemberDevice.member_id)).all() == []
