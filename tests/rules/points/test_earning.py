"""Points for a purchase: the base and the tier's bonus, each rounded down once."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.points.earning import credited_at, purchase_awards
from shop.rules.rulebook import DEFAULT_RULEBOOK, Rulebook
from tests.rules.rulebooks import NATURAL, at, rulebook_with

TIERS = st.sampled_from(["sprout", "branch", "crown", "fruit", None])


def earned(cents: int, tier_code: str | None = None, rulebook: Rulebook = DEFAULT_RULEBOOK) -> list[int]:
    awards = purchase_awards(
        paid_goods_cents=cents, shipping_cents=800, tier_code=tier_code, rulebook=rulebook
    )
    return [award.points for award in awards.awards]


@pytest.mark.parametrize(
    ("cents", "tier_code", "expected"),
    [
        (26850, None, [268]),
        (39900, None, [399]),
        (33300, "sprout", [333]),
        (33300, "branch", [333, 66]),
        (33300, "crown", [333, 166]),
        (33300, "fruit", [333, 333]),
        (12600, "branch", [126, 25]),
        (99, "fruit", []),
        (0, "fruit", []),
        (100, "branch", [1]),
    ],
)
def test_purchase_earns_base_and_bonus(cents, tier_code, expected):
    assert earned(cents, tier_code) == expected


@pytest.mark.parametrize(
    ("tier_code", "total"), [("sprout", 333), ("branch", 399), ("crown", 499), ("fruit", 666)]
)
def test_tier_multiplies_the_base(tier_code, total):
    assert sum(earned(33300, tier_code)) == total


def test_one_point_for_ten_yuan():
    rulebook = rulebook_with(earning=replace(DEFAULT_RULEBOOK.earning, per_cents=1000))

    assert earned(26850, None, rulebook) == [26]


def test_freight_earns_only_when_the_rulebook_says_so():
    rulebook = rulebook_with(earning=replace(DEFAULT_RULEBOOK.earning, includes_shipping=True))

    assert earned(10000) == [100]
    assert earned(10000, None, rulebook) == [108]


def test_reasons_carry_the_arithmetic():
    awards = purchase_awards(paid_goods_cents=33350, shipping_cents=0, tier_code="crown", rulebook=NATURAL)
    (base,), (bonus,) = (award.reasons for award in awards.awards)

    assert base.to_document() == {
        "code": "earned_on_amount",
        "params": {"cents": 33350, "points": 1, "per_cents": 100, "earned_points": 333},
    }
    assert bonus.to_document() == {
        "code": "tier_bonus",
        "params": {"tier": "crown", "tier_name": "满枝", "multiplier_permille": 1500, "base_points": 333},
    }
    assert {award.source_class for award in awards.awards} == {"purchase"}


def test_points_are_credited_after_the_waiting_days():
    received_at = at("2026-02-22T08:30:00")

    assert credited_at(received_at, DEFAULT_RULEBOOK.earning) == at("2026-03-01T08:30:00")
    assert credited_at(received_at, NATURAL.earning) == received_at


@given(cents=st.integers(0, 10**9), more=st.integers(0, 10**6), tier_code=TIERS)
def test_paying_more_never_earns_less(cents, more, tier_code):
    assert sum(earned(cents + more, tier_code)) >= sum(earned(cents, tier_code))


@given(cents=st.integers(0, 10**9))
def test_higher_tier_never_earns_less(cents):
    totals = [sum(earned(cents, tier.code)) for tier in DEFAULT_RULEBOOK.tiers]

    assert totals == sorted(totals)
