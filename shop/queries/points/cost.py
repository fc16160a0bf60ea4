"""What a rulebook costs, for the helper beside the draft and the list of presets."""

from datetime import datetime

from shop.rules.points.cost import Costs, OrderCost, costs_of, order_cost
from shop.rules.rulebook import Rulebook

__all__ = ["Costs", "OrderCost", "cost_of_order", "costs_of_rulebook"]


def costs_of_rulebook(rulebook: Rulebook, now: datetime, used_percent: int = 100) -> Costs:
    """The cost as a share of sales, tier by tier."""
    return costs_of(rulebook, now, used_percent=used_percent)


def cost_of_order(
    rulebook: Rulebook, *, order_cents: int, margin_percent: int, used_percent: int
) -> OrderCost:
    """What the average order costs and leaves."""
    return order_cost(
        rulebook, order_cents=order_cents, margin_percent=margin_percent, used_percent=used_percent
    )
