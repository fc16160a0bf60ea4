"""Where points come from, and the bounds that every section shares."""

from typing import Literal

SourceClass = Literal["purchase", "interaction", "referral", "draw", "grant"]
SOURCE_CLASSES: tuple[SourceClass, ...] = ("purchase", "interaction", "referral", "draw", "grant")

POINTS_MAX = 10_000_000
CENTS_MAX = 100_000_000
CODE_PATTERN = r"[a-z][a-z0-9_]*"
