"""The rulebook of a shop whose owner has said nothing yet."""

from shop.rules.rulebook.sections import (
    CapRule,
    EarningRule,
    ExpiryPolicy,
    ExpiryRule,
    MakeUpRule,
    Milestone,
    OffsetRule,
    OrderRule,
    ReturnRule,
    Rulebook,
    ShippingRule,
    SignInRule,
    TierRule,
)

_END_OF_NEXT_YEAR = ExpiryPolicy(kind="year_end", days=0, periods_after=1)
_NINETY_DAYS = ExpiryPolicy(kind="days", days=90, periods_after=0)

DEFAULT_RULEBOOK = Rulebook(
    earning=EarningRule(points=1, per_cents=100, includes_shipping=False, wait_days=7),
    tiers=(
        TierRule(code="sprout", name="新芽", growth_from=0, multiplier_permille=1000),
        TierRule(code="branch", name="青枝", growth_from=500, multiplier_permille=1200),
        TierRule(code="crown", name="满枝", growth_from=2000, multiplier_permille=1500),
        TierRule(code="fruit", name="硕果", growth_from=6000, multiplier_permille=2000),
    ),
    offset=OffsetRule(
        points=100,
        per_cents=100,
        step_points=10,
        points_min=0,
        points_max=None,
        share_percent_max=50,
        cash_cents_min=0,
        windows=(),
    ),
    expiry=ExpiryRule(
        purchase=_END_OF_NEXT_YEAR,
        interaction=_NINETY_DAYS,
        referral=_END_OF_NEXT_YEAR,
        draw=_END_OF_NEXT_YEAR,
        grant=_END_OF_NEXT_YEAR,
    ),
    caps=(CapRule(name="互动积分", classes=("interaction",), points=900, per="month"),),
    signin=SignInRule(
        day_points=(10, 10, 10, 10, 10, 10, 10, 20),
        cycle=False,
        milestones=(
            Milestone(days=3, points=10),
            Milestone(days=7, points=30),
            Milestone(days=15, points=50),
            Milestone(days=30, points=100),
        ),
        milestone_cycle_days=30,
        makeup=MakeUpRule(per_month=1, within_days=7, cost_points=50),
    ),
    returns=ReturnRule(shortage="debt", grace_days=7),
    orders=OrderRule(hold_minutes=15, receive_after_days=10),
    shipping=ShippingRule(fee_cents=800, free_from_cents=9900, free_for_points_only=True),
)
