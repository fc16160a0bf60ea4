"""How orders wait, travel and come back."""

from dataclasses import dataclass
from typing import Annotated, Literal

from shop.rules.rulebook.limits import Flag, Whole
from shop.rules.rulebook.sections.sources import CENTS_MAX, POINTS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRule:
    """What happens at a refund when earned points are gone (``shortage``), and to returned points that lapsed.

    ``debt``: the next earnings fill it; ``deduct``: their worth is kept from the cash that goes back, the rest is debt;
    ``waive``: they are let go.  The reward for a friend goes back when the friend's first order is refunded in full
    within ``referral_days``.
    """

    shortage: Literal["debt", "deduct", "waive"]
    grace_days: Annotated[int, Whole(0, 365, more_is="better")]
    referral_days: Annotated[int, Whole(0, 365, more_is="worse")] = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRule:
    """How long an unpaid order keeps its goods, and when a shipped one counts as received.

    One order takes at most ``points_max`` points; from ``code_from_points`` on the member shows a code that was sent to
    the phone.  None: no such limit.
    """

    hold_minutes: Annotated[int, Whole(1, 1440, more_is="better")]
    receive_after_days: Annotated[int, Whole(1, 90, more_is="better")]
    points_max: Annotated[int | None, Whole(1, POINTS_MAX, more_is="better")] = None
    code_from_points: Annotated[int | None, Whole(1, POINTS_MAX, more_is="better")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingRule:
    """The freight, and the cash part from which on it is free; ``None`` means never.

    ``free_for_points_only``: goods that cost points alone ship free, so that nothing is left to pay (spec P01).
    """

    fee_cents: Annotated[int, Whole(0, 1_000_000, more_is="worse")]
    free_from_cents: Annotated[int | None, Whole(0, CENTS_MAX, more_is="worse")]
    free_for_points_only: Annotated[bool, Flag(more_is="better")]
