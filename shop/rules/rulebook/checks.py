"""What must fit together within a section of the rulebook, beyond the form of each value."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from shop.rules.faults import Fault, fault
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.rulebook.sections import (
    SOURCE_CLASSES,
    CapRule,
    Condition,
    ExpiryPolicy,
    ExpiryRule,
    GoodsCondition,
    KindRule,
    Milestone,
    MonthStep,
    MultiplyEffect,
    NewcomerRule,
    OffsetRule,
    OffsetWindow,
    PeriodCondition,
    PointsEffect,
    ProfileRule,
    RateEffect,
    ReminderRule,
    Rule,
    SignInRule,
    StepsEffect,
    TierRule,
)
from shop.rules.rulebook.sections.expiry import COUNTED_IN_DAYS, PERIOD_ENDS
from shop.rules.rulebook.sections.people import PROFILE_NAMES

WEEK_DAYS = 7
MONTH_DAYS_MAX = 31


def _tier_faults(tiers: tuple[TierRule, ...]) -> Iterator[Fault]:
    if tiers[0].growth_from != 0:
        yield fault("tiers[0].growth_from", "first_tier_not_at_zero")
    for index, (lower, higher) in enumerate(pairwise(tiers), start=1):
        if higher.growth_from <= lower.growth_from:
            yield fault(f"tiers[{index}].growth_from", "tiers_not_rising", previous=lower.growth_from)
    yield from _repeated("tiers", "code", [tier.code for tier in tiers])
    yield from _tier_price_faults(tiers)
    for index, tier in enumerate(tiers):
        if tier.monthly_coupons and tier.monthly_coupon_code is None:
            yield fault(f"tiers[{index}].monthly_coupon_code", "coupon_code_missing")


def _tier_price_faults(tiers: tuple[TierRule, ...]) -> Iterator[Fault]:
    """The first step is free; of two that are for sale the higher costs more."""
    if tiers[0].price_points is not None:
        yield fault("tiers[0].price_points", "first_tier_for_sale")
    highest = 0
    for index, tier in enumerate(tiers):
        if tier.price_points is None:
            continue
        if tier.price_points <= highest:
            yield fault(f"tiers[{index}].price_points", "tier_prices_not_rising", previous=highest)
        highest = max(highest, tier.price_points)


def _offset_faults(offset: OffsetRule) -> Iterator[Fault]:
    if offset.points_max is not None:
        if offset.points_min > offset.points_max:
            yield fault("offset.points_min", "minimum_above_maximum", maximum=offset.points_max)
        if offset.points_max < offset.step_points:
            yield fault("offset.points_max", "less_than_one_step", step_points=offset.step_points)
    for index, window in enumerate(offset.windows):
        if window.ends_at <= window.starts_at:
            yield fault(f"offset.windows[{index}].ends_at", "ends_before_start")
        for earlier in offset.windows[:index]:
            if _clash(window, earlier):
                yield fault(f"offset.windows[{index}]", "windows_overlap", other=earlier.name)
    yield from _repeated("offset.windows", "name", [window.name for window in offset.windows])


def _clash(window: OffsetWindow, earlier: OffsetWindow) -> bool:
    """Whether two windows are for the same members and goods at one moment; of different ones the better counts."""
    is_same = set(window.tiers) == set(earlier.tiers) and set(window.categories) == set(earlier.categories)
    return is_same and window.starts_at < earlier.ends_at and earlier.starts_at < window.ends_at


def _expiry_faults(expiry: ExpiryRule) -> Iterator[Fault]:
    for name in SOURCE_CLASSES:
        yield from _policy_faults(f"expiry.{name}", expiry.policy_for(name))


def _policy_faults(path: str, policy: ExpiryPolicy) -> Iterator[Fault]:
    counts_days, renews = policy.kind in COUNTED_IN_DAYS, policy.kind == "renewing"
    if counts_days != (policy.days != 0):
        yield fault(f"{path}.days", "days_missing" if counts_days else "days_not_used")
    if policy.kind not in PERIOD_ENDS and policy.periods_after != 0:
        yield fault(f"{path}.periods_after", "periods_not_used")
    if (policy.kind == "fixed") != (policy.on is not None):
        yield fault(f"{path}.on", "day_missing" if policy.on is None else "day_not_used")
    if renews != (policy.times != 0):
        yield fault(f"{path}.times", "times_missing" if renews else "times_not_used")


def _reminder_faults(reminders: ReminderRule) -> Iterator[Fault]:
    for index, (earlier, later) in enumerate(pairwise(reminders.days), start=1):
        if later >= earlier:
            yield fault(f"reminders.days[{index}]", "reminders_not_falling", previous=earlier)
    if reminders.days[0] < reminders.notice_days_min:
        yield fault("reminders.notice_days_min", "notice_after_reminders", days=reminders.days[0])


def _cap_faults(caps: tuple[CapRule, ...]) -> Iterator[Fault]:
    yield from _repeated("caps", "name", [cap.name for cap in caps])
    for index, cap in enumerate(caps):
        yield from _repeated(f"caps[{index}].classes", None, list(cap.classes))


def _sign_in_faults(signin: SignInRule) -> Iterator[Fault]:
    cycle = {"week": WEEK_DAYS, "month": MONTH_DAYS_MAX}.get(signin.streak_cycle)
    if cycle is not None and len(signin.day_points) > cycle:
        yield fault("signin.day_points", "table_after_cycle", days=cycle)
    yield from _step_faults("signin.milestones", signin.milestones, cycle or signin.milestone_cycle_days)
    yield from _step_faults("signin.month_steps", signin.month_steps, MONTH_DAYS_MAX)


def _step_faults(path: str, steps: Sequence[Milestone | MonthStep], cycle: int) -> Iterator[Fault]:
    """Steps rise, lie within their cycle, and each brings something."""
    for index, step in enumerate(steps):
        if step.days > cycle:
            yield fault(f"{path}[{index}].days", "milestone_after_cycle", milestone_cycle_days=cycle)
        if not (step.points or step.tickets or step.coupon_code):
            yield fault(f"{path}[{index}].points", "reward_missing")
    for index, (earlier, later) in enumerate(pairwise(steps), start=1):
        if later.days <= earlier.days:
            yield fault(f"{path}[{index}].days", "milestones_not_rising", previous=earlier.days)


def _repeated(path: str, field: str | None, values: list[str]) -> Iterator[Fault]:
    for index, value in enumerate(values):
        if value in values[:index]:
            place = f"{path}[{index}]" if field is None else f"{path}[{index}].{field}"
            yield fault(place, "repeated", value=value)


def _rule_faults(rules: tuple[Rule, ...]) -> Iterator[Fault]:
    yield from _repeated("rules", "code", [rule.code for rule in rules])
    for index, rule in enumerate(rules):
        path = f"rules[{index}]"
        kinds = [condition.kind for condition in rule.conditions if condition.kind != "goods"]
        yield from _repeated(f"{path}.conditions", None, [*kinds])
        for place, condition in enumerate(rule.conditions):
            yield from _condition_faults(f"{path}.conditions[{place}]", condition)
        yield from _effect_faults(path, rule)
        if rule.expiry is not None:
            yield from _policy_faults(f"{path}.expiry", rule.expiry)


def _condition_faults(path: str, condition: Condition) -> Iterator[Fault]:
    if isinstance(condition, GoodsCondition) and not (
        condition.categories or condition.tags or condition.skus
    ):
        yield fault(path, "nothing_named")
    if isinstance(condition, PeriodCondition):
        starts_at, ends_at = condition.starts_at, condition.ends_at
        if starts_at and ends_at and ends_at <= starts_at:
            yield fault(f"{path}.ends_at", "ends_before_start")
        if condition.hour_until <= condition.hour_from:
            yield fault(f"{path}.hour_until", "ends_before_start")


def _effect_faults(path: str, rule: Rule) -> Iterator[Fault]:
    effect = rule.effect
    if isinstance(effect, StepsEffect):
        for index, (lower, higher) in enumerate(pairwise(effect.steps), start=1):
            if higher.from_cents <= lower.from_cents:
                place = f"{path}.effect.steps[{index}].from_cents"
                yield fault(place, "steps_not_rising", previous=lower.from_cents)
    if rule.event != "purchase" and not isinstance(effect, PointsEffect | MultiplyEffect):
        yield fault(f"{path}.effect.kind", "only_for_purchases")


def _newcomer_faults(newcomer: NewcomerRule) -> Iterator[Fault]:
    yield from _repeated("newcomer.coupons", "code", [coupon.code for coupon in newcomer.coupons])


def _profile_faults(profile: ProfileRule) -> Iterator[Fault]:
    yield from _repeated("profile.fields", None, list(profile.fields))
    yield from _repeated("profile.own", "code", [field.code for field in profile.own])
    for index, field in enumerate(profile.own):
        yield from _repeated(f"profile.own[{index}].choices", None, list(field.choices))
        if field.code in PROFILE_NAMES:
            yield fault(f"profile.own[{index}].code", "repeated", value=field.code)


def _kind_faults(kinds: tuple[KindRule, ...]) -> Iterator[Fault]:
    yield from _repeated("kinds", "code", [kind.code for kind in kinds])
    yield from _repeated("kinds", "name", [kind.name for kind in kinds])
    for index, kind in enumerate(kinds):
        if kind.code == MAIN_KIND:
            yield fault(f"kinds[{index}].code", "kind_reserved", value=kind.code)
        yield from _policy_faults(f"kinds[{index}].expiry", kind.expiry)


def credit_faults(rules: tuple[Rule, ...], kinds: tuple[KindRule, ...]) -> Iterator[Fault]:
    """What rules and kinds of points must agree on: a rule credits a kind that is there, by a bonus, beside its like."""
    known = {MAIN_KIND, *(kind.code for kind in kinds)}
    groups = {"tier": MAIN_KIND}  # the group of the tier's own multiplier
    for index, rule in enumerate(rules):
        if rule.credits not in known:
            yield fault(f"rules[{index}].credits", "kind_unknown", value=rule.credits)
        if rule.credits != MAIN_KIND and isinstance(rule.effect, RateEffect | StepsEffect):
            yield fault(f"rules[{index}].effect.kind", "kind_needs_bonus")
        if rule.group and groups.setdefault(rule.group, rule.credits) != rule.credits:
            yield fault(f"rules[{index}].group", "kinds_in_one_group", group=rule.group)


SECTION_CHECKS: Mapping[str, Callable[[Any], Iterator[Fault]]] = {
    "tiers": _tier_faults,
    "offset": _offset_faults,
    "expiry": _expiry_faults,
    "reminders": _reminder_faults,
    "caps": _cap_faults,
    "signin": _sign_in_faults,
    "rules": _rule_faults,
    "kinds": _kind_faults,
    "newcomer": _newcomer_faults,
    "profile": _profile_faults,
}
