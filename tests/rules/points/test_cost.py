"""What points cost a shop, to the part per million."""

from dataclasses import replace

import pytest

from shop.rules.points.cost import break_even_uplift_ppm, cost_ppm, costs_of, order_cost
from shop.rules.points.redeeming import OffsetRatio
from shop.rules.rulebook import DEFAULT_RULEBOOK, EarningRule, TierRule
from tests.rules.rulebooks import NATURAL, at, rulebook_with

D = DEFAULT_RULEBOOK
ONE_FOR_ONE = EarningRule(points=1, per_cents=100, includes_shipping=False, wait_days=0)
PLAIN = TierRule(code="member", name="会员", growth_from=0, multiplier_permille=1000)
TEN_YUAN = rulebook_with(
    earning=ONE_FOR_ONE, tiers=(PLAIN,), offset=replace(D.offset, points=100, per_cents=1000)
)


def test_a_point_a_yuan_and_ten_yuan_for_a_hundred_is_ten_percent():
    costs = costs_of(TEN_YUAN, at("2026-03-02"))

    assert costs.usual_ppm == costs.highest_ppm == 100_000
    assert costs.is_dear
    assert costs.festival is None


@pytest.mark.parametrize(
    ("multiplier", "ratio", "used", "ppm"),
    [
        (1000, OffsetRatio(20, 100), 100, 50_000),
        (1000, OffsetRatio(10, 100), 100, 100_000),
        (1500, OffsetRatio(20, 100), 100, 75_000),
        (1000, OffsetRatio(20, 100), 70, 35_000),
        (1000, OffsetRatio(3, 1), 100, 3_333),  # rounded half up, never through a float
        (1000, OffsetRatio(6, 1), 100, 1_667),
        (1000, OffsetRatio(20, 100), 0, 0),
    ],
)
def test_the_cost_is_rate_times_worth_times_use(multiplier, ratio, used, ppm):
    assert cost_ppm(ONE_FOR_ONE, replace(PLAIN, multiplier_permille=multiplier), ratio, used) == ppm


def test_each_tier_costs_more_and_the_best_period_ahead_is_named():
    spring, autumn = costs_of(NATURAL, at("2026-03-02")), costs_of(NATURAL, at("2026-12-01"))

    assert spring.festival == "会员节"
    assert [each.ordinary_ppm for each in spring.tiers] == [50_000, 60_000, 75_000, 100_000]
    assert [each.festival_ppm for each in spring.tiers] == [100_000, 120_000, 150_000, 200_000]
    assert autumn.festival is None
    assert autumn.tiers[0].festival_ppm is None


@pytest.mark.parametrize(
    ("cost", "margin", "uplift"),
    [(100_000, 400_000, 333_334), (0, 400_000, 0), (400_000, 400_000, None), (50_000, 300_000, 200_000)],
)
def test_sales_must_rise_by_the_cost_over_what_is_left_of_the_margin(cost, margin, uplift):
    assert break_even_uplift_ppm(cost, margin) == uplift


def test_an_average_order():
    cost = order_cost(TEN_YUAN, order_cents=12_650, margin_percent=40)

    assert (cost.points, cost.cost_cents, cost.margin_cents, cost.uplift_ppm) == (126, 1260, 5060, 333_334)


def test_no_margin_no_even_break():
    assert order_cost(TEN_YUAN, order_cents=10_000, margin_percent=10).uplift_ppm is None
