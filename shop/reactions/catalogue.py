"""What follows when a product is back in stock: everybody who waited is told, once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shop.queries.catalogue.watches import named_product
from shop.services.catalogue.watches import call_watchers
from shop.services.members.messages import tell_member


def call_watchers_back(payload: Mapping[str, Any], now: datetime) -> None:
    """One event for each member who waited; the reminder ends with it."""
    call_watchers(payload["product_id"], now)


def tell_of_stock(payload: Mapping[str, Any], now: datetime) -> None:
    """Tell one member that the product is back."""
    title, slug = named_product(payload["product_id"])
    key = f"stock_back:{payload['watch_id']}"
    tell_member(payload["member_id"], "stock_back", key, {"title": title}, f"/products/{slug}", now)
