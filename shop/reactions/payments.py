"""What follows for payments: refunds go to the provider; the sandbox pays late when somebody wanted to see that."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shop.services.orders.payments import receive_notice, send_refund
from shop.services.orders.popularity import count_redeemed
from shop.services.orders.sandbox_pay import late_notice


def send_refund_to_provider(payload: Mapping[str, Any], now: datetime) -> None:
    """refund_made: the cash part goes back by the way it came."""
    send_refund(payload["refund_id"], now)


def deliver_late_sandbox_notice(payload: Mapping[str, Any], now: datetime) -> None:
    """sandbox_paid_late: the notice comes when the order no longer waits for it."""
    notice = late_notice(payload, now)
    receive_notice("sandbox", notice.body, notice.headers, now)


def count_redeemed_products(payload: Mapping[str, Any], _now: datetime) -> None:
    """order_paid: the shelf learns what people like."""
    count_redeemed(payload["order_id"])
