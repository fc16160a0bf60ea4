"""The most that a member can earn in a day or a month."""

from dataclasses import dataclass
from typing import Annotated, Literal

from shop.rules.rulebook.limits import Items, Text, Whole
from shop.rules.rulebook.sections.sources import POINTS_MAX, SOURCE_CLASSES, SourceClass


@dataclass(frozen=True, slots=True, kw_only=True)
class CapRule:
    """At most ``points`` from these source classes together, per shop-day or calendar month."""

    name: Annotated[str, Text(30)]
    classes: Annotated[tuple[SourceClass, ...], Items(1, len(SOURCE_CLASSES))]
    points: Annotated[int, Whole(0, POINTS_MAX, more_is="better")]
    per: Literal["day", "month"]
