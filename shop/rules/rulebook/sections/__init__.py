"""The rulebook: every number that a merchant sets about points.  Frozen; one version is one document.

Bounds stand beside each field and are used by the parser, the JSON schema and the forms alike.  ``more_is`` says
whether a larger number is better or worse for members; the difference between two versions is built from it.
"""

from dataclasses import dataclass
from typing import Annotated

from shop.rules.points.kinds import MAIN_KIND
from shop.rules.rulebook.limits import Items
from shop.rules.rulebook.sections.caps import CapRule
from shop.rules.rulebook.sections.earning import EarningRule
from shop.rules.rulebook.sections.expiry import ExpiryPolicy, ExpiryRule
from shop.rules.rulebook.sections.kinds import KindRule
from shop.rules.rulebook.sections.offset import OffsetRule, OffsetWindow
from shop.rules.rulebook.sections.orders import OrderRule, ReturnRule, ShippingRule
from shop.rules.rulebook.sections.people import (
    NAME_AND_BIRTHDAY,
    NOT_THE_SAME_DEVICE,
    NOTHING_MORE,
    NewcomerCoupon,
    NewcomerRule,
    ProfileField,
    ProfileRule,
    ReferralRule,
)
from shop.rules.rulebook.sections.publishing import A_MONTH_AHEAD, PublishingRule
from shop.rules.rulebook.sections.reminders import MONTH_WEEK_DAY, ReminderRule
from shop.rules.rulebook.sections.rules import (
    BONUSES_ADD_UP,
    AmountCondition,
    BirthdayCondition,
    ChannelCondition,
    Condition,
    DetailCondition,
    Effect,
    GoodsCondition,
    MultiplyEffect,
    PeriodCondition,
    PointsEffect,
    PurchaseNumberCondition,
    RateEffect,
    Rule,
    StackingRule,
    Step,
    StepsEffect,
    ThresholdEffect,
    TierCondition,
    Times,
)
from shop.rules.rulebook.sections.signin import MakeUpRule, Milestone, MonthStep, SignInRule, StreakCycle
from shop.rules.rulebook.sections.sources import (
    CENTS_MAX,
    CODE_PATTERN,
    POINTS_MAX,
    SOURCE_CLASSES,
    SourceClass,
)
from shop.rules.rulebook.sections.tier_policy import (
    GROWTH_FOR_GOOD,
    TierMeasure,
    TierPolicy,
    TierWindow,
)
from shop.rules.rulebook.sections.tiers import TierRule
from shop.rules.rulebook.sections.worth import AS_THE_OFFSET_SAYS, WorthRule

__all__ = [
    "CENTS_MAX",
    "CODE_PATTERN",
    "POINTS_MAX",
    "SOURCE_CLASSES",
    "AmountCondition",
    "BirthdayCondition",
    "CapRule",
    "ChannelCondition",
    "Condition",
    "DetailCondition",
    "EarningRule",
    "Effect",
    "ExpiryPolicy",
    "ExpiryRule",
    "GoodsCondition",
    "KindRule",
    "MakeUpRule",
    "Milestone",
    "MonthStep",
    "MultiplyEffect",
    "NewcomerCoupon",
    "NewcomerRule",
    "OffsetRule",
    "OffsetWindow",
    "OrderRule",
    "PeriodCondition",
    "PointsEffect",
    "ProfileField",
    "ProfileRule",
    "PublishingRule",
    "PurchaseNumberCondition",
    "RateEffect",
    "ReferralRule",
    "ReminderRule",
    "ReturnRule",
    "Rule",
    "Rulebook",
    "ShippingRule",
    "SignInRule",
    "SourceClass",
    "StackingRule",
    "Step",
    "StepsEffect",
    "StreakCycle",
    "ThresholdEffect",
    "TierCondition",
    "TierMeasure",
    "TierPolicy",
    "TierRule",
    "TierWindow",
    "Times",
    "WorthRule",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All of it.  Made by ``parse_rulebook``, which refuses what does not fit together."""

    earning: EarningRule
    tiers: Annotated[tuple[TierRule, ...], Items(1, 12, key="code", more_is="better")]
    offset: OffsetRule
    expiry: ExpiryRule
    caps: Annotated[tuple[CapRule, ...], Items(0, 20, key="name", more_is="worse")]
    signin: SignInRule
    returns: ReturnRule
    orders: OrderRule
    shipping: ShippingRule
    rules: Annotated[tuple[Rule, ...], Items(0, 60, key="code")] = ()
    stacking: StackingRule = BONUSES_ADD_UP
    tier_policy: TierPolicy = GROWTH_FOR_GOOD
    publishing: PublishingRule = A_MONTH_AHEAD
    reminders: ReminderRule = MONTH_WEEK_DAY
    worth: WorthRule = AS_THE_OFFSET_SAYS
    newcomer: NewcomerRule = NOTHING_MORE
    profile: ProfileRule = NAME_AND_BIRTHDAY
    referral: ReferralRule = NOT_THE_SAME_DEVICE
    kinds: Annotated[tuple[KindRule, ...], Items(0, 5, key="code", more_is="better")] = ()

    def rule(self, code: str | None) -> Rule | None:
        """The rule of that code, if this version has it."""
        return next((rule for rule in self.rules if rule.code == code), None)

    def kind(self, code: str) -> KindRule | None:
        """The further kind of points of that code; None for the main kind, and for one that this version lacks."""
        return next((kind for kind in self.kinds if kind.code == code), None)

    def has_kind(self, code: str) -> bool:
        """Whether points of that kind can come: the main one always."""
        return code == MAIN_KIND or self.kind(code) is not None

    def tier(self, code: str | None) -> TierRule:
        """The tier of that code; a guest, or a code that this version no longer has, stands on the first step."""
        return next((tier for tier in self.tiers if tier.code == code), self.tiers[0])
