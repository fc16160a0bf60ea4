"""How long a tier is kept: terms, grace, falls, refunds, and tiers that were bought or granted."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shop.rules.points.tiers import (
    Decided,
    Held,
    after_gift,
    after_refund,
    climb,
    give_term,
    last_day_of,
    needed_for,
    next_tier,
    review,
    review_due_at,
    review_span,
    term_end,
    tier_for,
)
from shop.rules.rulebook import DEFAULT_RULEBOOK, TierPolicy
from tests.rules.points.tier_ladders import BERLIN, LADDER, SHANGHAI, Purse

YEARLY = TierPolicy(measure="growth", window="rolling_12_months", kept_months=12)


def rules(**policy):
    return replace(DEFAULT_RULEBOOK, tiers=LADDER, tier_policy=replace(YEARLY, **policy))


def at(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def held(code, until=None, **more):
    return Held(code=code, until_at=until and at(until), **{"why": "reached", **more})


def reached(code, until, *, since, amount):
    return held(code, until, counted_from_at=at(since), amount=amount)


def test_the_numbers_of_spend_are_cents():
    yuan = rules(measure="spend")

    assert needed_for(LADDER[1], yuan.tier_policy) == 100_000
    assert tier_for(99_999, yuan).code == "plain"
    assert tier_for(100_000, yuan).code == "silver"
    assert next_tier(78_000, yuan).missing == 22_000


def test_the_next_step_is_above_the_tier_that_is_held():
    assert next_tier(100, rules(), above="gold").tier.code == "black"
    assert next_tier(100, rules(), above="black") is None
    assert next_tier(100, rules(), above="gone").tier.code == "silver"


def test_a_step_is_climbed_at_once_and_kept_to_the_end_of_its_last_day():
    move = climb(
        Held(code="plain"), Purse({at("2026-05-20T10:00"): 1200}), rules(), at("2026-05-20T10:00"), SHANGHAI
    )

    assert (move.tier.code, move.why, move.until_at) == ("silver", "reached", at("2027-05-21"))
    assert last_day_of(move.until_at, SHANGHAI).isoformat() == "2027-05-20"
    assert (move.amount, move.counted_from_at) == (1200, at("2025-05-21"))


def test_without_terms_a_step_is_climbed_for_good():
    move = climb(
        Held(code="plain"),
        Purse({at("2026-05-20"): 1200}),
        rules(kept_months=None),
        at("2026-05-21"),
        SHANGHAI,
    )

    assert move.until_at is None


def test_what_left_the_window_lifts_nobody():
    purse = Purse({at("2025-03-15"): 1200})

    assert climb(Held(code="plain"), purse, rules(), at("2026-03-14T12:00"), SHANGHAI).tier.code == "silver"
    assert climb(Held(code="plain"), purse, rules(), at("2026-03-15T12:00"), SHANGHAI) is None


def test_a_year_ends_at_midnight_of_the_shop():
    yearly = rules(window="calendar_year")
    purse = Purse({at("2026-12-31T23:59:59"): 1200})

    assert climb(Held(code="plain"), purse, yearly, at("2026-12-31T23:59:59"), SHANGHAI)
    assert climb(Held(code="plain"), purse, yearly, at("2027-01-01T00:00"), SHANGHAI) is None


@pytest.mark.parametrize(
    ("spent_on", "why", "code", "until"),
    [
        ("2027-05-20T23:59", "kept", "silver", "2028-05-21"),
        ("2026-05-21T00:00", "kept", "silver", "2028-05-21"),
        ("2026-05-20T23:59", "fell", "plain", None),
        ("2027-05-21T00:00", "fell", "plain", None),
    ],
)
def test_the_end_of_a_term_looks_at_the_window_of_its_last_day(spent_on, why, code, until):
    move = review(held("silver", "2027-05-21"), (), Purse({at(spent_on): 1000}), rules(), SHANGHAI)

    assert (move.why, move.tier.code, move.until_at) == (why, code, until and at(until))


def test_grace_counts_what_comes_in_its_days_and_the_year_before_them():
    graceful = rules(window="calendar_year", grace_days=30)
    standing = held("silver", "2027-01-01")

    assert review_due_at(standing, graceful.tier_policy, SHANGHAI) == at("2027-01-31")
    assert review_span(standing, graceful.tier_policy, SHANGHAI).from_at == at("2026-01-01")
    made_up = Purse({at("2026-07-01"): 900, at("2027-01-30T23:59"): 100})
    too_late = Purse({at("2026-07-01"): 900, at("2027-01-31"): 100})
    assert review(standing, (), made_up, graceful, SHANGHAI).why == "kept"
    assert review(standing, (), too_late, graceful, SHANGHAI).why == "fell"


@pytest.mark.parametrize(
    ("fall", "amount", "code"),
    [
        ("to_reached", 0, "plain"),
        ("to_reached", 1000, "silver"),
        ("one_step", 0, "gold"),
        ("one_step", 1000, "gold"),
        ("one_step", 5000, "gold"),
    ],
)
def test_a_fall_goes_to_what_is_reached_or_one_step(fall, amount, code):
    move = review(
        held("black", "2027-05-21"), (), Purse({at("2027-01-01"): amount}), rules(fall=fall), SHANGHAI
    )

    assert (move.tier.code, move.why) == (code, "fell")
    assert (move.until_at is None) == (code == "plain")


def test_a_higher_tier_is_the_outcome_of_a_review_too():
    move = review(held("silver", "2027-05-21"), (), Purse({at("2027-05-01"): 6000}), rules(), SHANGHAI)

    assert (move.tier.code, move.why) == ("gold", "reached")


def test_a_refund_takes_back_what_it_gave():
    standing = reached("silver", "2027-05-21", since="2025-05-21", amount=1200)

    def left(amounts):
        return after_refund(Decided(standing, rules(), Purse(amounts)), (), rules())

    assert left({at("2026-05-20"): 999}).tier.code == "plain"
    assert left({at("2026-05-20"): 1000}) is None
    assert left({at("2026-05-20"): 0, at("2026-08-01"): 1000}) is None  # bought again meanwhile


def test_a_refund_does_not_look_at_what_left_the_window_since():
    """The tier was reached in May; in April of the next year the old purchases count for no climb, but for this tier."""
    standing = reached("silver", "2027-05-21", since="2025-05-21", amount=1200)
    purse = Purse({at("2025-06-01"): 1100, at("2027-04-01"): 0})

    assert after_refund(Decided(standing, rules(), purse), (), rules()) is None


def test_a_refund_is_measured_by_the_rules_that_gave_the_tier():
    """Rules that became stricter take nothing from those who stand already."""
    stricter = replace(rules(), tiers=(LADDER[0], replace(LADDER[1], growth_from=3000), *LADDER[2:]))
    standing = reached("silver", "2027-05-21", since="2025-05-21", amount=1200)

    assert after_refund(Decided(standing, rules(), Purse({at("2026-05-20"): 1100})), (), stricter) is None


def test_a_refund_does_not_take_what_no_amount_gave():
    by_mercy = held("gold", "2027-05-21", why="fell", counted_from_at=at("2025-05-21"), amount=300)
    bought = held("gold", "2027-05-21", why="bought")

    for standing in (by_mercy, bought):
        assert after_refund(Decided(standing, rules(), Purse({})), (), rules()) is None


def test_after_a_refund_the_term_goes_on():
    standing = reached("gold", "2027-05-21", since="2025-05-21", amount=6000)
    move = after_refund(Decided(standing, rules(), Purse({at("2026-05-20"): 2000})), (), rules())

    assert (move.tier.code, move.why, move.until_at) == ("silver", "refunded", at("2027-05-21"))


def test_a_bought_tier_ends_on_what_was_earned_before():
    earned = Decided(
        reached("silver", "2027-05-21", since="2025-05-21", amount=1200),
        rules(),
        Purse({at("2026-05-20"): 1200}),
    )

    move = after_gift(earned, (), Purse({}), rules(), at("2026-12-01"), SHANGHAI)

    assert (move.tier.code, move.why, move.until_at) == ("silver", "ended", at("2027-05-21"))


def test_a_bought_tier_ends_on_what_is_reached_by_then():
    earned = Decided(Held(code="plain"), rules(), Purse({}))

    move = after_gift(earned, (), Purse({at("2026-11-01"): 5000}), rules(), at("2026-12-01"), SHANGHAI)

    assert (move.tier.code, move.until_at) == ("gold", at("2027-12-02"))


def test_what_was_earned_before_may_be_over_or_refunded():
    over = Decided(
        reached("silver", "2026-11-01", since="2025-05-21", amount=1200),
        rules(),
        Purse({at("2025-06-01"): 1200}),
    )
    refunded = Decided(reached("silver", "2027-05-21", since="2025-05-21", amount=1200), rules(), Purse({}))

    for earned in (over, refunded):
        assert after_gift(earned, (), Purse({}), rules(), at("2026-12-01"), SHANGHAI).tier.code == "plain"


def test_nobody_falls_below_a_gift_that_runs():
    gift = held("gold", "2028-01-01", why="granted")

    move = review(held("black", "2027-05-21"), (gift,), Purse({}), rules(), SHANGHAI)

    assert (move.tier.code, move.why, move.until_at) == ("gold", "granted", at("2028-01-01"))


def test_a_gift_knows_no_grace():
    graceful = rules(grace_days=30)

    assert review_due_at(held("gold", "2027-05-21", why="granted"), graceful.tier_policy, SHANGHAI) == at(
        "2027-05-21"
    )


def test_tiers_without_an_end_get_one_when_the_rules_have_terms():
    now = at("2026-03-02T12:00")

    def given(standing, book):
        return give_term(standing, Purse({at("2026-01-01"): 1200}), book, now, SHANGHAI)

    assert given(Held(code="gold"), rules()).until_at == at("2027-03-03")
    assert given(Held(code="gold"), rules()).amount == 1200  # measured anew: held by mercy
    assert given(Held(code="plain"), rules()) is None
    assert given(Held(code="gold"), rules(kept_months=None)) is None
    assert given(held("gold", "2026-05-01"), rules()) is None


def test_rules_that_lost_their_terms_keep_the_tier():
    move = review(held("gold", "2026-05-21"), (), Purse({}), rules(kept_months=None), SHANGHAI)

    assert (move.tier.code, move.until_at) == ("gold", None)


def test_a_tier_that_the_ladder_lost_is_measured_anew():
    move = climb(Held(code="ruby"), Purse({at("2026-05-20"): 1200}), rules(), at("2026-05-21"), SHANGHAI)

    assert (move.tier.code, move.why) == ("silver", "rules")


@pytest.mark.parametrize(
    ("on", "until"),
    [
        ("2028-02-29T08:00", "2029-03-01"),  # to the end of 28 February
        ("2027-02-28T08:00", "2028-02-29"),
        ("2026-03-29T03:30", "2027-03-30"),  # the day on which Berlin's clocks go forward
        ("2026-10-25T02:30", "2027-10-26"),  # and back
    ],
)
def test_a_term_ends_with_a_day_of_the_shop(on, until):
    day = at(on, BERLIN).astimezone(BERLIN).date()

    assert term_end(12, day, BERLIN) == at(until, BERLIN)
