"""What is wrong with something a merchant typed: where, which mistake, and its numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake.  ``path`` names the place (``tiers[2].growth_from``); the web layer has the sentence."""

    path: str
    code: str
    params: Mapping[str, int | str] = field(default_factory=dict)


FAULT_CODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # any document
        "unknown_key": (),
        "missing": (),
        "not_an_object": (),
        "not_a_list": (),
        "not_a_whole_number": (),
        "not_yes_or_no": (),
        "not_a_text": (),
        "not_a_moment": (),
        "not_a_day": (),
        "below_minimum": ("minimum",),
        "above_maximum": ("maximum",),
        "text_empty": (),
        "text_too_long": ("maximum",),
        "text_malformed": (),
        "not_a_choice": ("choices",),
        "too_few_items": ("minimum",),
        "too_many_items": ("maximum",),
        # rulebook
        "repeated": ("value",),
        "first_tier_not_at_zero": (),
        "tiers_not_rising": ("previous",),
        "first_tier_for_sale": (),
        "tier_prices_not_rising": ("previous",),
        "coupon_code_missing": (),
        "ends_before_start": (),
        "windows_overlap": ("other",),
        "minimum_above_maximum": ("maximum",),
        "less_than_one_step": ("step_points",),
        "days_missing": (),
        "days_not_used": (),
        "periods_not_used": (),
        "day_missing": (),
        "day_not_used": (),
        "times_missing": (),
        "times_not_used": (),
        "reminders_not_falling": ("previous",),
        "notice_after_reminders": ("days",),
        "milestones_not_rising": ("previous",),
        "milestone_after_cycle": ("milestone_cycle_days",),
        "table_after_cycle": ("days",),
        "reward_missing": (),
        "nothing_named": (),
        "steps_not_rising": ("previous",),
        "only_for_purchases": (),
        "kind_reserved": ("value",),
        "kind_unknown": ("value",),
        "kind_needs_bonus": (),
        "kinds_in_one_group": ("group",),
        # draw
        "weights_do_not_sum": ("sum", "expected"),
        "too_many_prizes": ("maximum",),
        "too_few_prizes": ("minimum",),
        "no_consolation": (),
        "several_consolations": ("count",),
        "consolation_has_stock": (),
        "prize_too_dear": ("cents_max",),
        "negative_number": (),
        "zero_weight": (),
    }
)


def fault(path: str, code: str, **params: int | str) -> Fault:
    """A fault of the registry; a wrong code or parameter name is a mistake of ours."""
    assert tuple(sorted(params)) == tuple(sorted(FAULT_CODES[code])), f"{code}: {sorted(params)}"
    return Fault(path, code, params)
