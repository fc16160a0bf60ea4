"""A rule has given away all that it may: written into the trail, where the merchant reads it."""

from datetime import datetime

from shop.books import audit
from shop.transaction import transaction


def note_used_up(name: str, budget_points: int, version: int, now: datetime) -> None:
    """Write down that a rule's budget is used up.  The caller sees to it that this happens once."""
    with transaction():
        audit.record(
            staff_id=None,
            action="rulebook.use_up",
            subject=f"rulebook:{version}",
            now=now,
            after={"rule": name, "budget_points": budget_points},
        )
