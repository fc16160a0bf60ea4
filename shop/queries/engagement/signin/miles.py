"""Milestones and steps as a line with stations."""

from collections.abc import Collection, Sequence

from shop.queries.engagement.signin.shown import Mile, Miles
from shop.rules.rulebook import Milestone, MonthStep

SHOWN = 4


def miles_of(steps: Sequence[Milestone | MonthStep], position: int, paid: Collection[int] = ()) -> Miles:
    """Up to four stations around the next one; ``position`` is the day reached, ``paid`` those paid before it."""
    ahead = next(
        (index for index, each in enumerate(steps) if each.days > position and each.days not in paid),
        len(steps),
    )
    first = max(0, min(ahead - 2, len(steps) - SHOWN))
    shown = tuple(
        Mile(
            days=each.days,
            points=each.points,
            tickets=each.tickets,
            coupons=int(each.coupon_code is not None),
            is_reached=each.days <= position or each.days in paid,
            is_next=first + index == ahead,
        )
        for index, each in enumerate(steps[first : first + SHOWN])
    )
    return Miles(shown, _percent([mile.days for mile in shown], position))


def _percent(stations: list[int], position: int) -> int:
    if len(stations) < 2 or position < stations[0]:
        return 0
    if position >= stations[-1]:
        return 100
    passed = max(index for index, days in enumerate(stations) if days <= position)
    part = (position - stations[passed]) * 100 // (stations[passed + 1] - stations[passed])
    return (passed * 100 + part) // (len(stations) - 1)
