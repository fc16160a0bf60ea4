"""How many pieces of a variant one order may take."""

from dataclasses import dataclass
from datetime import datetime

from shop.rules.reasons import Reason, because

QUANTITY_MAX = 999
"""More pieces than this in one line are a mistake, whatever the stock."""


@dataclass(frozen=True, slots=True)
class QuantityLimit:
    """The most that may be ordered now (0: none), and the reason for that bound."""

    quantity_max: int
    reasons: tuple[Reason, ...]


def order_limits(*, per_order_max: int | None, member_left: int | None, available: int) -> QuantityLimit:
    """The lowest of: pieces per order, what the member's own limit leaves, and available stock.  None is no limit."""
    per_order = QUANTITY_MAX if per_order_max is None else per_order_max
    bounds = [(per_order, because("limited_per_order", quantity_max=per_order))]
    if member_left is not None:
        bounds.append((max(0, member_left), because("limited_per_member", left=max(0, member_left))))
    bounds.append((max(0, available), because("limited_by_stock", available=max(0, available))))
    quantity_max, reason = min(bounds, key=lambda bound: bound[0])
    return QuantityLimit(quantity_max, (reason,))


def is_for_tier_only(until: datetime | None, now: datetime) -> bool:
    """Whether goods are kept for members of their tier at this moment: always, or until a moment, half open (M03)."""
    return until is None or now < until
