"""What raises a tier, over which time it counts, and how long a tier is kept."""

from dataclasses import dataclass
from typing import Annotated, Literal

from shop.rules.rulebook.limits import Whole

TierMeasure = Literal["growth", "spend", "points", "orders"]
TierWindow = Literal["lifetime", "calendar_year", "rolling_12_months"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TierPolicy:
    """``measure`` over ``window``, net of refunds, lifts at once; redeeming never lowers it.

    A tier that was reached is kept ``kept_months`` (None: for good), then looked at again after ``grace_days``: it is kept
    for another term or falls, to what is reached or by one step.  ``notice_days`` before its end the member is told what
    is missing.
    """

    measure: TierMeasure = "growth"
    window: TierWindow = "lifetime"
    kept_months: Annotated[int | None, Whole(1, 120, more_is="better")] = None
    fall: Literal["to_reached", "one_step"] = "to_reached"
    grace_days: Annotated[int, Whole(0, 180, more_is="better")] = 0
    notice_days: Annotated[int, Whole(0, 180, more_is="better")] = 30


GROWTH_FOR_GOOD = TierPolicy()
"""As every rulebook was before it could say more: growth of a lifetime, and a tier that time does not take."""
