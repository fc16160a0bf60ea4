"""Policies that ship with the mall: a merchant starts from one and changes what is different."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from shop.rules.rulebook.defaults import DEFAULT_RULEBOOK
from shop.rules.rulebook.sections import (
    CapRule,
    EarningRule,
    ExpiryPolicy,
    ExpiryRule,
    MakeUpRule,
    Milestone,
    ReturnRule,
    Rulebook,
    SignInRule,
    TierRule,
)

_NEVER = ExpiryPolicy(kind="never", days=0, periods_after=0)
_ONE_YEAR = ExpiryPolicy(kind="days", days=365, periods_after=0)
_END_OF_YEAR_AFTER = ExpiryPolicy(kind="year_end", days=0, periods_after=1)
_END_OF_NEXT_MONTH = ExpiryPolicy(kind="month_end", days=0, periods_after=1)

SIMPLE = replace(
    DEFAULT_RULEBOOK,
    earning=EarningRule(points=1, per_cents=100, includes_shipping=False, wait_days=0),
    tiers=(TierRule(code="member", name="会员", growth_from=0, multiplier_permille=1000),),
    expiry=ExpiryRule(purchase=_NEVER, interaction=_NEVER, referral=_NEVER, draw=_NEVER, grant=_NEVER),
    caps=(),
    signin=SignInRule(
        day_points=(5,),
        cycle=False,
        milestones=(),
        milestone_cycle_days=30,
        makeup=MakeUpRule(per_month=0, within_days=1, cost_points=0),
    ),
    returns=ReturnRule(shortage="waive", grace_days=7),
)
"""One tier, nothing expires, few numbers: for a shop that begins."""

RETAIL = replace(
    DEFAULT_RULEBOOK,
    earning=EarningRule(points=1, per_cents=100, includes_shipping=False, wait_days=7),
    tiers=(
        TierRule(code="regular", name="普卡", growth_from=0, multiplier_permille=1000),
        TierRule(code="silver", name="银卡", growth_from=1000, multiplier_permille=1100),
        TierRule(code="gold", name="金卡", growth_from=5000, multiplier_permille=1300),
        TierRule(code="black", name="黑卡", growth_from=20000, multiplier_permille=1500),
    ),
    offset=replace(DEFAULT_RULEBOOK.offset, step_points=100, share_percent_max=30),
    expiry=ExpiryRule(
        purchase=_END_OF_YEAR_AFTER,
        interaction=_END_OF_NEXT_MONTH,
        referral=_ONE_YEAR,
        draw=_END_OF_NEXT_MONTH,
        grant=_ONE_YEAR,
    ),
    caps=(
        CapRule(name="每日互动", classes=("interaction",), points=50, per="day"),
        CapRule(name="每月互动和抽奖", classes=("interaction", "draw"), points=600, per="month"),
    ),
)
"""Four cards, thrifty bonuses, points that lapse with the calendar: for a shop with many small purchases."""

BEAUTY = replace(
    DEFAULT_RULEBOOK,
    earning=EarningRule(points=1, per_cents=100, includes_shipping=False, wait_days=15),
    tiers=(
        TierRule(code="new", name="初见", growth_from=0, multiplier_permille=1000),
        TierRule(code="friend", name="相知", growth_from=300, multiplier_permille=1200),
        TierRule(code="love", name="钟爱", growth_from=1500, multiplier_permille=1500),
        TierRule(code="muse", name="挚友", growth_from=5000, multiplier_permille=2000),
    ),
    offset=replace(DEFAULT_RULEBOOK.offset, points=10, per_cents=100, step_points=10, share_percent_max=100),
    expiry=ExpiryRule(
        purchase=_END_OF_YEAR_AFTER,
        interaction=_ONE_YEAR,
        referral=_END_OF_YEAR_AFTER,
        draw=_ONE_YEAR,
        grant=_END_OF_YEAR_AFTER,
    ),
    signin=SignInRule(
        day_points=(1, 1, 2, 2, 3, 3, 5),
        cycle=True,
        milestones=(Milestone(days=7, points=5), Milestone(days=30, points=30)),
        milestone_cycle_days=30,
        makeup=MakeUpRule(per_month=2, within_days=7, cost_points=5),
    ),
    shipping=replace(DEFAULT_RULEBOOK.shipping, fee_cents=1000, free_from_cents=19900),
)
"""Dear points (10 for a yuan), strong tiers, a long wait for returns: for skin care and cosmetics."""

PRESETS: Mapping[str, Rulebook] = MappingProxyType(
    {"default": DEFAULT_RULEBOOK, "simple": SIMPLE, "retail": RETAIL, "beauty": BEAUTY}
)
