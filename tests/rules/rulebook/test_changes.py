"""The difference between two versions, and for whom it is good."""

from dataclasses import replace

import pytest

from shop.rules.rulebook import DEFAULT_RULEBOOK, CapRule, ExpiryPolicy, Milestone, changes_between
from tests.rules.rulebooks import NATURAL, rulebook_with

D = DEFAULT_RULEBOOK


def with_tier(index: int, **values: object) -> tuple:
    tiers = list(D.tiers)
    tiers[index] = replace(tiers[index], **values)
    return tuple(tiers)


@pytest.mark.parametrize(
    ("sections", "path", "old", "new", "favours"),
    [
        ({"earning": replace(D.earning, points=2)}, "earning.points", 1, 2, True),
        ({"earning": replace(D.earning, per_cents=200)}, "earning.per_cents", 100, 200, False),
        (
            {"earning": replace(D.earning, includes_shipping=True)},
            "earning.includes_shipping",
            False,
            True,
            True,
        ),
        ({"earning": replace(D.earning, wait_days=0)}, "earning.wait_days", 7, 0, True),
        ({"tiers": with_tier(1, growth_from=600)}, "tiers[branch].growth_from", 500, 600, False),
        ({"tiers": with_tier(1, name="绿枝")}, "tiers[branch].name", "青枝", "绿枝", None),
        ({"offset": replace(D.offset, points=80)}, "offset.points", 100, 80, True),
        ({"offset": replace(D.offset, points_max=500)}, "offset.points_max", None, 500, False),
        (
            {"shipping": replace(D.shipping, free_from_cents=None)},
            "shipping.free_from_cents",
            9900,
            None,
            False,
        ),
        (
            {"signin": replace(D.signin, day_points=(10, 10, 10, 10, 10, 10, 10, 15))},
            "signin.day_points[7]",
            20,
            15,
            False,
        ),
        (
            {
                "signin": replace(
                    D.signin, milestones=(*D.signin.milestones[:1], Milestone(days=7, points=40))
                )
            },
            "signin.milestones[7].points",
            30,
            40,
            True,
        ),
        (
            {"signin": replace(D.signin, milestones=D.signin.milestones[:3])},
            "signin.milestones[30]",
            {"days": 30, "points": 100, "tickets": 0, "coupon_code": None},
            None,
            False,
        ),
        ({"signin": replace(D.signin, day_points=(5,))}, "signin.day_points", [10] * 7 + [20], [5], None),
        (
            {"expiry": replace(D.expiry, draw=ExpiryPolicy(kind="never", days=0, periods_after=0))},
            "expiry.draw",
            {"kind": "year_end", "days": 0, "periods_after": 1, "on": None, "times": 0},
            {"kind": "never", "days": 0, "periods_after": 0, "on": None, "times": 0},
            True,
        ),
        (
            {"expiry": replace(D.expiry, interaction=ExpiryPolicy(kind="days", days=60, periods_after=0))},
            "expiry.interaction.days",
            90,
            60,
            False,
        ),
        (
            {"caps": (*D.caps, CapRule(name="抽奖", classes=("draw",), points=10, per="day"))},
            "caps[抽奖]",
            None,
            {"name": "抽奖", "classes": ["draw"], "points": 10, "per": "day"},
            False,
        ),
        ({"returns": replace(D.returns, shortage="waive")}, "returns.shortage", "debt", "waive", True),
    ],
)
def test_change_names_place_and_effect(sections, path, old, new, favours):
    changes = {change.path: change for change in changes_between(D, rulebook_with(**sections))}

    assert changes[path].old == old
    assert changes[path].new == new
    assert changes[path].favours_members is favours


def test_equal_rulebooks_have_no_changes():
    assert changes_between(NATURAL, NATURAL) == ()


def test_the_way_back_has_the_same_places():
    there, back = changes_between(D, NATURAL), changes_between(NATURAL, D)

    assert {change.path for change in there} == {change.path for change in back}
    for change in there:
        (opposite,) = (other for other in back if other.path == change.path)
        assert (opposite.old, opposite.new) == (change.new, change.old)
        assert opposite.favours_members == (
            None if change.favours_members is None else not change.favours_members
        )
