"""What a guest may look forward to."""

from datetime import datetime

from shop.books.rulebooks import occasion_at
from shop.rules.engagement.signin import sign_in_reward

DAYS = 7


def first_week_points(now: datetime) -> tuple[int, ...]:
    """Points for each of the first seven sign-ins in a row under the rulebook in force; nothing when there is none."""
    try:
        rule = occasion_at(now).rulebook.signin
    except LookupError:
        return ()
    return tuple(sign_in_reward(streak, rule).total for streak in range(1, DAYS + 1))
