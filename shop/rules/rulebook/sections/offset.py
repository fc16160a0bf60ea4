"""Points that pay for cash (积分抵现)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from shop.rules.rulebook.limits import Flag, Items, Text, Whole
from shop.rules.rulebook.sections.sources import CENTS_MAX, POINTS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetWindow:
    """A period ``[starts_at, ends_at)`` with its own ratio, such as a festival.

    ``tiers``: only for members of one of these; ``categories``: only when all goods of an order that points may pay for
    are of these.  Empty is everybody, and everything.
    """

    name: Annotated[str, Text(30)]
    starts_at: datetime
    ends_at: datetime
    points: Annotated[int, Whole(1, 1_000_000, more_is="worse")]
    per_cents: Annotated[int, Whole(1, CENTS_MAX, more_is="better")]
    tiers: Annotated[tuple[Annotated[str, Text(30)], ...], Items(0, 12)] = ()
    categories: Annotated[tuple[Annotated[str, Text(60)], ...], Items(0, 200)] = ()

    @property
    def is_for_all(self) -> bool:
        """Whether it asks for no tier and no category."""
        return not self.tiers and not self.categories

    def takes(self, tier_code: str | None, categories: frozenset[str | None]) -> bool:
        """Whether it is for a member of this tier (None: a guest) and goods of these categories."""
        for_member = not self.tiers or tier_code in self.tiers
        return for_member and (
            not self.categories or (bool(categories) and categories.issubset(self.categories))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetRule:
    """``points`` take ``per_cents`` off, in steps, within limits; a window replaces the ratio while it is open.

    A window for some tiers or goods competes with that: the better one counts.  ``pays_shipping``: points may pay the
    freight too, within the same limits.
    """

    points: Annotated[int, Whole(1, 1_000_000, more_is="worse")]
    per_cents: Annotated[int, Whole(1, CENTS_MAX, more_is="better")]
    step_points: Annotated[int, Whole(1, 1_000_000, more_is="worse")]
    points_min: Annotated[int, Whole(0, POINTS_MAX, more_is="worse")]
    points_max: Annotated[int | None, Whole(1, POINTS_MAX, more_is="better")]
    share_percent_max: Annotated[int, Whole(0, 100, more_is="better")]
    cash_cents_min: Annotated[int, Whole(0, CENTS_MAX, more_is="worse")]
    windows: Annotated[tuple[OffsetWindow, ...], Items(0, 60, key="name", more_is="better")]
    pays_shipping: Annotated[bool, Flag(more_is="better")] = False
