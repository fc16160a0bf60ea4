"""What follows for coupons that came without a request: the member is told, once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shop.queries.campaigns.coupons import coupon_news
from shop.services.members.messages import tell_member


def tell_of_coupon(payload: Mapping[str, Any], now: datetime) -> None:
    """coupon_granted, coupon_turned: what it is, and until when it counts."""
    coupon_id = payload["coupon_id"]
    news = coupon_news(coupon_id)
    last_on = news.last_on.isoformat() if news.last_on else ""
    params = {"coupon": news.name, "points": news.points, "last_on": last_on}
    tell_member(
        news.member_id, f"coupon_{news.origin}", f"coupon:{coupon_id}", params, "/member/coupons", now
    )
