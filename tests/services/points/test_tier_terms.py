"""Tiers with a term: up at once, looked at again at the end, told ahead, and moved by new rules."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from shop.extensions import db
from shop.models import Message, TierChange
from shop.queries.points.tier import standing_of
from shop.rules.rulebook import TierPolicy
from shop.services.engagement.signin import sign_in
from shop.services.orders.fulfilment import receive_order
from shop.services.points.adjusting import adjust_points
from shop.services.points.tier_terms import follow_earnings, follow_the_ladder, remind_of_terms, review_tiers
from shop.services.points.tiers import check_tier
from tests.factories import make_member, make_product, make_staff
from tests.races import results_of, run_together
from tests.services.orders.stories import buy, ship
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


def newcomer(**values):
    return make_member(**{"now": at("2026-01-01T12:00"), "tier_code": "plain", **values})


def test_a_year_of_a_member_with_a_term(app):
    """Reached in May, kept for spending enough in the year after, lost when that stops."""
    make_rules()
    member_id = newcomer()

    spend(member_id, 1200, "2026-05-20T10:00", "a")
    assert (tier_of(member_id), until_of(member_id)) == ("silver", at("2027-05-21"))
    spend(member_id, 1000, "2026-12-01T10:00", "b")
    assert review_tiers(at("2027-05-20T23:59")) == 0
    assert review_tiers(at("2027-05-21T00:00")) == 1
    assert (tier_of(member_id), until_of(member_id)) == ("silver", at("2028-05-21"))
    assert review_tiers(at("2028-05-21T00:10")) == 1

    tell_all(at("2028-05-21T00:11"))
    assert (tier_of(member_id), until_of(member_id)) == ("plain", None)
    assert history_of(member_id) == [("silver", "reached"), ("silver", "kept"), ("plain", "fell")]
    assert messages_of(member_id) == ["tier_reached_until", "tier_kept", "tier_fell"]


def test_a_worker_that_was_away_decides_as_a_punctual_one(app):
    make_rules()
    member_id = newcomer()
    spend(member_id, 1200, "2026-05-20T10:00", "a")
    spend(member_id, 1000, "2026-12-01T10:00", "b")

    assert review_tiers(at("2029-07-01T00:00")) == 1

    assert history_of(member_id) == [("silver", "reached"), ("silver", "kept"), ("plain", "fell")]
    moments = db.session.scalars(select(TierChange.at).order_by(TierChange.id)).all()
    assert moments[1:] == [at("2027-05-21"), at("2028-05-21")]


def test_a_late_review_looks_at_today_on_top(app):
    """What was spent after the term's end counts for no keeping, but lifts at once."""
    make_rules()
    member_id = newcomer()
    spend(member_id, 1200, "2026-05-20T10:00", "a")
    spend(member_id, 1500, "2027-05-25T10:00", "late")

    review_tiers(at("2027-06-01T00:00"))

    assert history_of(member_id) == [("silver", "reached"), ("plain", "fell"), ("silver", "reached")]


def test_grace_waits_for_what_is_missing(app):
    make_rules(grace_days=10)
    member_id = newcomer()
    spend(member_id, 1200, "2026-05-20T10:00", "a")

    assert review_tiers(at("2027-05-30T23:59")) == 0
    assert standing_of(member_id, at("2027-05-25T12:00")).keeping.is_over
    spend(member_id, 1000, "2027-05-30T10:00", "b")
    review_tiers(at("2027-05-31T00:00"))

    assert history_of(member_id)[-1] == ("silver", "kept")
    assert until_of(member_id) == at("2028-05-21")


def test_one_step_at_a_time(app):
    make_rules(fall="one_step")
    member_id = newcomer()
    spend(member_id, 5000, "2026-05-20T10:00", "a")

    review_tiers(at("2027-05-21T00:10"))
    assert tier_of(member_id) == "silver"
    check_tier(
        member_id, at("2027-06-01T00:10"), may_fall=True
    )  # a refund of something else takes nothing more
    assert tier_of(member_id) == "silver"
    review_tiers(at("2028-05-23T00:10"))

    assert history_of(member_id) == [("gold", "reached"), ("silver", "fell"), ("plain", "fell")]


def test_up_and_down_on_one_day(app):
    make_rules()
    member_id = newcomer()

    spend(member_id, 1200, "2026-05-20T10:00", "a")
    give_back("a", 300, "2026-05-20T11:00")
    spend(member_id, 200, "2026-05-20T12:00", "b")

    assert history_of(member_id) == [("silver", "reached"), ("plain", "refunded"), ("silver", "reached")]
    assert messages_of(member_id) == ["tier_reached_until", "tier_refunded", "tier_reached_until"]


def test_a_refund_after_a_fall_takes_nothing_twice(app):
    make_rules()
    member_id = newcomer()
    spend(member_id, 5000, "2026-05-20T10:00", "a")
    spend(member_id, 1000, "2026-12-01T10:00", "b")
    review_tiers(at("2027-05-21T00:10"))
    assert tier_of(member_id) == "silver"

    give_back("a", 5000, "2027-06-01T10:00")
    assert tier_of(member_id) == "silver"
    give_back("b", 1, "2027-06-02T10:00")

    assert tier_of(member_id) == "plain"
    assert history_of(member_id) == [("gold", "reached"), ("silver", "fell"), ("plain", "refunded")]


def test_a_refund_does_not_cost_what_the_window_has_left_behind(app):
    """Inside a running term old purchases leave the window; a small refund is no reason to look at it early."""
    make_rules()
    member_id = newcomer()
    spend(member_id, 1200, "2026-05-20T10:00", "a")
    spend(member_id, 50, "2027-05-01T10:00", "b")

    give_back("b", 50, "2027-05-21T00:00")

    assert tier_of(member_id) == "silver"


def test_an_order_of_the_mall_counts_when_it_is_received(app):
    make_rules(replace(TierPolicy(), measure="spend", kept_months=6))
    member_id = newcomer()
    _product, variant = make_product(points=0, cents=120_000)
    placed = buy(member_id, variant, now=at("2026-03-02T12:00"))
    tell_all(at("2026-03-02T12:05"))
    assert tier_of(member_id) == "plain"

    ship(placed, at("2026-03-03T12:00"))
    receive_order(placed.number, member_id, at("2026-03-05T12:00"))
    tell_all(at("2026-03-05T12:01"))

    assert (tier_of(member_id), until_of(member_id)) == ("silver", at("2026-09-06"))


@pytest.mark.parametrize(
    ("measure", "from_", "until"), [("orders", 2, "2027-05-22"), ("growth", 1000, "2027-05-22")]
)
def test_orders_and_growth_are_measures_too(app, measure, from_, until):
    tiers = (ladder()[0], replace(ladder()[1], growth_from=from_))
    make_rules(measure=measure, tiers=tiers)
    member_id = newcomer()

    spend(member_id, 500, "2026-05-20T10:00", "a")
    assert tier_of(member_id) == "plain"
    spend(member_id, 500, "2026-05-21T10:00", "b")

    assert (tier_of(member_id), until_of(member_id)) == ("silver", at(until))


def test_points_that_are_earned_are_a_measure_and_spending_them_is_not(app):
    tiers = (ladder()[0], replace(ladder()[1], growth_from=25))
    make_rules(measure="points", tiers=tiers)
    member_id = newcomer()
    staff_id = make_staff()
    for day in (1, 2):
        sign_in(member_id, at(f"2026-03-0{day}T12:00"))
    adjust_points(member_id, 500, reason="补", staff_id=staff_id, key="a", now=at("2026-03-02T13:00"))
    assert follow_earnings(at("2026-03-02T13:01")) == 0
    assert standing_of(member_id, at("2026-03-02T13:01")).progress.missing == 5

    adjust_points(member_id, -500, reason="扣", staff_id=staff_id, key="b", now=at("2026-03-02T14:00"))
    sign_in(member_id, at("2026-03-03T12:00"))

    assert follow_earnings(at("2026-03-03T12:01")) == 1
    assert tier_of(member_id) == "silver"


def test_the_end_is_told_ahead_with_what_is_missing(app):
    make_rules()
    member_id, safe_id = newcomer(), newcomer()
    spend(member_id, 1200, "2026-05-20T10:00", "a")
    spend(member_id, 780, "2026-12-01T10:00", "b")
    spend(safe_id, 1200, "2026-05-20T10:00", "c")
    spend(safe_id, 1000, "2026-12-01T10:00", "d")

    assert remind_of_terms(at("2027-04-20T12:00")) == 0
    assert remind_of_terms(at("2027-04-21T12:00")) == 1
    assert remind_of_terms(at("2027-04-22T12:00")) == 0
    tell_all(at("2027-04-22T12:01"))

    told = db.session.scalars(select(Message).where(Message.kind == "tier_ending_spend")).one()
    assert told.member_id == member_id
    assert told.params == {
        "tier_name": "silver",
        "missing_cents": 22_000,
        "until_on": "2027-05-20",
        "due_on": "2027-05-20",
    }
    standing = standing_of(member_id, at("2027-04-22T12:00"))
    assert (standing.keeping.missing, standing.keeping.falls_to.code) == (22_000, "plain")


def test_new_rules_lift_at_once_and_let_nobody_fall(app):
    make_rules()
    lifted, safe = newcomer(), newcomer()
    spend(lifted, 600, "2026-02-01T10:00", "a")
    spend(safe, 1200, "2026-02-01T10:00", "b")
    follow_the_ladder(at("2026-02-02T10:00"))
    assert (tier_of(lifted), tier_of(safe)) == ("plain", "silver")
    tiers = (ladder()[0], replace(ladder()[1], growth_from=500), replace(ladder()[2], growth_from=90_000))
    make_rules(tiers=tiers, effective_at="2026-03-01")

    assert follow_the_ladder(at("2026-02-28T23:59")) == 0
    assert follow_the_ladder(at("2026-03-01T00:00")) == 1
    assert follow_the_ladder(at("2026-03-01T00:01")) == 0

    assert (tier_of(lifted), tier_of(safe)) == ("silver", "silver")


def test_new_rules_with_terms_give_everyone_one(app):
    make_rules(TierPolicy())
    member_id = newcomer(growth=1200)
    follow_the_ladder(at("2026-02-02T10:00"))
    assert (tier_of(member_id), until_of(member_id)) == ("silver", None)
    make_rules(TierPolicy(kept_months=12), effective_at="2026-03-01")

    follow_the_ladder(at("2026-03-01T00:00"))

    assert until_of(member_id) == at("2027-03-02")
    assert history_of(member_id) == [("silver", "reached"), ("silver", "rules")]


def test_a_tier_that_the_ladder_lost_is_measured_anew(app):
    make_rules(TierPolicy())
    member_id = newcomer(growth=1200, tier_code="ruby")

    follow_the_ladder(at("2026-03-01T00:00"))

    assert history_of(member_id) == [("silver", "rules")]


def test_of_two_checks_at_once_one_moves(app):
    make_rules(TierPolicy())
    member_id = newcomer(growth=1200)
    now = at("2026-03-01T00:00")

    outcomes = run_together([lambda: check_tier(member_id, now) for _ in range(8)])

    assert sorted(filter(None, results_of(outcomes))) == ["silver"]
    assert history_of(member_id) == [("silver", "reached")]


def test_of_reviews_and_checks_at_once_each_term_ends_once(app):
    make_rules()
    member_id = newcomer()
    spend(member_id, 1200, "2026-05-20T10:00", "a")
    now = at("2027-05-21T00:10")

    run_together(
        [lambda: review_tiers(now) for _ in range(4)]
        + [lambda: check_tier(member_id, now, may_fall=True) for _ in range(4)]
    )

    assert history_of(member_id) == [("silver", "reached"), ("plain", "fell")]


def test_the_default_keeps_a_tier_for_good(app):
    make_rules(TierPolicy())
    member_id = newcomer(growth=1200)
    check_tier(member_id, at("2026-03-01T00:00"))

    assert review_tiers(at("2056-03-01T00:00")) == 0
    assert remind_of_terms(at("2056-03-01T00:00")) == 0
    assert standing_of(member_id, at("2056-03-01T00:00")).keeping is None
