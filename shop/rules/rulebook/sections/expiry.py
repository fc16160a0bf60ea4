"""How long points last."""

from dataclasses import dataclass, fields
from typing import Annotated, Literal

from shop.rules.rulebook.limits import Whole
from shop.rules.rulebook.sections.sources import SOURCE_CLASSES, SourceClass


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryPolicy:
    """How long points last: ``days`` after the day of credit, or the end of the month or year, some periods later."""

    kind: Literal["days", "month_end", "year_end", "never"]
    days: Annotated[int, Whole(0, 3650, more_is="better")]
    periods_after: Annotated[int, Whole(0, 120, more_is="better")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryRule:
    """One policy for each source class; a new class is a new field, so that none can be forgotten."""

    purchase: ExpiryPolicy
    interaction: ExpiryPolicy
    referral: ExpiryPolicy
    draw: ExpiryPolicy
    grant: ExpiryPolicy

    def policy_for(self, source_class: SourceClass) -> ExpiryPolicy:
        """The policy of points from this source."""
        policy: ExpiryPolicy = getattr(self, source_class)
        return policy


assert tuple(field.name for field in fields(ExpiryRule)) == SOURCE_CLASSES
