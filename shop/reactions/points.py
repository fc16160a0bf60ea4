"""What follows from points, orders and rules: the tier is checked, the member is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shop.queries.points.adjustment import adjustment_news
from shop.queries.points.tier import member_of_order, member_of_refund
from shop.services.members.messages import tell_member
from shop.services.points.announcing import announce_rulebook
from shop.services.points.tiers import check_tier

Payload = Mapping[str, Any]


def check_tier_after_order(payload: Payload, now: datetime) -> None:
    """An order was received: its growth may lift the member."""
    check_tier(member_of_order(payload["order_id"]), now)


def check_tier_after_refund(payload: Payload, now: datetime) -> None:
    """A refund took growth away: the member may fall."""
    check_tier(member_of_refund(payload["refund_id"]), now, may_fall=True)


def tell_of_tier(payload: Payload, now: datetime) -> None:
    """Tell a member about the new tier."""
    member_id, code = payload["member_id"], payload["tier_code"]
    params = {"tier_name": payload["tier_name"]}
    tell_member(
        member_id,
        "tier_changed",
        f"tier_changed:{member_id}:{code}:{now.date()}",
        params,
        "/member/tier",
        now,
    )


def tell_of_adjustment(payload: Payload, now: datetime) -> None:
    """Tell a member that the shop changed the balance, and why."""
    entry_id = payload["entry_id"]
    news = adjustment_news(entry_id)
    params = {"signed_points": news.points, "reason": news.reason}
    link = f"/member/points/{entry_id}"
    tell_member(news.member_id, "points_adjusted", f"points_adjusted:{entry_id}", params, link, now)


def tell_of_lapse(payload: Payload, now: datetime) -> None:
    """Tell a member how many points lapse soon."""
    member_id, days, last_on = payload["member_id"], payload["days"], payload["last_on"]
    params = {"points": payload["points"], "days": days, "last_on": last_on}
    key = f"points_expiring:{member_id}:{last_on}:{days}"
    tell_member(member_id, "points_expiring", key, params, "/member/points", now)


def tell_of_rulebook(payload: Payload, now: datetime) -> None:
    """Tell everyone about new rules."""
    announce_rulebook(payload["version"], now)
