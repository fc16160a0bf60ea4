"""Why a decision came out as it did: a code and its numbers; the sentence is written by the web layer.

Reasons are stored with entries, quotes and orders, so a code once published keeps its meaning and parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of a decision.  ``params`` hold whole numbers (points, cents, days) and names."""

    code: str
    params: Mapping[str, int | str]

    def to_document(self) -> dict[str, object]:
        """The form that is stored as JSON."""
        return {"code": self.code, "params": dict(self.params)}

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> Self:
        """Read what :meth:`to_document` wrote.  Codes that are no longer given stay readable."""
        params = document["params"]
        assert isinstance(params, Mapping)
        return cls(code=str(document["code"]), params=dict(params))


REASON_CODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # earning
        "earned_on_amount": ("cents", "points", "per_cents", "earned_points"),
        "tier_bonus": ("tier", "tier_name", "multiplier_permille", "base_points"),
        "rate_of_goods": ("rule", "name", "cents", "points", "per_cents"),
        "rate_by_steps": ("rule", "name", "cents", "before_cents"),
        "rate_of_the_rest": ("cents", "points", "per_cents"),
        "rates_summed": ("earned_points",),
        "rule_multiplied": ("rule", "name", "multiplier_permille", "base_points", "earned_points"),
        "rule_gave": ("rule", "name", "points", "times", "earned_points"),
        "threshold_reached": ("rule", "name", "cents", "reached_cents", "times", "points"),
        "best_of_group": ("group", "others"),
        "cut_by_order_cap": ("cap_points", "offered_points", "cut_points"),
        "cut_by_budget": ("budget_points", "offered_points", "cut_points"),
        "cut_by_cap": ("cap", "per", "cap_points", "offered_points", "cut_points"),
        # spending
        "offset_ratio": ("points", "per_cents"),
        "offset_window": ("name", "points", "per_cents"),
        "offset_window_of_tier": ("name", "tier_name", "points", "per_cents"),
        "offset_window_of_goods": ("name", "points", "per_cents"),
        "offset_limited_by_balance": ("available_points",),
        "offset_limited_by_goods": ("cents",),
        "offset_limited_by_share": ("share_percent",),
        "offset_limited_by_points_max": ("points_max",),
        "offset_limited_by_cash_min": ("cash_cents_min",),
        "offset_below_min": ("points_min",),
        "offset_not_for_these_goods": (),
        "offset_pays_shipping": ("cents",),
        "offset_limited_by_goods_and_shipping": ("cents",),
        "offset_limited_by_share_with_shipping": ("share_percent",),
        "spent_at_till": ("receipt", "bill_cents", "off_cents"),
        # coupons
        "coupon_redeemed": ("coupon",),
        "coupon_redeemed_by_itself": ("coupon", "reached_points"),
        "coupon_redeemed_before_lapse": ("coupon", "days"),
        "coupon_given_back": ("coupon",),
        "coupon_cents_off": ("off_cents", "spend_cents_min"),
        "coupon_percent_off": ("off_percent", "spend_cents_min"),
        "coupon_cut_by_max": ("off_cents_max",),
        "coupon_on_some_goods": ("cents",),
        "coupon_below_min": ("missing_cents", "spend_cents_min"),
        "coupon_not_for_these_goods": (),
        # quote
        "unit_price": ("quantity", "unit_points", "unit_cents"),
        "shipping_fee": ("fee_cents",),
        "shipping_free_missing": ("missing_cents", "free_from_cents"),
        "shipping_free": ("free_from_cents",),
        "shipping_not_charged": (),
        "shipping_free_for_points": (),
        "shipping_free_for_tier": ("tier_name",),
        "shipping_not_needed": (),
        "picked_up": (),
        # limits
        "limited_per_order": ("quantity_max",),
        "limited_per_member": ("left",),
        "limited_by_stock": ("available",),
        # refunds
        "refunded_share": ("refunded_cents", "paid_cents"),
        "refunded_in_full": (),
        "refund_above_left": ("line", "wanted", "left"),
        "refund_of_nothing": (),
        "shipping_refunded": ("cents",),
        "shipping_points_refunded": ("points",),
        "gift_comes": ("name", "quantity_min"),
        "gift_needs_more": ("name", "missing"),
        "gift_sold_out": ("name",),
        "gift_had_before": ("name",),
        "gift_goes_another_way": ("name",),
        "clawed_back": ("points", "awarded_points"),
        "month_below": ("name", "cents", "left_cents", "points"),
        "refunded_before_receipt": ("points", "promised_points"),
        "deed_reversed": ("points", "reason"),
        "friends_order_returned": ("points",),
        "shortage_becomes_debt": ("points",),
        "shortage_waived": ("points",),
        "shortage_kept_from_cash": ("points",),
        "debt_repaid": ("points",),
        "returned_by_till": ("receipt",),
        "returned_in_time": (),
        "returned_with_grace": ("grace_days",),
        # by the clock, and by hand
        "lot_expired": ("points", "credited_on"),
        "adjusted": ("reason",),
        "reinstated": ("reason", "lapsed_points"),
        "merged_away": (),
        "merged_here": (),
        "merge_undone": (),
        "granted": ("reason",),
        "code_redeemed": ("batch",),
        "imported": ("source",),
        "import_undone": (),
        # tiers
        "tier_bought": ("tier_name", "months"),
        "birthday_gift": ("tier_name", "days"),
        # sign-in
        "signed_in_day": ("streak",),
        "sign_in_day_of_cycle": ("counted",),
        "sign_in_milestone": ("days",),
        "sign_in_month_step": ("days",),
        "sign_in_cycle_kept": ("version",),
        "sign_in_month_kept": ("version",),
        "sign_in_coupon": ("coupon",),
        "sign_in_coupon_gone": ("coupon",),
        "sign_in_tickets": ("tickets", "draw"),
        "sign_in_tickets_gone": ("tickets",),
        "makeup_cost": ("day",),
        "makeup_not_missed": (),
        "makeup_not_past": (),
        "makeup_too_old": ("within_days",),
        "makeup_other_month": (),
        "makeup_used_up": ("per_month",),
        "makeup_before_joining": (),
        # draw
        "draw_price": ("draw",),
        "draw_prize": ("draw", "prize"),
    }
)


PARAMS = {code: frozenset(names) for code, names in REASON_CODES.items()}


def because(code: str, **params: int | str) -> Reason:
    """A reason of the registry; a wrong code or parameter name is a mistake of ours."""
    assert params.keys() == PARAMS[code], f"{code}: {sorted(params)}"
    return Reason(code, params)
