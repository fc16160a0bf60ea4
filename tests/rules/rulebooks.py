"""Rulebooks that the tests of the rules share."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from shop.rules.rulebook import (
    DEFAULT_RULEBOOK,
    CapRule,
    EarningRule,
    OffsetRule,
    OffsetWindow,
    ReturnRule,
    Rulebook,
    ShippingRule,
    SignInRule,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """A moment of the shop's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def rulebook_with(**sections: object) -> Rulebook:
    """The default rulebook with other sections."""
    return replace(DEFAULT_RULEBOOK, **sections)


NATURAL = rulebook_with(
    earning=EarningRule(points=1, per_cents=100, includes_shipping=False, wait_days=0),
    offset=OffsetRule(
        points=20,
        per_cents=100,
        step_points=1,
        points_min=0,
        points_max=None,
        share_percent_max=100,
        cash_cents_min=0,
        windows=(
            OffsetWindow(
                name="档期", starts_at=at("2026-03-01"), ends_at=at("2026-03-11"), points=15, per_cents=100
            ),
            OffsetWindow(
                name="会员节", starts_at=at("2026-11-01"), ends_at=at("2026-11-12"), points=10, per_cents=100
            ),
        ),
    ),
    caps=(CapRule(name="互动", classes=("interaction",), points=300, per="month"),),
    signin=SignInRule(
        day_points=(10,),
        cycle=False,
        milestones=(),
        milestone_cycle_days=30,
        makeup=DEFAULT_RULEBOOK.signin.makeup,
    ),
    returns=ReturnRule(shortage="debt", grace_days=7),
    shipping=ShippingRule(fee_cents=0, free_from_cents=None, free_for_points_only=True),
)
"""The policy of the reference story 自然堂."""
