"""How a member stood when a replay begins."""

from dataclasses import dataclass
from datetime import date, datetime

from shop.rules.points.tiers import Held
from shop.rules.rulebook import Rulebook, SourceClass

Parts = tuple[tuple[int, int], ...]
"""Points of lots, each by the lot's key."""


@dataclass(frozen=True, slots=True)
class OpeningLot:
    """A lot as it stood when the replay begins; ``key`` is its id in the books, ``owner`` the number of what earned it.

    ``points`` it had at first, ``place`` is that among the lots credited at one moment.  ``extension`` and what follows
    say how its end moves; ``thaws_at``: it waits for the end of a freeze, and would have been available from then on.
    """

    key: int
    remaining: int
    available_at: datetime
    expires_at: datetime
    credited_at: datetime
    owner: int | None = None
    points: int = 0
    extension: str | None = None
    extension_days: int = 0
    extensions_left: int = 0
    thaws_at: datetime | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class OpeningPurchase:
    """A purchase of before: its day, its cash, what of it had gone back, and from when on it counts for the tier."""

    key: int
    day: date
    cents: int
    refunded_cents: int
    counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpeningTier:
    """The tier that a member held, and under which rulebook that was decided (None: on joining).

    ``joined`` is the step on which the member began, ``earned`` what was held before gifts, ``gifts`` those that still run.
    """

    held: Held
    under: Rulebook | None = None
    joined: str = ""
    earned: tuple[Held, Rulebook] | None = None
    gifts: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class OpeningFreeze:
    """What stood still, and since when."""

    frozen_at: datetime
    spending: bool
    earning: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """A member when the replay begins: lots, debt, what was earned under caps, purchases so far, and the tier.

    ``holds`` are open ones by their ids, ``takes`` what spendings of before took from lots, where some of it comes back
    later, by their entries.  ``growth`` is what no purchase tells.  ``uses`` are the days on which rules with limited times
    applied.  ``points_by_day`` is there when tiers count points.
    """

    member_id: int
    lots: tuple[OpeningLot, ...] = ()
    debt: int = 0
    holds: tuple[tuple[int, Parts], ...] = ()
    takes: tuple[tuple[int, Parts], ...] = ()
    freeze: OpeningFreeze | None = None
    growth: int = 0
    tier: OpeningTier | None = None
    birthday: date | None = None
    birthday_known_on: date | None = None
    purchases: tuple[OpeningPurchase, ...] = ()
    points_orders: tuple[datetime, ...] = ()
    earned: tuple[tuple[date, SourceClass, int], ...] = ()
    uses: tuple[tuple[str, date], ...] = ()
    points_by_day: tuple[tuple[date, int], ...] = ()
    merged_into: int | None = None
