"""Caps cut an offer to what is left of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.points.caps import apply_caps, caps_for
from shop.rules.rulebook import CapRule
from tests.rules.rulebooks import NATURAL, rulebook_with

TWO_CAPS = rulebook_with(
    caps=(
        CapRule(name="日", classes=("interaction",), points=50, per="day"),
        CapRule(name="月", classes=("interaction", "draw"), points=300, per="month"),
    )
)


@pytest.mark.parametrize(
    ("offered", "so_far", "points"),
    [(10, 0, 10), (120, 210, 90), (10, 290, 10), (10, 291, 9), (10, 300, 0), (10, 301, 0), (0, 300, 0)],
)
def test_offer_is_cut_to_what_is_left(offered, so_far, points):
    capped = apply_caps(offered, "interaction", {"互动": so_far}, NATURAL)

    assert (capped.points, capped.cut) == (points, offered - points)
    assert bool(capped.reasons) == (points < offered)


def test_the_row_says_what_was_cut():
    (reason,) = apply_caps(120, "interaction", {"互动": 210}, NATURAL).reasons

    assert reason.to_document() == {
        "code": "cut_by_cap",
        "params": {"cap": "互动", "per": "month", "cap_points": 300, "offered_points": 120, "cut_points": 30},
    }


def test_other_classes_are_not_cut():
    assert apply_caps(5000, "purchase", {"互动": 300}, NATURAL).points == 5000
    assert caps_for("purchase", NATURAL) == ()


def test_the_tightest_cap_decides_and_is_named():
    by_day = apply_caps(60, "interaction", {"日": 0, "月": 100}, TWO_CAPS)
    by_month = apply_caps(60, "interaction", {"日": 0, "月": 295}, TWO_CAPS)

    assert (by_day.points, by_day.reasons[0].params["cap"]) == (50, "日")
    assert (by_month.points, by_month.reasons[0].params["cap"]) == (5, "月")
    assert len(by_month.reasons) == 1


@given(offers=st.lists(st.integers(0, 200), max_size=20))
def test_a_month_of_offers_never_passes_the_cap(offers):
    credited = 0
    for offered in offers:
        capped = apply_caps(offered, "interaction", {"互动": credited}, NATURAL)
        assert capped.points + capped.cut == offered
        credited += capped.points

    assert credited == min(300, sum(offers))
