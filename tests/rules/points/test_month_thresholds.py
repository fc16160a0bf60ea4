"""Awards by threshold of the month fall when returns bring the month's sum below it: cumulative, and never back."""

import pytest

from shop.rules.points.bonuses import Threshold
from shop.rules.points.earning import evaluate
from shop.rules.points.reversing import (
    Returned,
    Standing,
    month_points_to_take_back,
    points_to_take_back,
)
from shop.rules.rulebook import ThresholdEffect
from tests.rules.points.rule_stories import book, bought, rule

THOUSAND = Threshold(cents=100_000, points=50, every=False, of="month")
EACH_THOUSAND = Threshold(cents=100_000, points=50, every=True, of="month")


def standing(threshold, promised=50, *, credited=None, clawed=0, reached=0):
    threshold = Threshold(threshold.cents, threshold.points, threshold.every, "month", (), reached)
    return Standing(promised, promised if credited is None else credited, clawed, (), threshold)


@pytest.mark.parametrize(
    ("award", "left_cents", "points"),
    [
        (standing(THOUSAND), 100_000, 0),
        (standing(THOUSAND), 99_999, 50),
        (standing(THOUSAND), 0, 50),
        (standing(THOUSAND, clawed=50), 0, 0),
        (standing(THOUSAND, clawed=50), 200_000, 0),
        (standing(THOUSAND, credited=30), 0, 30),
        (standing(THOUSAND, credited=30, clawed=30), 0, 0),
        (standing(THOUSAND, 40), 99_999, 40),
        (standing(EACH_THOUSAND, 100), 150_000, 50),
        (standing(EACH_THOUSAND, 100, clawed=50), 99_999, 50),
        (standing(EACH_THOUSAND, 50, reached=2), 300_000, 0),
        (standing(EACH_THOUSAND, 50, reached=2), 299_999, 50),
        (standing(EACH_THOUSAND, 50, reached=2), 0, 50),
    ],
)
def test_an_award_stands_for_what_the_month_reaches_beyond_what_it_had(award, left_cents, points):
    assert month_points_to_take_back([award], left_cents) == (points,)


def test_the_last_step_falls_first():
    first, second = standing(EACH_THOUSAND), standing(EACH_THOUSAND, reached=1)

    assert month_points_to_take_back([first, second], 100_000) == (0, 50)


def test_a_refund_of_the_purchase_itself_leaves_it_to_the_month():
    """And what the month took is not set off against what the refund takes."""
    base = Standing(1000, 1000, 0, (1000, 0))
    fallen = standing(THOUSAND, clawed=50)

    taken = points_to_take_back([base, fallen], [Returned(100_000, 50_000), Returned(0, 0)])

    assert taken == (500, 0)


def test_an_award_remembers_how_often_the_month_had_reached_it():
    rulebook = book(rule("full", ThresholdEffect(cents=100_000, points=50, every=True, of="month")))

    award = evaluate(bought(110_000, member={"month_cents": 250_000}), rulebook).awards[-1]

    assert (award.points, award.threshold.reached) == (50, 2)
