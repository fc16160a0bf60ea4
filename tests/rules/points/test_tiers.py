"""Standing, and the way to the next step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.points.tiers import growth_from_paid_cents, next_tier, tier_for
from shop.rules.rulebook import DEFAULT_RULEBOOK


@pytest.mark.parametrize(
    ("growth", "code", "above", "missing"),
    [
        (-5, "sprout", "branch", 505),
        (0, "sprout", "branch", 500),
        (499, "sprout", "branch", 1),
        (500, "branch", "crown", 1500),
        (1620, "branch", "crown", 380),
        (2000, "crown", "fruit", 4000),
        (6000, "fruit", None, None),
        (10**9, "fruit", None, None),
    ],
)
def test_tier_of_a_growth(growth, code, above, missing):
    upcoming = next_tier(growth, DEFAULT_RULEBOOK)

    assert tier_for(growth, DEFAULT_RULEBOOK).code == code
    assert (upcoming and upcoming.tier.code, upcoming and upcoming.missing) == (above, missing)


@given(growth=st.integers(-1000, 10_000))
def test_what_is_missing_is_exactly_enough(growth):
    upcoming = next_tier(growth, DEFAULT_RULEBOOK)
    if upcoming is None:
        return

    assert tier_for(growth + upcoming.missing, DEFAULT_RULEBOOK) == upcoming.tier
    assert tier_for(growth + upcoming.missing - 1, DEFAULT_RULEBOOK) != upcoming.tier


@pytest.mark.parametrize(("cents", "growth"), [(0, 0), (99, 0), (100, 1), (26850, 268)])
def test_a_yuan_is_one_growth(cents, growth):
    assert growth_from_paid_cents(cents) == growth
