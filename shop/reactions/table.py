"""One table: event -> what follows.  Each reaction calls one service and runs once, in a transaction of its own."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from shop.reactions import (
    campaigns,
    catalogue,
    draws,
    members,
    orders,
    payments,
    points,
    purchases,
    referrals,
)

Reaction = Callable[[Mapping[str, Any], datetime], None]

REACTIONS: dict[str, tuple[Reaction, ...]] = {
    "order_paid": (payments.count_redeemed_products, orders.tell_of_payment),
    "order_shipped": (orders.tell_of_shipment,),
    "order_closed": (orders.tell_of_closing,),
    "sandbox_paid_late": (payments.deliver_late_sandbox_notice,),
    "member_registered": (members.give_pack, members.reward_registration, members.welcome_member),
    "profile_changed": (members.reward_profile,),
    "login_code_requested": (members.send_login_code,),
    "draw_won": (draws.tell_of_prize,),
    "coupon_granted": (campaigns.tell_of_coupon,),
    "coupon_turned": (campaigns.tell_of_coupon,),
    "order_received": (
        points.check_tier_after_order,
        orders.tell_of_receipt,
        referrals.reward_referrer,
        referrals.reward_friend,
        referrals.close_referral,
    ),
    "purchase_recorded": (
        purchases.check_tier_after_purchase,
        purchases.tell_of_purchase,
        referrals.reward_referrer,
        referrals.reward_friend,
        referrals.close_referral,
    ),
    "purchase_refunded": (
        purchases.check_tier_after_return,
        purchases.tell_of_return,
        referrals.take_back_from_referrer,
        referrals.take_back_from_friend,
        referrals.void_referral,
    ),
    "referral_allowed": (
        referrals.reward_referrer,
        referrals.reward_friend,
        referrals.close_referral,
    ),
    "deed_recorded": (purchases.tell_of_deed,),
    "refund_made": (
        orders.tell_of_refund,
        payments.send_refund_to_provider,
        points.check_tier_after_refund,
        referrals.take_back_from_referrer,
        referrals.take_back_from_friend,
        referrals.void_referral,
    ),
    "tier_changed": (points.tell_of_tier,),
    "tier_ending": (points.tell_of_ending_tier,),
    "birthday_gift": (points.tell_of_birthday_gift,),
    "points_adjusted": (points.tell_of_adjustment,),
    "points_frozen": (points.tell_of_freeze,),
    "points_thawed": (points.tell_of_thaw,),
    "points_reinstated": (points.tell_of_reinstatement,),
    "members_merged": (points.check_tier_after_merge, points.tell_of_merge),
    "stock_back": (catalogue.call_watchers_back,),
    "stock_awaited": (catalogue.tell_of_stock,),
    "rule_exhausted": (points.note_used_up_rule,),
    "rulebook_published": (points.tell_of_rulebook,),
    "rulebook_notice": (points.tell_of_rulebook,),
    "rulebook_withdrawn": (points.tell_of_withdrawal,),
    "rulebook_withdrawal": (points.tell_of_withdrawal,),
}
