"""How long points last."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Literal

from shop.rules.rulebook.limits import Whole
from shop.rules.rulebook.sections.sources import SOURCE_CLASSES

PERIOD_ENDS = ("month_end", "quarter_end", "year_end")
COUNTED_IN_DAYS = ("days", "rolling", "renewing")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryPolicy:
    """How long points last: ``days`` after the day of credit, to the end of a month, quarter or year some periods later,
    to the day ``on`` (after it, to the same day of the next year), or without end.

    ``rolling``: every earning and spending of the member puts the end off to ``days`` after that day.  ``renewing``: what
    is still unused when it ends lasts ``days`` more, at most ``times`` times.
    """

    kind: Literal["days", "month_end", "quarter_end", "year_end", "fixed", "rolling", "renewing", "never"]
    days: Annotated[int, Whole(0, 3650, more_is="better")]
    periods_after: Annotated[int, Whole(0, 120, more_is="better")]
    on: date | None = None
    times: Annotated[int, Whole(0, 20, more_is="better")] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryRule:
    """One policy for each source class; a new class is a new field, so that none can be forgotten."""

    purchase: ExpiryPolicy
    interaction: ExpiryPolicy
    referral: ExpiryPolicy
    draw: ExpiryPolicy
    grant: ExpiryPolicy

    def policy_for(self, source_class: str) -> ExpiryPolicy:
        """The policy of points from this source, one of ``SOURCE_CLASSES``."""
        policy: ExpiryPolicy = getattr(self, source_class)
        return policy


assert tuple(field.name for field in fields(ExpiryRule)) == SOURCE_CLASSES
