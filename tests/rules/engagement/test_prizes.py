"""Which prizes are in the odds, what an attempt costs, and how a stored number becomes a prize."""

import pytest

from shop.rules.engagement.draw import PARTS, odds
from shop.rules.engagement.prizes import (
    PrizeCost,
    PrizeOffer,
    cost_in_millicents,
    place_of,
    prizes_in_play,
    stretch_of,
)
from shop.rules.rulebook import DEFAULT_RULEBOOK

FEW = PrizeOffer(id=1, kind="points", points=20, weight_ppm=600_000, stock_left=None, is_consolation=True)
MANY = PrizeOffer(id=2, kind="points", points=100, weight_ppm=100_000, stock_left=None, is_consolation=False)
BEAR = PrizeOffer(id=3, kind="product", points=0, weight_ppm=100_000, stock_left=2, is_consolation=False)
THANKS = PrizeOffer(id=4, kind="nothing", points=0, weight_ppm=200_000, stock_left=None, is_consolation=False)
BOARD = (FEW, MANY, BEAR, THANKS)


def parts(offers, budget_left):
    in_play = prizes_in_play(offers, budget_left)
    return None if in_play is None else {chance.prize_id: chance.parts for chance in odds(in_play)}


@pytest.mark.parametrize(
    ("budget_left", "expected"),
    [
        (None, {1: 600_000, 2: 100_000, 3: 100_000, 4: 200_000}),
        (100, {1: 600_000, 2: 100_000, 3: 100_000, 4: 200_000}),
        (99, {1: 700_000, 2: 0, 3: 100_000, 4: 200_000}),
        (19, {1: 0, 2: 0, 3: 100_000, 4: 900_000}),
        (0, {1: 0, 2: 0, 3: 100_000, 4: 900_000}),
    ],
)
def test_what_the_budget_no_longer_covers_falls_to_the_consolation(budget_left, expected):
    assert parts(BOARD, budget_left) == expected
    assert sum(expected.values()) == PARTS


def test_day_is_over_without_a_prize_that_gives_nothing():
    assert parts((FEW, MANY), 19) is None


def test_cost_is_rounded_up_to_thousandths_of_a_cent():
    costs = [PrizeCost(weight_ppm=1, kind="product", points=0, market_cents=1)]

    assert cost_in_millicents(costs, DEFAULT_RULEBOOK.offset) == 1


def test_stored_odds_give_every_number_to_one_prize():
    shares = (5_000, 0, 324_000, 671_000)

    assert [stretch_of(shares, place) for place in (0, 2, 3)] == [
        (0, 4_999),
        (5_000, 328_999),
        (329_000, 999_999),
    ]
    assert [place_of(shares, rolled) for rolled in (0, 4_999, 5_000, 328_999, 999_999)] == [0, 0, 2, 2, 3]
