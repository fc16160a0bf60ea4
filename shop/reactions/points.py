"""What follows from points, orders and rules: the tier is checked, the member is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shop.queries.points.adjustment import adjustment_news, reinstatement_news
from shop.queries.points.tier import member_of_order, member_of_refund
from shop.services.members.messages import tell_member
from shop.services.points.announcing import announce_rulebook, announce_withdrawal
from shop.services.points.budgets import note_used_up
from shop.services.points.tiers import check_tier

Payload = Mapping[str, Any]
TIER_PAGE = "/member/tier"
TIER_NEWS: Mapping[tuple[str, bool], str] = {  # by why it changed, and whether the tier has an end
    ("reached", True): "tier_reached_until",
    ("kept", True): "tier_kept",
    ("fell", True): "tier_fell",
    ("fell", False): "tier_fell",
    ("ended", True): "tier_fell",
    ("ended", False): "tier_fell",
    ("refunded", True): "tier_refunded",
    ("refunded", False): "tier_refunded",
    ("bought", True): "tier_bought",
    ("granted", True): "tier_granted",
    ("rules", True): "tier_term_set",
}


def check_tier_after_order(payload: Payload, now: datetime) -> None:
    """An order was received: its growth may lift the member."""
    check_tier(member_of_order(payload["order_id"]), now)


def check_tier_after_refund(payload: Payload, now: datetime) -> None:
    """A refund took growth away: the member may fall."""
    check_tier(member_of_refund(payload["refund_id"]), now, may_fall=True)


def tell_of_tier(payload: Payload, now: datetime) -> None:
    """Tell a member about the new tier."""
    member_id, until_on = payload["member_id"], payload.get("until_on")
    params = {"tier_name": payload["tier_name"], **({"until_on": until_on} if until_on else {})}
    kind = TIER_NEWS.get((payload.get("why", ""), until_on is not None), "tier_changed")
    key = f"tier_changed:{payload.get('change_id', now.isoformat())}"
    tell_member(member_id, kind, key, params, TIER_PAGE, now)


def tell_of_ending_tier(payload: Payload, now: datetime) -> None:
    """Tell a member when the tier ends, and what keeps it."""
    member_id, measure, missing = payload["member_id"], payload["measure"], payload["missing"]
    unit = "missing_cents" if measure == "spend" else "missing_points"
    params = {name: payload[name] for name in ("tier_name", "until_on", "due_on")} | {unit: missing}
    key = f"tier_ending:{payload['change_id']}"
    tell_member(member_id, f"tier_ending_{measure}", key, params, TIER_PAGE, now)


def tell_of_birthday_gift(payload: Payload, now: datetime) -> None:
    """Wish a happy birthday, and say what it brought."""
    member_id, entry_id = payload["member_id"], payload["entry_id"]
    params = {"points": payload["points"], "last_on": payload["last_on"]}
    tell_member(
        member_id, "birthday_gift", f"birthday_gift:{entry_id}", params, f"/member/points/{entry_id}", now
    )


def tell_of_adjustment(payload: Payload, now: datetime) -> None:
    """Tell a member that the shop changed the balance, and why."""
    entry_id = payload["entry_id"]
    news = adjustment_news(entry_id)
    params = {"signed_points": news.points, "reason": news.reason, **news.named}
    link = f"/member/points/{entry_id}"
    kind = "kind_adjusted" if news.named else "points_adjusted"
    tell_member(news.member_id, kind, f"points_adjusted:{entry_id}", params, link, now)


def note_used_up_rule(payload: Payload, now: datetime) -> None:
    """rule_exhausted: the trail says which rule has given away its budget; the dashboard shows it while it lasts."""
    note_used_up(payload["name"], payload["budget_points"], payload["version"], now)


def tell_of_rulebook(payload: Payload, now: datetime) -> None:
    """Tell everyone about new rules, batch by batch."""
    announce_rulebook(payload["version"], now, payload.get("after_member_id", 0))


def tell_of_withdrawal(payload: Payload, now: datetime) -> None:
    """Tell those who were told of a version that it will not come, batch by batch."""
    announce_withdrawal(payload["version"], now, payload.get("after_member_id", 0))


def check_tier_after_merge(payload: Payload, now: datetime) -> None:
    """The growth of two accounts together may lift the member."""
    check_tier(payload["into_member_id"], now)


def tell_of_freeze(payload: Payload, now: datetime) -> None:
    """Tell a member that points stand still, why, and when somebody looks again."""
    params = {"reason": payload["reason"], "review_on": payload["review_on"]}
    key = f"points_frozen:{payload['member_id']}:{now.isoformat()}"
    tell_member(payload["member_id"], "points_frozen", key, params, "/member/points", now)


def tell_of_thaw(payload: Payload, now: datetime) -> None:
    """Tell a member that everything goes on."""
    key = f"points_thawed:{payload['member_id']}:{now.isoformat()}"
    tell_member(payload["member_id"], "points_thawed", key, {}, "/member/points", now)


def tell_of_reinstatement(payload: Payload, now: datetime) -> None:
    """Tell a member that points which had lapsed are back, and until when."""
    entry_id = payload["entry_id"]
    news = reinstatement_news(entry_id)
    params = {"points": news.points, "reason": news.reason, "last_on": news.last_on.isoformat()}
    link = f"/member/points/{entry_id}"
    tell_member(news.member_id, "points_reinstated", f"points_reinstated:{entry_id}", params, link, now)


def tell_of_merge(payload: Payload, now: datetime) -> None:
    """Tell a member that another account became part of this one."""
    member_id = payload["into_member_id"]
    key = f"accounts_merged:{payload['merge_id']}"
    tell_member(member_id, "accounts_merged", key, {"points": payload["points"]}, "/member/points", now)
