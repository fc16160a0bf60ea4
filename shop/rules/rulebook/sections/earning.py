"""What a purchase earns."""

from dataclasses import dataclass
from typing import Annotated, Literal

from shop.rules.rulebook.limits import Flag, Whole
from shop.rules.rulebook.sections.sources import CENTS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningRule:
    """``points`` for every full ``per_cents`` paid, spendable ``wait_days`` after the order was paid or received."""

    points: Annotated[int, Whole(1, 10_000, more_is="better")]
    per_cents: Annotated[int, Whole(1, CENTS_MAX, more_is="worse")]
    includes_shipping: Annotated[bool, Flag(more_is="better")]
    wait_days: Annotated[int, Whole(0, 90, more_is="worse")]
    credited: Literal["paid", "received"] = "received"
