"""Presets of places to which people belong: a school, a company, a camp, the coffee bar round the corner."""

from dataclasses import replace

from shop.rules.rulebook.defaults import DEFAULT_RULEBOOK
from shop.rules.rulebook.presets.pieces import (
    END_OF_NEXT_YEAR,
    END_OF_YEAR,
    NINETY_DAYS,
    ONE_YEAR,
    TWO_YEARS,
    a_point_a_yuan,
    ladder,
    lasting,
    signing_in,
)
from shop.rules.rulebook.sections import CapRule, EarningRule, MakeUpRule, ReturnRule

EDUCATION = replace(
    DEFAULT_RULEBOOK,
    earning=EarningRule(points=1, per_cents=1000, includes_shipping=False, wait_days=30),
    tiers=ladder(("learner", "学员", 0, 1000), ("scholar", "学长", 5000, 1200), ("mentor", "导师", 20000, 1500)),
    offset=replace(DEFAULT_RULEBOOK.offset, points=10, per_cents=200, step_points=10, share_percent_max=10),
    expiry=lasting(TWO_YEARS, ONE_YEAR),
    caps=(CapRule(name="每月打卡", classes=("interaction",), points=300, per="month"),),
    signin=signing_in(
        5, 5, 5, 5, 5, 5, 10,
        cycle=True,
        milestones=((21, 50),),
        makeup=MakeUpRule(per_month=3, within_days=7, cost_points=10),
    ),
)  # fmt: skip
"""Fees are high, so a point is ¥10; what counts is coming every day, and 21 days in a row."""

WELFARE = replace(
    DEFAULT_RULEBOOK,
    earning=EarningRule(points=1, per_cents=10000, includes_shipping=False, wait_days=0),
    tiers=ladder(
        ("colleague", "同事", 0, 1000),
    ),
    offset=replace(DEFAULT_RULEBOOK.offset, points=1, per_cents=100, step_points=1, share_percent_max=100),
    expiry=lasting(END_OF_NEXT_YEAR, END_OF_YEAR),
    caps=(),
    signin=signing_in(0),
    returns=ReturnRule(shortage="waive", grace_days=30),
    shipping=replace(DEFAULT_RULEBOOK.shipping, fee_cents=0, free_from_cents=None),
)
"""A point is a yuan of the company's; it is given by hand or by list, and pays for everything until the end of next year."""

CAMPING = replace(
    DEFAULT_RULEBOOK,
    earning=a_point_a_yuan(7),
    tiers=ladder(("trail", "步道", 0, 1000), ("ridge", "山脊", 1000, 1200), ("summit", "山顶", 5000, 1500)),
    offset=replace(DEFAULT_RULEBOOK.offset, points=40, per_cents=100, step_points=40, share_percent_max=50),
    expiry=lasting(TWO_YEARS, ONE_YEAR),
    caps=(CapRule(name="每月互动", classes=("interaction",), points=500, per="month"),),
    signin=signing_in(
        5, milestones=((7, 20), (30, 60)), makeup=MakeUpRule(per_month=2, within_days=14, cost_points=20)
    ),
)
"""A season decides when people come: points last two years."""

COFFEE = replace(
    DEFAULT_RULEBOOK,
    earning=a_point_a_yuan(0),
    tiers=ladder(("bean", "豆", 0, 1000), ("cup", "杯", 300, 1100), ("pot", "壶", 1200, 1300)),
    offset=replace(DEFAULT_RULEBOOK.offset, points=25, per_cents=100, step_points=25, share_percent_max=100),
    expiry=lasting(ONE_YEAR, NINETY_DAYS),
    caps=(CapRule(name="每日互动", classes=("interaction",), points=10, per="day"),),
    signin=signing_in(1, 1, 1, 1, 1, 1, 5, cycle=True),
    returns=ReturnRule(shortage="waive", grace_days=7),
)
"""Small bills, every day: a point a yuan at once, and a cup for 25 points a yuan."""
