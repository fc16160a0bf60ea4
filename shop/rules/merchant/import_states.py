"""The life of a file that a merchant brings along."""

from collections.abc import Mapping
from types import MappingProxyType

IMPORT_STATES = ("mapping", "checking", "checked", "loading", "loaded", "undone", "cancelled")
IMPORT_EVENTS = ("map", "report", "load", "commit", "refuse", "cancel", "undo")
UNDO_HOURS = 24

IMPORT_TRANSITIONS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("mapping", "map"): "checking",
        ("mapping", "cancel"): "cancelled",
        ("checking", "report"): "checked",
        ("checking", "cancel"): "cancelled",
        ("checked", "map"): "checking",
        ("checked", "load"): "loading",
        ("checked", "cancel"): "cancelled",
        ("loading", "commit"): "loaded",
        ("loading", "refuse"): "checked",
        ("loading", "cancel"): "cancelled",
        ("loaded", "undo"): "undone",
    }
)
"""A pair that is missing is a repeat or comes late, and changes nothing."""


def states_before(event: str) -> tuple[str, ...]:
    """The states in which an event does something."""
    return tuple(state for state, each in IMPORT_TRANSITIONS if each == event)
