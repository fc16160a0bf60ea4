"""Points instead of cash: the ratio of the moment, the bounds, and why."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shop.rules.points.redeeming import OffsetLimits, OffsetRatio, offset_limits, offset_ratio
from shop.rules.rulebook import (
    DEFAULT_RULEBOOK,
    OffsetRule,
    OffsetWindow,
    Rulebook,
    RulebookInvalid,
    parse_rulebook,
    rulebook_document,
)
from tests.rules.rulebooks import NATURAL, at, rulebook_with

D = DEFAULT_RULEBOOK


def limits(
    goods_cents: int,
    points: int,
    rulebook: Rulebook = D,
    moment: str = "2026-06-01",
    offsettable_cents: int | None = None,
) -> OffsetLimits:
    return offset_limits(
        goods_cents=goods_cents,
        offsettable_cents=goods_cents if offsettable_cents is None else offsettable_cents,
        points_available=points,
        rulebook=rulebook,
        at=at(moment),
    )


def offset_with(**values: object) -> Rulebook:
    return rulebook_with(offset=replace(D.offset, **values))


@pytest.mark.parametrize(
    ("moment", "points", "window"),
    [
        ("2026-02-28T23:59:59", 20, None),
        ("2026-03-01T00:00:00", 15, "档期"),
        ("2026-03-08T12:00:00", 15, "档期"),
        ("2026-11-11T23:59:59", 10, "会员节"),
        ("2026-11-12T00:00:00", 20, None),
    ],
)
def test_ratio_of_the_moment(moment, points, window):
    assert offset_ratio(NATURAL, at(moment)) == OffsetRatio(points, 100, window)


@pytest.mark.parametrize(
    ("moment", "points", "cents"),
    [
        ("2026-03-08", 300, 2000),
        ("2026-11-05", 1000, 10000),
        ("2026-06-01", 300, 1500),
        ("2026-11-11T23:59:59", 1000, 10000),
        ("2026-11-12", 1000, 5000),
    ],
)
def test_offsets_of_the_reference_story(moment, points, cents):
    offered = limits(18000, 1166, NATURAL, moment)

    assert offered.accepted(points) == points
    assert offered.cents_for(points) == cents


@pytest.mark.parametrize(
    ("rulebook", "goods_cents", "points", "points_max", "reason"),
    [
        (D, 13890, 1780, 1780, "offset_limited_by_balance"),
        (D, 13890, 1785, 1780, "offset_limited_by_balance"),
        (D, 13890, 100_000, 6940, "offset_limited_by_share"),
        (offset_with(share_percent_max=100), 13890, 100_000, 13890, "offset_limited_by_goods"),
        (offset_with(points_max=500), 13890, 100_000, 500, "offset_limited_by_points_max"),
        (
            offset_with(share_percent_max=100, cash_cents_min=890),
            13890,
            100_000,
            13000,
            "offset_limited_by_cash_min",
        ),
        (offset_with(cash_cents_min=20000), 13890, 100_000, 0, "offset_limited_by_cash_min"),
    ],
)
def test_the_lowest_bound_decides_and_is_told(rulebook, goods_cents, points, points_max, reason):
    offered = limits(goods_cents, points, rulebook)

    assert offered.points_max == points_max
    assert offered.reasons[1].code == reason


def test_goods_without_offset_take_no_points():
    offered = limits(10000, 5000, offsettable_cents=0)

    assert (offered.points_max, offered.accepted(500)) == (0, 0)
    assert [reason.code for reason in offered.reasons] == ["offset_not_for_these_goods"]


def test_share_counts_all_goods_but_only_some_may_be_offset():
    offered = limits(10000, 50_000, offsettable_cents=2000)

    assert offered.points_max == 2000
    assert offered.reasons[1].code == "offset_limited_by_goods"


def test_below_the_minimum_there_is_no_offset():
    offered = limits(10000, 90, offset_with(points_min=100))

    assert offered.points_max == 0
    assert offered.reasons[-1].to_document() == {"code": "offset_below_min", "params": {"points_min": 100}}


@pytest.mark.parametrize(
    ("wanted", "accepted"),
    [(-5, 0), (0, 0), (9, 0), (99, 0), (100, 100), (119, 110), (10**12, 500)],
)
def test_a_wish_is_cut_to_steps_and_range(wanted, accepted):
    assert limits(10000, 500, offset_with(points_min=100)).accepted(wanted) == accepted


def test_no_point_is_spent_for_nothing():
    """1000 points a yuan are ten for a fen: 15 points would waste five."""
    rulebook = offset_with(points=1000, step_points=1)

    assert limits(10000, 5000, rulebook).accepted(15) == 10
    assert limits(10000, 5000, rulebook).accepted(9) == 0


def test_points_may_cover_the_last_cent():
    """Three points for two fen: two points take one fen off, and one would take nothing."""
    rulebook = offset_with(points=3, per_cents=2, step_points=1, share_percent_max=100)

    assert limits(1, 5000, rulebook).points_max == 2
    assert limits(1, 5000, rulebook).cents_for(2) == 1


OFFSET_RULES = st.builds(
    OffsetRule,
    points=st.integers(1, 500),
    per_cents=st.integers(1, 500),
    step_points=st.integers(1, 50),
    points_min=st.integers(0, 100),
    points_max=st.none() | st.integers(100, 5000),
    share_percent_max=st.integers(0, 100),
    cash_cents_min=st.integers(0, 2000),
    windows=st.just(()),
)


@given(
    rule=OFFSET_RULES,
    goods_cents=st.integers(0, 50_000),
    other_cents=st.integers(0, 50_000),
    points=st.integers(0, 100_000),
    wanted=st.integers(-10, 200_000),
)
def test_an_offset_keeps_every_bound(rule, goods_cents, other_cents, points, wanted):
    all_cents = goods_cents + other_cents
    offered = limits(all_cents, points, rulebook_with(offset=rule), offsettable_cents=goods_cents)
    accepted = offered.accepted(wanted)
    cents = offered.cents_for(accepted)

    assert 0 <= accepted <= max(0, min(wanted, points, offered.points_max))
    assert cents <= goods_cents
    assert cents * 100 <= all_cents * rule.share_percent_max
    assert accepted % rule.step_points == 0
    assume(accepted)
    assert cents > 0
    assert accepted >= rule.points_min
    assert all_cents - cents >= min(rule.cash_cents_min, all_cents)
    assert rule.points_max is None or accepted <= rule.points_max


@given(rule=OFFSET_RULES, goods_cents=st.integers(0, 50_000), points=st.integers(0, 100_000))
def test_the_end_of_the_slider_is_accepted(rule, goods_cents, points):
    offered = limits(goods_cents, points, rulebook_with(offset=rule))
    assume(offered.points_max)

    accepted = offered.accepted(offered.points_max)

    assert accepted > 0
    assert offered.cents_for(accepted) == offered.cents_for(offered.points_max)


def window(name: str, points: int, **values: object) -> OffsetWindow:
    return OffsetWindow(
        name=name,
        starts_at=at("2026-03-01"),
        ends_at=at("2026-04-01"),
        points=points,
        per_cents=100,
        **values,
    )


TABLE = offset_with(
    points=20,
    per_cents=100,
    step_points=1,
    windows=(
        window("档期", 15),
        window("金枝", 12, tiers=("branch",)),
        window("护肤", 10, categories=("skin", "hair")),
        window("差的", 30, tiers=("branch",), categories=("skin",)),
    ),
)


@pytest.mark.parametrize(
    ("tier", "categories", "name"),
    [
        (None, ("tea",), "档期"),
        ("sprout", ("tea",), "档期"),
        ("branch", ("tea",), "金枝"),
        ("branch", (None,), "金枝"),
        ("branch", (), "金枝"),
        ("sprout", ("skin",), "护肤"),
        ("branch", ("skin", "hair", "skin"), "护肤"),
        ("sprout", ("skin", "tea"), "档期"),
        ("sprout", ("skin", None), "档期"),
    ],
)
def test_the_best_ratio_for_member_and_goods_wins(tier, categories, name):
    found = offset_ratio(TABLE, at("2026-03-08"), tier_code=tier, categories=categories)

    assert found.window == name
    assert offset_ratio(TABLE, at("2026-04-01"), tier_code=tier, categories=categories).window is None


def test_the_reason_names_the_tier_or_the_goods():
    def first(tier: str, category: str) -> str:
        found = offset_limits(goods_cents=1000, offsettable_cents=1000, points_available=500, rulebook=TABLE,
                              at=at("2026-03-08"), tier_code=tier, categories=[category])  # fmt: skip
        return found.reasons[0].code

    assert first("branch", "tea") == "offset_window_of_tier"
    assert first("sprout", "skin") == "offset_window_of_goods"
    assert first("sprout", "tea") == "offset_window"


def test_windows_of_one_time_may_stand_together_for_different_people():
    assert parse_rulebook(rulebook_document(TABLE)) == TABLE
    twice = offset_with(
        windows=(window("a", 15, tiers=("leaf", "branch")), window("b", 9, tiers=("branch", "leaf")))
    )
    with pytest.raises(RulebookInvalid) as refused:
        parse_rulebook(rulebook_document(twice))
    assert [fault.code for fault in refused.value.faults] == ["windows_overlap"]
