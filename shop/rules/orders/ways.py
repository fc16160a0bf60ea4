"""How goods can get to a person: shipped, picked up in a store, or used by a code alone."""

from collections.abc import Collection

from shop.rules.orders.pricing import Way

SHIPPABLE_KINDS = frozenset({"physical"})


def ways_for(kinds: Collection[str]) -> tuple[Way, ...]:
    """The ways open to an order of goods of these kinds, the usual one first.

    Vouchers, services and virtual goods are used by a code and cannot be shipped: alone they need no way at all, and
    together with goods that can be touched everything is picked up in one go.
    """
    shippable = [kind in SHIPPABLE_KINDS for kind in kinds]
    if all(shippable):
        return ("shipping", "pickup")
    return ("pickup",) if any(shippable) else ("none",)
