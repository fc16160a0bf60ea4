"""What happened, as a replay needs it: causes, not the points that they brought.

Only what no rule decides (a gift, a correction, what somebody chose to spend) carries its points along.
"""

from dataclasses import dataclass
from datetime import date, datetime

from shop.rules.points.occurrences import BoughtLine, Channel
from shop.rules.points.simulation.openings import OpeningLot
from shop.rules.rulebook import SourceClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something that a member did, at a moment."""

    at: datetime
    member_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought(Happened):
    """The awards of a purchase are decided: when it was paid, or when another shop reported that it was ``paid_at``.

    ``decided_version`` is the rulebook that the books used.
    """

    key: int
    paid_at: datetime
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
class Counted(Happened):
    """A purchase counts for the tier from ``counted_at`` on: the goods of ``key`` were received, or an order of points."""

    counted_at: datetime
    key: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned(Happened):
    """A purchase went back in part: ``taken`` points of the ``earned`` ones were asked back in the books.

    Of those that were missing, so many became debt (``owed``) and the others were ``let_go``; ``cash_back`` is what could
    have been kept for them.  ``credited_at`` is when the points had come.
    """

    key: int
    earned: int
    taken: int
    cents: int
    version: int
    owed: int = 0
    let_go: int = 0
    cash_back: int = 0
    credited_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FellShort(Happened):
    """A return left a month below a threshold: ``points`` of the award that this ``rule`` gave a purchase went back.

    ``let_go`` of them were missing and not owed.
    """

    key: int
    rule: str
    points: int
    version: int
    let_go: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed(Happened):
    """A day of the collecting book: the ``counted`` one of its ``cycle``, the ``month_days``-th signed in its month.

    ``milestones`` are those that it brought then.  ``cycle_version`` and ``month_version`` are the rulebooks by which its
    cycle and its month ran in the books.
    """

    day: date
    streak: int
    counted: int
    cycle: str
    month_days: int
    milestones: tuple[int, ...]
    known_milestones: frozenset[int]
    cycle_version: int
    month_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Did(Happened):
    """A deed that rules may reward.  ``key`` is a number that no purchase has."""

    key: int
    event: str
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone(Happened):
    """A deed was undone, or a file that gave points: they are asked back.  ``points`` were in the books."""

    key: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Given(Happened):
    """Points that no rule decides: a gift, a prize, an import.  ``key`` is a number that no purchase has.

    ``lot`` is the batch that they opened, with the end that it had at first; None: it ends as the class's policy says.
    """

    key: int
    points: int
    source_class: SourceClass
    counts_as_earned: bool = False
    waits_when_frozen: bool = True
    available_at: datetime | None = None
    lot: OpeningLot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent(Happened):
    """Points that somebody chose to spend, or that a merchant took (``is_by_hand``); ``key`` is the entry."""

    key: int
    points: int
    is_by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Happened):
    """Points were set aside; ``key`` is the hold."""

    key: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured(Happened):
    """What a hold (``key``) had set aside was spent by the entry ``entry``."""

    key: int
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Happened):
    """What a hold (``key``) had set aside was let go."""

    key: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored(Happened):
    """Points of a spending (``key``) came back."""

    key: int
    points: int
    grace_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff(Happened):
    """The end of a lot moved, because it was unused, or was not announced in time.

    It is known by its credit, its ``place`` among the lots of that moment, and the end that it would have had.
    """

    credited_at: datetime
    place: int
    ended_at: datetime
    ends_at: datetime
    was_unused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Froze(Happened):
    """Spending, earning or both stand still."""

    spending: bool
    earning: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Thawed(Happened):
    """They go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierGiven(Happened):
    """A tier that nothing counted gave: bought or granted until a day; or granted ones were ``withdrawn``."""

    code: str
    why: str
    until_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged(Happened):
    """The points of ``member_id`` go over to another member, or back (``is_undone``); ``purchases`` go with them."""

    key: int
    into_id: int
    purchases: tuple[int, ...] = ()
    is_undone: bool = False


Event = (
    Bought
    | Credited
    | Counted
    | Returned
    | FellShort
    | Signed
    | Did
    | Undone
    | Given
    | Spent
    | Held
    | Captured
    | Released
    | Restored
    | PutOff
    | Froze
    | Thawed
    | TierGiven
    | Merged
)
