"""The ladder of tiers, and what each step brings."""

from dataclasses import dataclass
from typing import Annotated

from shop.rules.rulebook.limits import Flag, Text, Whole
from shop.rules.rulebook.sections.sources import CENTS_MAX, CODE_PATTERN, POINTS_MAX

COUPON_CODE_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]*"


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRule:
    """A step of the ladder: from ``growth_from`` of the policy's measure on, purchases earn ``multiplier_permille`` / 1000.

    ``growth_from`` counts what ``TierPolicy.measure`` says: growth, points, orders, or whole yuan spent.  A birthday brings
    ``birthday_points`` that last ``birthday_days``; each month brings draw tickets and coupons of a template.
    ``price_points`` buys the step for ``price_months`` (None: not for sale).
    """

    code: Annotated[str, Text(30, pattern=CODE_PATTERN)]
    name: Annotated[str, Text(20)]
    growth_from: Annotated[int, Whole(0, CENTS_MAX, more_is="worse")]
    multiplier_permille: Annotated[int, Whole(1000, 10_000, more_is="better")]
    signin_multiplier_permille: Annotated[int, Whole(1000, 10_000, more_is="better")] = 1000
    free_shipping: Annotated[bool, Flag(more_is="better")] = False
    birthday_points: Annotated[int, Whole(0, POINTS_MAX, more_is="better")] = 0
    birthday_days: Annotated[int, Whole(1, 366, more_is="better")] = 30
    monthly_tickets: Annotated[int, Whole(0, 100, more_is="better")] = 0
    monthly_coupons: Annotated[int, Whole(0, 20, more_is="better")] = 0
    monthly_coupon_code: Annotated[str | None, Text(40, pattern=COUPON_CODE_PATTERN)] = None
    price_points: Annotated[int | None, Whole(1, POINTS_MAX, more_is="worse")] = None
    price_months: Annotated[int, Whole(1, 120, more_is="better")] = 12
