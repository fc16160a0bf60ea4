"""What follows from purchases made elsewhere and from other deeds: the tier is checked, the member is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shop.queries.points.purchases import member_of_deed, purchase_news, refund_news
from shop.services.members.messages import tell_member
from shop.services.points.tiers import check_tier

Payload = Mapping[str, Any]
HISTORY = "/member/points"


def check_tier_after_purchase(payload: Payload, now: datetime) -> None:
    """purchase_recorded: its growth may lift the member."""
    check_tier(purchase_news(payload["purchase_id"]).member_id, now)


def tell_of_purchase(payload: Payload, now: datetime) -> None:
    """purchase_recorded: what it brought and from when on; nothing is said of a purchase that brought none."""
    purchase_id = payload["purchase_id"]
    news = purchase_news(purchase_id)
    if news.points and news.available_on:
        params = {"cents": news.cents, "points": news.points, "available_on": news.available_on.isoformat()}
        tell_member(
            news.member_id, "purchase_recorded", f"purchase_recorded:{purchase_id}", params, HISTORY, now
        )


def check_tier_after_return(payload: Payload, now: datetime) -> None:
    """purchase_refunded: the member may fall."""
    check_tier(refund_news(payload["purchase_id"], payload["refund_id"]).member_id, now, may_fall=True)


def tell_of_return(payload: Payload, now: datetime) -> None:
    """purchase_refunded: what was taken back."""
    purchase_id, refund_id = payload["purchase_id"], payload["refund_id"]
    news = refund_news(purchase_id, refund_id)
    if news.points:
        params = {"cents": news.cents, "points": news.points}
        key = f"purchase_refunded:{purchase_id}:{refund_id}"
        tell_member(news.member_id, "purchase_refunded", key, params, HISTORY, now)


def tell_of_deed(payload: Payload, now: datetime) -> None:
    """deed_recorded: what it brought; that of registering is told with the welcome."""
    deed_id, points = payload["deed_id"], payload["points"]
    if points and payload.get("event") != "registered":
        key = f"deed_rewarded:{deed_id}"
        tell_member(member_of_deed(deed_id), "deed_rewarded", key, {"points": points}, HISTORY, now)
