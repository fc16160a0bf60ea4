"""Presets of shops that sell things."""

from dataclasses import replace

from shop.rules.rulebook.defaults import DEFAULT_RULEBOOK
from shop.rules.rulebook.presets.pieces import (
    END_OF_NEXT_MONTH,
    END_OF_NEXT_YEAR,
    NEVER,
    NINETY_DAYS,
    ONE_YEAR,
    a_point_a_yuan,
    ladder,
    lasting,
    signing_in,
)
from shop.rules.rulebook.sections import CapRule, ExpiryRule, MakeUpRule, ReturnRule

SIMPLE = replace(
    DEFAULT_RULEBOOK,
    earning=a_point_a_yuan(0),
    tiers=ladder(("member", "会员", 0, 1000)),
    offset=replace(
        DEFAULT_RULEBOOK.offset, points=100, per_cents=1000, step_points=100, share_percent_max=50
    ),
    expiry=lasting(NEVER, NEVER),
    caps=(),
    signin=signing_in(1),
    returns=ReturnRule(shortage="waive", grace_days=7),
)
"""¥1 is a point, 100 points are ¥10; one tier, nothing expires: for a shop that begins.  Dear: 10 % of sales."""

RETAIL = replace(
    DEFAULT_RULEBOOK,
    earning=a_point_a_yuan(7),
    tiers=ladder(
        ("regular", "普卡", 0, 1000), ("silver", "银卡", 1000, 1100),
        ("gold", "金卡", 5000, 1300), ("black", "黑卡", 20000, 1500),
    ),
    offset=replace(DEFAULT_RULEBOOK.offset, step_points=100, share_percent_max=30),
    expiry=ExpiryRule(
        purchase=END_OF_NEXT_YEAR,
        interaction=END_OF_NEXT_MONTH,
        referral=ONE_YEAR,
        draw=END_OF_NEXT_MONTH,
        grant=ONE_YEAR,
    ),
    caps=(
        CapRule(name="每日互动", classes=("interaction",), points=50, per="day"),
        CapRule(name="每月互动和抽奖", classes=("interaction", "draw"), points=600, per="month"),
    ),
)  # fmt: skip
"""Four cards, thrifty bonuses, points that lapse with the calendar: for a shop with many small purchases."""

RESTAURANT = replace(
    DEFAULT_RULEBOOK,
    earning=a_point_a_yuan(0),
    tiers=ladder(("guest", "食客", 0, 1000), ("friend", "熟客", 800, 1200), ("house", "常座", 3000, 1500)),
    offset=replace(DEFAULT_RULEBOOK.offset, points=30, per_cents=100, step_points=30, share_percent_max=50),
    expiry=lasting(ONE_YEAR, NINETY_DAYS),
    caps=(CapRule(name="每月互动", classes=("interaction",), points=200, per="month"),),
    signin=signing_in(2, 2, 2, 2, 2, 2, 8, cycle=True),
    returns=ReturnRule(shortage="waive", grace_days=7),
    shipping=replace(DEFAULT_RULEBOOK.shipping, fee_cents=0, free_from_cents=None),
)
"""Points with the bill, to use at the next meal: no waiting, three steps."""

CLOTHING = replace(
    DEFAULT_RULEBOOK,
    earning=a_point_a_yuan(15),
    tiers=ladder(
        ("cotton", "棉", 0, 1000),
        ("linen", "麻", 1000, 1100),
        ("silk", "丝", 4000, 1300),
        ("wool", "绒", 12000, 1500),
    ),
    offset=replace(DEFAULT_RULEBOOK.offset, points=50, per_cents=100, step_points=50, share_percent_max=30),
    expiry=lasting(END_OF_NEXT_YEAR, NINETY_DAYS),
    caps=(CapRule(name="每月互动", classes=("interaction",), points=300, per="month"),),
    signin=signing_in(2, milestones=((7, 10), (30, 30))),
    shipping=replace(DEFAULT_RULEBOOK.shipping, fee_cents=1000, free_from_cents=29900),
)
"""A long wait for returns of what does not fit, and a modest share of the price."""

BEAUTY = replace(
    DEFAULT_RULEBOOK,
    earning=a_point_a_yuan(15),
    tiers=ladder(
        ("new", "初见", 0, 1000), ("friend", "相知", 300, 1000), ("love", "钟爱", 1500, 1200), ("muse", "挚友", 5000, 1500)
    ),
    offset=replace(DEFAULT_RULEBOOK.offset, points=20, per_cents=100, step_points=1, share_percent_max=100),
    expiry=lasting(END_OF_NEXT_YEAR, NINETY_DAYS),
    caps=(CapRule(name="每月互动", classes=("interaction",), points=300, per="month"),),
    signin=signing_in(
        1, 1, 2, 2, 3, 3, 5,
        cycle=True,
        milestones=((7, 5), (30, 30)),
        makeup=MakeUpRule(per_month=2, within_days=7, cost_points=5),
    ),
    shipping=replace(DEFAULT_RULEBOOK.shipping, fee_cents=1000, free_from_cents=19900),
)  # fmt: skip
"""20 points for a yuan up to the whole price, points of deeds for 90 days and 300 a month: for skin care and cosmetics."""
