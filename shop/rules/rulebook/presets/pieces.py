"""What several presets share."""

from shop.rules.rulebook.sections import (
    EarningRule,
    ExpiryPolicy,
    ExpiryRule,
    MakeUpRule,
    Milestone,
    SignInRule,
    TierRule,
)

NEVER = ExpiryPolicy(kind="never", days=0, periods_after=0)
NINETY_DAYS = ExpiryPolicy(kind="days", days=90, periods_after=0)
ONE_YEAR = ExpiryPolicy(kind="days", days=365, periods_after=0)
TWO_YEARS = ExpiryPolicy(kind="days", days=730, periods_after=0)
END_OF_YEAR = ExpiryPolicy(kind="year_end", days=0, periods_after=0)
END_OF_NEXT_YEAR = ExpiryPolicy(kind="year_end", days=0, periods_after=1)
END_OF_NEXT_MONTH = ExpiryPolicy(kind="month_end", days=0, periods_after=1)
NO_MAKE_UP = MakeUpRule(per_month=0, within_days=1, cost_points=0)


def a_point_a_yuan(wait_days: int) -> EarningRule:
    """The rate that everybody understands."""
    return EarningRule(points=1, per_cents=100, includes_shipping=False, wait_days=wait_days)


def lasting(policy: ExpiryPolicy, for_deeds: ExpiryPolicy) -> ExpiryRule:
    """Points from money and from friends last one way, points from deeds and luck another."""
    return ExpiryRule(purchase=policy, interaction=for_deeds, referral=policy, draw=for_deeds, grant=policy)


def signing_in(
    *day_points: int,
    cycle: bool = False,
    milestones: tuple[tuple[int, int], ...] = (),
    makeup: MakeUpRule = NO_MAKE_UP,
) -> SignInRule:
    """A sign-in table with its milestones as (days, points)."""
    return SignInRule(
        day_points=day_points,
        cycle=cycle,
        milestones=tuple(Milestone(days=days, points=points) for days, points in milestones),
        milestone_cycle_days=30,
        makeup=makeup,
    )


def ladder(*steps: tuple[str, str, int, int]) -> tuple[TierRule, ...]:
    """Tiers as (code, name, growth from, multiplier in thousandths)."""
    return tuple(
        TierRule(code=code, name=name, growth_from=growth, multiplier_permille=multiplier)
        for code, name, growth, multiplier in steps
    )
