"""What follows from a draw: whoever won a thing is told how to get it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shop.queries.engagement.attempts import prize_news
from shop.services.members.messages import tell_member


def tell_of_prize(payload: Mapping[str, Any], now: datetime) -> None:
    """Tell a member of a product prize; points need no message, they are there."""
    attempt_id = payload["attempt_id"]
    news = prize_news(attempt_id)
    if news:
        params = {"draw": news.draw_title, "prize": news.prize, "last_on": news.last_on.isoformat()}
        link = f"/draws/{news.slug}/attempts/{attempt_id}"
        tell_member(news.member_id, "draw_won", f"draw_won:{attempt_id}", params, link, now)
