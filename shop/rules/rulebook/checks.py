"""What must fit together within a section of the rulebook, beyond the form of each value."""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from shop.rules.faults import Fault, fault
from shop.rules.rulebook.sections import (
    SOURCE_CLASSES,
    CapRule,
    ExpiryRule,
    OffsetRule,
    SignInRule,
    TierRule,
)


def _tier_faults(tiers: tuple[TierRule, ...]) -> Iterator[Fault]:
    if tiers[0].growth_from != 0:
        yield fault("tiers[0].growth_from", "first_tier_not_at_zero")
    for index, (lower, higher) in enumerate(pairwise(tiers), start=1):
        if higher.growth_from <= lower.growth_from:
            yield fault(f"tiers[{index}].growth_from", "tiers_not_rising", previous=lower.growth_from)
    yield from _repeated("tiers", "code", [tier.code for tier in tiers])


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
            if window.starts_at < earlier.ends_at and earlier.starts_at < window.ends_at:
                yield fault(f"offset.windows[{index}]", "windows_overlap", other=earlier.name)
    yield from _repeated("offset.windows", "name", [window.name for window in offset.windows])


def _expiry_faults(expiry: ExpiryRule) -> Iterator[Fault]:
    for name in SOURCE_CLASSES:
        policy = expiry.policy_for(name)
        if policy.kind == "days" and policy.days == 0:
            yield fault(f"expiry.{name}.days", "days_missing")
        if policy.kind != "days" and policy.days != 0:
            yield fault(f"expiry.{name}.days", "days_not_used")
        if policy.kind not in ("month_end", "year_end") and policy.periods_after != 0:
            yield fault(f"expiry.{name}.periods_after", "periods_not_used")


def _cap_faults(caps: tuple[CapRule, ...]) -> Iterator[Fault]:
    yield from _repeated("caps", "name", [cap.name for cap in caps])
    for index, cap in enumerate(caps):
        yield from _repeated(f"caps[{index}].classes", None, list(cap.classes))


def _sign_in_faults(signin: SignInRule) -> Iterator[Fault]:
    cycle = signin.milestone_cycle_days
    for index, milestone in enumerate(signin.milestones):
        if milestone.days > cycle:
            yield fault(
                f"signin.milestones[{index}].days", "milestone_after_cycle", milestone_cycle_days=cycle
            )
    for index, (earlier, later) in enumerate(pairwise(signin.milestones), start=1):
        if later.days <= earlier.days:
            yield fault(f"signin.milestones[{index}].days", "milestones_not_rising", previous=earlier.days)


def _repeated(path: str, field: str | None, values: list[str]) -> Iterator[Fault]:
    for index, value in enumerate(values):
        if value in values[:index]:
            place = f"{path}[{index}]" if field is None else f"{path}[{index}].{field}"
            yield fault(place, "repeated", value=value)


SECTION_CHECKS: Mapping[str, Callable[[Any], Iterator[Fault]]] = {
    "tiers": _tier_faults,
    "offset": _offset_faults,
    "expiry": _expiry_faults,
    "caps": _cap_faults,
    "signin": _sign_in_faults,
}
