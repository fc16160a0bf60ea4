"""What happened, as a replay needs it: causes, not the points that they brought.

Only what no rule decides (a gift, a correction, what somebody chose to spend) carries its points along.
"""

from dataclasses import dataclass
from datetime import date, datetime

from shop.rules.points.occurrences import BoughtLine, Channel
from shop.rules.rulebook import SourceClass


@dataclass(frozen=True, slots=True)
class OpeningLot:
    """A lot as it stood when the replay begins; ``key`` is its id in the books, ``owner`` the purchase that earned it."""

    key: int
    remaining: int
    available_at: datetime
    expires_at: datetime
    credited_at: datetime
    owner: int | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A member when the replay begins: lots, debt, growth, what was earned under caps, and purchases so far."""

    member_id: int
    lots: tuple[OpeningLot, ...] = ()
    debt: int = 0
    growth: int = 0
    birthday: date | None = None
    birthday_known_on: date | None = None
    purchases: tuple[tuple[date, int, bool], ...] = ()
    earned: tuple[tuple[date, SourceClass, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something that a member did, at a moment."""

    at: datetime
    member_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought(Happened):
    """A purchase was paid: its awards are decided.  ``decided_version`` is the rulebook that the books used."""

    key: int
    placed_at: datetime
    lines: tuple[BoughtLine, ...]
    shipping_cents: int
    channel: Channel
    tier_code: str
    decided_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited(Happened):
    """The awards of a purchase are booked; ``left_points`` is what refunds before had left of those then decided."""

    key: int
    version: int
    waits_from: datetime
    left_points: tuple[int, ...] | None = None
    decided_points: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned(Happened):
    """A purchase went back in part: ``taken`` points of the ``earned`` ones were asked back in the books."""

    key: int
    earned: int
    taken: int
    cents: int
    version: int
    is_whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FellShort(Happened):
    """A return left a month below a threshold: ``points`` of the award that this ``rule`` gave a purchase went back."""

    key: int
    rule: str
    points: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed(Happened):
    """A day of the collecting book; ``milestones`` are those that it brought then."""

    day: date
    streak: int
    milestones: tuple[int, ...]
    known_milestones: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Did(Happened):
    """A deed that rules may reward."""

    event: str
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given(Happened):
    """Points that no rule decides: a gift, a prize, an import.  ``expires_at`` None: as the class's policy says."""

    points: int
    source_class: SourceClass
    counts_as_earned: bool = False
    available_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent(Happened):
    """Points that somebody chose to spend, or that a merchant took; ``key`` is the entry."""

    key: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored(Happened):
    """Points of a spending (``key``) came back.

    ``parts`` are the points and ends of the lots to which they returned in the books: for spendings of before.
    """

    key: int
    points: int
    grace_days: int
    parts: tuple[tuple[int, datetime], ...] = ()


Event = Bought | Credited | Returned | FellShort | Signed | Did | Given | Spent | Restored
