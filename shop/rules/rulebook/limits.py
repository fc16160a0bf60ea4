"""The bounds that annotate the fields of a document's dataclasses."""

from dataclasses import dataclass
from typing import Literal

MoreIs = Literal["better", "worse", "neither"]
"""What a larger number is for members; ``neither``: they do not feel it.  None where that depends."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from ``minimum`` to ``maximum``."""

    minimum: int
    maximum: int
    more_is: MoreIs | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is not blank."""

    length_max: int
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A list; ``key`` names the field by which two versions of an item are the same."""

    minimum: int
    maximum: int
    key: str | None = None
    more_is: MoreIs | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    more_is: MoreIs | None = None
