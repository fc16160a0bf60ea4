"""A tier for points: once, never dearer than it was shown, and back to what was earned when it ends."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from shop.errors import (
    InsufficientPoints,
    KeyReused,
    MemberSuspended,
    NotFound,
    TierHeldAlready,
    TierNotForSale,
    TierPriceRaised,
)
from shop.extensions import db
from shop.models import PointsEntry
from shop.queries.points.balance import balance_of
from shop.queries.points.tier import standing_of
from shop.rules.rulebook import TierPolicy
from shop.services.points.tier_terms import remind_of_terms, review_tiers
from shop.services.points.tiers import buy_tier, check_tier
from tests.factories import make_member
from tests.races import errors_of, results_of, run_together
from tests.services.points.tier_stories import (
    at,
    give_back,
    history_of,
    ladder,
    make_rules,
    messages_of,
    spend,
    tell_all,
    tier_of,
    until_of,
)

NOW = at("2026-03-02T12:00")
FOR_SALE = ladder(silver={"price_points": 2000}, gold={"price_points": 5000, "price_months": 6})


def buyer(points=3000, **values):
    return make_member(**{"points": points, "now": NOW, "tier_code": "plain", **values})


def buys(member_id, code="silver", *, agreed=2000, key="one-page-1", now=NOW):
    return buy_tier(member_id, code, agreed_points=agreed, key=key, now=now)


def test_a_bought_tier_costs_its_price_and_ends_after_its_months(app):
    make_rules(TierPolicy(), tiers=FOR_SALE)
    member_id = buyer()

    bought = buys(member_id)

    assert (tier_of(member_id), bought.until_at) == ("silver", at("2027-03-03"))
    assert balance_of(member_id, NOW).available == 1000
    entry = db.session.scalars(select(PointsEntry).where(PointsEntry.kind == "redeem")).one()
    assert entry.reasons == [{"code": "tier_bought", "params": {"tier_name": "silver", "months": 12}}]
    assert standing_of(member_id, NOW).progress.amount == 0  # it does not count as spend
    tell_all(NOW)
    assert messages_of(member_id) == ["tier_bought"]


def test_the_same_page_buys_once(app):
    make_rules(TierPolicy(), tiers=FOR_SALE)
    member_id = buyer()

    assert buys(member_id) == buys(member_id)
    with pytest.raises(KeyReused):
        buys(member_id, "gold", agreed=5000)

    assert balance_of(member_id, NOW).available == 1000


def test_twenty_at_once_buy_once(app):
    make_rules(TierPolicy(), tiers=FOR_SALE)
    member_id = buyer(points=50_000)

    same = run_together([lambda: buys(member_id) for _ in range(20)])

    assert len({outcome.result for outcome in same}) == 1
    assert balance_of(member_id, NOW).available == 48_000


def test_twenty_pages_at_once_buy_one_tier(app):
    make_rules(TierPolicy(), tiers=FOR_SALE)
    member_id = buyer(points=50_000)

    outcomes = run_together(
        [lambda number=number: buys(member_id, key=f"page-{number:04}") for number in range(20)]
    )

    assert len(results_of(outcomes)) == 1
    assert {type(error) for error in errors_of(outcomes)} == {TierHeldAlready}
    assert balance_of(member_id, NOW).available == 48_000
    assert history_of(member_id) == [("silver", "bought")]


@pytest.mark.parametrize(
    ("code", "agreed", "points", "error"),
    [
        ("silver", 2000, 1999, InsufficientPoints),
        ("silver", 1999, 3000, TierPriceRaised),
        ("plain", 1, 3000, TierHeldAlready),
        ("ruby", 2000, 3000, NotFound),
    ],
)
def test_what_cannot_be_bought_changes_nothing(app, code, agreed, points, error):
    make_rules(TierPolicy(), tiers=FOR_SALE)
    member_id = buyer(points)

    with pytest.raises(error):
        buys(member_id, code, agreed=agreed)

    assert balance_of(member_id, NOW).available == points
    assert history_of(member_id) == []


def test_what_is_not_for_sale_and_who_is_suspended(app):
    make_rules(TierPolicy())
    with pytest.raises(TierNotForSale):
        buys(buyer())
    make_rules(TierPolicy(), tiers=FOR_SALE, effective_at="2021-01-01")
    with pytest.raises(MemberSuspended):
        buys(buyer(state="suspended"))


def test_a_cheaper_price_is_simply_taken(app):
    make_rules(TierPolicy(), tiers=FOR_SALE)
    member_id = buyer()

    buys(member_id, agreed=2500)

    assert balance_of(member_id, NOW).available == 1000


def test_the_end_leads_back_to_what_was_earned(app):
    """Silver by spending, gold for points: when gold ends silver goes on to its own end."""
    make_rules(tiers=FOR_SALE)
    member_id = buyer(points=9000)
    spend(member_id, 1200, "2026-05-20T10:00", "a")
    buys(member_id, "gold", agreed=5000, now=at("2026-06-01T12:00"))
    assert until_of(member_id) == at("2026-12-02")

    review_tiers(at("2026-12-02T00:00"))

    assert (tier_of(member_id), until_of(member_id)) == ("silver", at("2027-05-21"))
    assert history_of(member_id) == [("silver", "reached"), ("gold", "bought"), ("silver", "ended")]


def test_the_end_is_told_ahead(app):
    make_rules(tiers=FOR_SALE)
    member_id = buyer()
    buys(member_id)

    assert remind_of_terms(at("2027-02-20T12:00")) == 1
    tell_all(at("2027-02-20T12:01"))

    assert messages_of(member_id)[-1] == "tier_ending_gift"


def test_no_refund_takes_what_was_bought(app):
    make_rules(tiers=FOR_SALE)
    member_id = buyer()
    spend(member_id, 100, "2026-03-02T13:00", "a")
    buys(member_id, now=at("2026-03-02T14:00"))

    give_back("a", 100, "2026-03-03T10:00")

    assert tier_of(member_id) == "silver"


def test_more_spending_lifts_above_what_was_bought_and_falls_back_on_it(app):
    tiers = (*FOR_SALE[:1], replace(FOR_SALE[1], price_months=36), FOR_SALE[2])
    make_rules(tiers=tiers)
    member_id = buyer()
    buys(member_id)
    spend(member_id, 5000, "2026-05-20T10:00", "a")
    assert tier_of(member_id) == "gold"

    review_tiers(at("2027-05-21T00:10"))

    assert history_of(member_id) == [("silver", "bought"), ("gold", "reached"), ("silver", "bought")]
    assert until_of(member_id) == at("2029-03-03")


def test_a_tier_reached_by_purchases_is_not_sold_below(app):
    make_rules(TierPolicy(), tiers=FOR_SALE)
    member_id = buyer(growth=6000)
    check_tier(member_id, NOW)

    with pytest.raises(TierHeldAlready):
        buys(member_id)
