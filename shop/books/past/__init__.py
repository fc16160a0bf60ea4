"""The shop's past as a replay needs it: how every member stood, and what happened since.  Reads only."""

from shop.books.past.events import events_since
from shop.books.past.openings import openings_at

__all__ = ["events_since", "openings_at"]
