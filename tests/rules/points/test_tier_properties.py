"""What must hold of tiers for any ladder of days, purchases and policies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shop.rules.points.tiers import (
    Decided,
    Held,
    after_refund,
    climb,
    next_tier,
    position_of,
    review,
    span_now,
    term_end,
)
from shop.rules.rulebook import DEFAULT_RULEBOOK, TierPolicy
from tests.rules.points.tier_ladders import LADDER, SHANGHAI, Purse

days = st.datetimes(datetime(2025, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
purses = st.dictionaries(days, st.integers(0, 8000), max_size=8).map(Purse)
policies = st.builds(
    TierPolicy,
    window=st.sampled_from(["lifetime", "calendar_year", "rolling_12_months"]),
    kept_months=st.one_of(st.none(), st.integers(1, 24)),
    fall=st.sampled_from(["to_reached", "one_step"]),
    grace_days=st.integers(0, 60),
)
codes = st.sampled_from([tier.code for tier in LADDER])


@given(purse=purses, policy=policies, now=days, code=codes)
def test_what_the_bar_says_is_missing_is_exactly_what_lifts(purse, policy, now, code):
    book = replace(DEFAULT_RULEBOOK, tiers=LADDER, tier_policy=policy)
    amount = purse(span_now(book, now, SHANGHAI))
    above = next_tier(amount, book, above=code)
    if above is None:
        return

    enough, too_little = Purse({**purse.amounts}), Purse({**purse.amounts})
    enough.amounts[now] = enough.amounts.get(now, 0) + above.missing
    too_little.amounts[now] = too_little.amounts.get(now, 0) + above.missing - 1

    assert position_of(climb(Held(code=code), enough, book, now, SHANGHAI).tier.code, book) >= position_of(
        above.tier.code, book
    )
    lifted = climb(Held(code=code), too_little, book, now, SHANGHAI)
    assert lifted is None or position_of(lifted.tier.code, book) < position_of(above.tier.code, book)


@given(purse=purses, policy=policies, until=days, code=codes)
def test_a_review_never_leaves_a_term_that_is_over(purse, policy, until, code):
    book = replace(DEFAULT_RULEBOOK, tiers=LADDER, tier_policy=policy)
    end = term_end(0, until.date(), SHANGHAI)
    standing = Held(code=code, why="reached", until_at=end)

    move = review(standing, (), purse, book, SHANGHAI)

    assert move.until_at is None or move.until_at > end
    if move.why == "fell":
        assert position_of(move.tier.code, book) < position_of(code, book)
    if policy.fall == "one_step":
        assert position_of(move.tier.code, book) >= position_of(code, book) - 1


@given(purse=purses, policy=policies, now=days)
def test_a_refund_after_a_climb_never_lifts_and_never_falls_twice(purse, policy, now):
    book = replace(DEFAULT_RULEBOOK, tiers=LADDER, tier_policy=policy)
    move = climb(Held(code="plain"), purse, book, now, SHANGHAI)
    if move is None:
        return
    standing = Held(
        code=move.tier.code, why=move.why, until_at=move.until_at,
        counted_from_at=move.counted_from_at, amount=move.amount,
    )  # fmt: skip
    halved = Purse({moment: amount // 2 for moment, amount in purse.amounts.items()})

    fallen = after_refund(Decided(standing, book, halved), (), book)

    if fallen is None:
        return
    assert position_of(fallen.tier.code, book) < position_of(standing.code, book)
    again = Held(
        code=fallen.tier.code, why=fallen.why, until_at=fallen.until_at,
        counted_from_at=fallen.counted_from_at, amount=fallen.amount,
    )  # fmt: skip
    assert after_refund(Decided(again, book, halved), (), book) is None


@given(now=days, policy=policies)
def test_terms_begin_later_than_they_were_decided(now, policy):
    book = replace(DEFAULT_RULEBOOK, tiers=LADDER, tier_policy=policy)
    move = climb(Held(code="plain"), Purse({now: 1500}), book, now, SHANGHAI)

    assert move.until_at is None or move.until_at > now + timedelta(days=27)
