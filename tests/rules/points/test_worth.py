"""What a point is worth, stated and implied."""

from dataclasses import replace

import pytest

from shop.rules.points.worth import implied_worth, is_out_of_line, median_worth, stated_worth
from shop.rules.rulebook import DEFAULT_RULEBOOK
from shop.rules.rulebook.sections import WorthRule


def test_the_shop_states_it_or_the_offset_does():
    assert stated_worth(DEFAULT_RULEBOOK) == 1000
    assert stated_worth(replace(DEFAULT_RULEBOOK, worth=WorthRule(points_per_yuan=20))) == 5000
    nothing_off = replace(DEFAULT_RULEBOOK, offset=replace(DEFAULT_RULEBOOK.offset, share_percent_max=0))
    assert stated_worth(nothing_off) is None


@pytest.mark.parametrize(
    ("market", "cents", "points", "worth"),
    [
        (5000, 0, 500, 10_000),
        (5000, 1000, 500, 8_000),
        (None, 0, 500, None),
        (5000, 0, 0, None),
        (500, 900, 10, 0),
    ],
)
def test_a_price_implies_what_its_points_save(market, cents, points, worth):
    assert implied_worth(market, cents, points) == worth


@pytest.mark.parametrize(("worths", "median"), [([], None), ([7], 7), ([9, 1, 5], 5), ([1, 4, 6, 100], 5)])
def test_the_middle_of_the_shelf(worths, median):
    assert median_worth(worths) == median


@pytest.mark.parametrize(("worth", "out"), [(49, True), (50, False), (100, False), (150, False), (151, True)])
def test_half_and_one_and_a_half_are_still_in_line(worth, out):
    assert is_out_of_line(worth, 100) is out
