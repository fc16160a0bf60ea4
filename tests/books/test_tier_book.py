"""The tier book proves itself: a tier that the history does not tell is found, and put right."""

import pytest

from shop.extensions import db
from shop.queries.points.ledger import check_everything, derive_everything
from shop.services.points.rebuilding import rebuild
from shop.services.points.tiers import buy_tier
from tests.factories import MONDAY, make_member
from tests.services.points.tier_stories import at, ladder, make_rules, spend, tier_of, until_of
from tests.tampering import tamper

FOR_SALE = ladder(gold={"price_points": 500})


@pytest.fixture
def member_id(app):
    """Silver by spending, gold for points."""
    make_rules(tiers=FOR_SALE)
    member_id = make_member(points=600, tier_code="plain", now=MONDAY)
    spend(member_id, 1200, "2026-03-02T13:00", "a")
    buy_tier(member_id, "gold", agreed_points=500, key="one-page", now=at("2026-03-03T12:00"))
    return member_id


def broken():
    db.session.rollback()
    return [finding.name for finding in check_everything() if finding.offenders]


@pytest.mark.parametrize(
    "lie", ["UPDATE members SET tier_code = 'silver'", "UPDATE members SET tier_until_at = NULL"]
)
def test_a_lie_about_a_member_is_found_and_put_right(member_id, lie):
    truth = tier_of(member_id), until_of(member_id)
    assert broken() == []

    tamper(lie)

    assert [name for name in broken() if name.startswith("L8 a member's tier")]
    assert [each.name for each in derive_everything() if each.offenders] == ["members: tier and its end"]
    rebuild(MONDAY)
    assert (tier_of(member_id), until_of(member_id)) == truth


@pytest.mark.parametrize(
    ("lie", "undo", "check"),
    [
        (
            "UPDATE tier_history SET from_code = 'gold' WHERE why = 'bought'",
            "UPDATE tier_history SET from_code = 'silver' WHERE why = 'bought'",
            "L8 each change of a tier",
        ),
        (
            "UPDATE tier_history SET amount = 0 WHERE why = 'reached'",
            "UPDATE tier_history SET amount = 120000 WHERE why = 'reached'",
            "L8 a tier that was reached",
        ),
        (
            "UPDATE tier_history SET entry_id = NULL WHERE why = 'bought'",
            "UPDATE tier_history SET entry_id = (SELECT id FROM points_entries WHERE kind = 'redeem') WHERE why = 'bought'",
            "L1 each entry that paid",
        ),
    ],
)
def test_a_lie_about_the_history_is_found(member_id, lie, undo, check):
    tamper(lie)

    assert [name for name in broken() if name.startswith(check)]
    tamper(undo)
    assert broken() == []
