"""What a guest may look forward to."""

from shop.queries.catalogue.kept import Shelf
from shop.rules.engagement.signin import sign_in_reward

DAYS = 7


def first_week_points(shelf: Shelf) -> tuple[int, ...]:
    """Points for each of the first seven sign-ins in a row under the rulebook in force; nothing when there is none."""
    if shelf.occasion is None:
        return ()
    rule = shelf.occasion.rulebook.signin
    return tuple(sign_in_reward(streak, rule).total for streak in range(1, DAYS + 1))
