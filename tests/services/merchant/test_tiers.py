"""Staff give a tier for a time, and take it back: with a reason, a name and a row in the trail."""

from datetime import date

import pytest
from sqlalchemy import select

from shop.errors import InvalidInput, KeyReused, NotFound, TierHeldAlready
from shop.extensions import db
from shop.models import AuditEntry, TierChange
from shop.rules.rulebook import TierPolicy
from shop.services.merchant.tiers import grant_tier, withdraw_tier
from shop.services.points.tier_terms import review_tiers
from tests.factories import make_member, make_staff
from tests.races import results_of, run_together
from tests.services.points.tier_stories import (
    at,
    give_back,
    history_of,
    make_rules,
    messages_of,
    spend,
    tell_all,
    tier_of,
    until_of,
)

NOW = at("2026-03-02T12:00")


def member(**values):
    return make_member(**{"now": NOW, "tier_code": "plain", **values})


def gives(
    member_id, staff_id, code="gold", *, until_on=date(2026, 6, 30), reason="老朋友", key="page-0001", now=NOW
):
    return grant_tier(member_id, code, until_on=until_on, reason=reason, staff_id=staff_id, key=key, now=now)


def test_a_granted_tier_stands_to_the_end_of_its_day(app):
    make_rules()
    member_id, staff_id = member(), make_staff()

    change_id = gives(member_id, staff_id)

    assert (tier_of(member_id), until_of(member_id)) == ("gold", at("2026-07-01"))
    row = db.session.get_one(TierChange, change_id)
    assert (row.staff_id, row.reason, row.why) == (staff_id, "老朋友", "granted")
    audit = db.session.scalars(select(AuditEntry)).one()
    assert (audit.action, audit.reason) == ("member.grant_tier", "老朋友")
    assert (audit.before["tier"], audit.after["tier"]) == ("plain", "gold")
    tell_all(NOW)
    assert messages_of(member_id) == ["tier_granted"]
    review_tiers(at("2026-07-01T00:00"))
    assert history_of(member_id) == [("gold", "granted"), ("plain", "ended")]


def test_one_page_gives_once(app):
    make_rules()
    member_id, staff_id = member(), make_staff()

    outcomes = run_together([lambda: gives(member_id, staff_id) for _ in range(10)])

    assert len(set(results_of(outcomes))) == 1
    assert history_of(member_id) == [("gold", "granted")]
    with pytest.raises(KeyReused):
        gives(member_id, staff_id, "silver")


def test_what_cannot_be_given(app):
    make_rules()
    member_id, staff_id = member(), make_staff()

    for wrong in (
        {"reason": "  "},
        {"reason": "x" * 201},
        {"until_on": date(2026, 3, 1)},
        {"until_on": date(2046, 3, 1)},
    ):
        with pytest.raises(InvalidInput):
            gives(member_id, staff_id, **wrong)
    with pytest.raises(NotFound):
        gives(member_id, staff_id, "ruby")
    with pytest.raises(NotFound):
        gives(member_id + 1, staff_id)
    with pytest.raises(TierHeldAlready):
        gives(member_id, staff_id, "plain")
    assert history_of(member_id) == []


def test_a_granted_tier_is_granted_on_but_not_shortened(app):
    make_rules()
    member_id, staff_id = member(), make_staff()
    gives(member_id, staff_id)

    gives(member_id, staff_id, until_on=date(2026, 9, 30), key="page-0002")
    with pytest.raises(TierHeldAlready):
        gives(member_id, staff_id, until_on=date(2026, 8, 31), key="page-0003")

    assert until_of(member_id) == at("2026-10-01")


def test_taken_back_it_leads_to_what_was_earned(app):
    make_rules()
    member_id, staff_id = member(), make_staff()
    spend(member_id, 1200, "2026-03-02T10:00", "a")
    gives(member_id, staff_id)

    withdraw_tier(member_id, reason="给错了", staff_id=staff_id, now=at("2026-03-05T10:00"))
    withdraw_tier(member_id, reason="给错了", staff_id=staff_id, now=at("2026-03-05T10:00"))

    assert (tier_of(member_id), until_of(member_id)) == ("silver", at("2027-03-03"))
    assert history_of(member_id) == [("silver", "reached"), ("gold", "granted"), ("silver", "withdrawn")]
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["member.grant_tier", "member.withdraw_tier"]


def test_a_withdrawn_grant_does_not_come_back(app):
    make_rules(TierPolicy(measure="spend", kept_months=2, window="rolling_12_months"))
    member_id, staff_id = member(), make_staff()
    gives(member_id, staff_id, "silver", until_on=date(2027, 12, 31))
    withdraw_tier(member_id, reason="给错了", staff_id=staff_id, now=at("2026-03-05T10:00"))
    spend(member_id, 5000, "2026-03-06T10:00", "a")
    give_back("a", 5000, "2026-03-07T10:00")

    assert tier_of(member_id) == "plain"


def test_only_a_granted_tier_is_taken_back(app):
    make_rules()
    member_id, staff_id = member(), make_staff()
    spend(member_id, 1200, "2026-03-02T10:00", "a")

    withdraw_tier(member_id, reason="给错了", staff_id=staff_id, now=NOW)

    assert tier_of(member_id) == "silver"
    with pytest.raises(NotFound):
        withdraw_tier(member_id + 1, reason="给错了", staff_id=staff_id, now=NOW)
