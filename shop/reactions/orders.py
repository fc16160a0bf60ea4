"""What follows for orders: the member is told, once for each thing that happened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shop.queries.orders.news import OrderNews, earned_by, order_news, refund_news
from shop.services.members.messages import tell_member

Payload = Mapping[str, Any]
PAID_LATE = "paid_late"


def tell_of_payment(payload: Payload, now: datetime) -> None:
    """order_paid: it is being prepared, or its pick-up code is valid from now on."""
    news = order_news(payload["order_id"])
    kind = "order_paid" if news.way == "shipping" else "order_ready"
    _tell(news, kind, f"order_paid:{payload['order_id']}", {}, now)


def tell_of_shipment(payload: Payload, now: datetime) -> None:
    """order_shipped: by whom, and under which number."""
    news = order_news(payload["order_id"])
    params = {"carrier": news.carrier, "tracking_number": news.tracking_number}
    _tell(news, "order_shipped", f"order_shipped:{payload['order_id']}", params, now)


def tell_of_receipt(payload: Payload, now: datetime) -> None:
    """order_received: what it brings, and from when on."""
    order_id = payload["order_id"]
    news, earned = order_news(order_id), earned_by(order_id)
    key = f"order_received:{order_id}"
    if earned.points and earned.available_on:
        params = {"points": earned.points, "available_on": earned.available_on.isoformat()}
        _tell(news, "order_received_points", key, params, now)
    else:
        _tell(news, "order_received", key, {}, now)


def tell_of_closing(payload: Payload, now: datetime) -> None:
    """order_closed: only of an order that was never paid; of any other its refund tells."""
    news = order_news(payload["order_id"])
    if news.paid_at is None:
        kind = "order_timed_out" if payload["reason"] == "time_out" else "order_closed"
        _tell(news, kind, f"order_closed:{payload['order_id']}", {}, now)


def tell_of_refund(payload: Payload, now: datetime) -> None:
    """refund_made: what came back."""
    refund_id = payload["refund_id"]
    news = refund_news(refund_id)
    params: dict[str, Any] = {"number": news.number, "cents": news.cents, "points": news.points}
    tell_member(
        news.member_id, _refund_kind(news.points, news.cents, news.reason), f"refund_made:{refund_id}", params,
        f"/orders/{news.number}", now,
    )  # fmt: skip


def _refund_kind(points: int, cents: int, reason: str) -> str:
    if reason == PAID_LATE:
        return "refund_late"
    if points and cents:
        return "refund_made"
    return "refund_made_points" if points else "refund_made_cash"


def _tell(news: OrderNews, kind: str, key: str, params: Mapping[str, Any], now: datetime) -> None:
    tell_member(news.member_id, kind, key, {"number": news.number, **params}, f"/orders/{news.number}", now)
