"""The life of an order, as one table."""

from collections.abc import Mapping
from types import MappingProxyType

ORDER_STATES = ("placed", "paid", "shipped", "received", "closed")
ORDER_EVENTS = (
    "pay",
    "ship",
    "hand_over",  # the goods were picked up
    "deliver",  # virtual goods were given out
    "receive",
    "cancel",
    "time_out",  # not paid in time
    "refund_in_full",
)

TRANSITIONS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("placed", "pay"): "paid",
        ("placed", "cancel"): "closed",
        ("placed", "time_out"): "closed",
        ("paid", "ship"): "shipped",
        ("paid", "hand_over"): "received",
        ("paid", "deliver"): "received",
        ("paid", "cancel"): "closed",
        ("paid", "refund_in_full"): "closed",
        ("shipped", "receive"): "received",
        ("shipped", "refund_in_full"): "closed",
        ("received", "refund_in_full"): "closed",
    }
)


def next_state(state: str, event: str) -> str | None:
    """The state after the event; None when the event is a repeat or comes too late and changes nothing."""
    return TRANSITIONS.get((state, event))
