"""The ladder of tiers."""

from dataclasses import dataclass
from typing import Annotated

from shop.rules.rulebook.limits import Text, Whole
from shop.rules.rulebook.sections.sources import CENTS_MAX, CODE_PATTERN


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRule:
    """A step of the ladder: from ``growth_from`` on, purchases earn ``multiplier_permille`` / 1000."""

    code: Annotated[str, Text(30, pattern=CODE_PATTERN)]
    name: Annotated[str, Text(20)]
    growth_from: Annotated[int, Whole(0, CENTS_MAX, more_is="worse")]
    multiplier_permille: Annotated[int, Whole(1000, 10_000, more_is="better")]
