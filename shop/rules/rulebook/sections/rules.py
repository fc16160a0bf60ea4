"""Rules of earning: when something happens under these conditions, this is earned.

A rule is data: an event, conditions that must all hold, one effect.  A new kind of condition is a dataclass here, a
function in ``rules/points/conditions.py``, a row in its form, a sentence, and tests; there is no scripting.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from shop.rules.points.kinds import MAIN_KIND
from shop.rules.rulebook.limits import Flag, Items, Text, Whole
from shop.rules.rulebook.sections.expiry import ExpiryPolicy
from shop.rules.rulebook.sections.sources import CENTS_MAX, CODE_PATTERN, POINTS_MAX, SourceClass

EVENT_PATTERN = r"[a-z][a-z0-9_.]*"
Span = Literal["ever", "year", "month"]
Basis = Literal["order", "month"]
Name = Annotated[str, Text(60)]
Names = Annotated[tuple[Name, ...], Items(0, 200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsCondition:
    """Only these goods count: of one of the categories, tags or SKUs named; with ``excluded`` all but these."""

    kind: Literal["goods"] = "goods"
    categories: Names = ()
    tags: Names = ()
    skus: Names = ()
    excluded: Annotated[bool, Flag()] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TierCondition:
    """The member stands on one of these tiers when the order is placed."""

    kind: Literal["tier"] = "tier"
    tiers: Annotated[tuple[Annotated[str, Text(30)], ...], Items(1, 12)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountCondition:
    """The cash paid for all goods reaches ``cents_min``."""

    kind: Literal["amount"] = "amount"
    cents_min: Annotated[int, Whole(1, CENTS_MAX, more_is="worse")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodCondition:
    """A time ``[starts_at, ends_at)``, narrowed to weekdays (1 is Monday), days of the month, hours; empty is any.

    ``decided_by`` says whether the moment of payment or of placing the order counts.
    """

    kind: Literal["period"] = "period"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    weekdays: Annotated[tuple[Annotated[int, Whole(1, 7)], ...], Items(0, 7)] = ()
    month_days: Annotated[tuple[Annotated[int, Whole(1, 31)], ...], Items(0, 31)] = ()
    hour_from: Annotated[int, Whole(0, 23)] = 0
    hour_until: Annotated[int, Whole(1, 24)] = 24
    decided_by: Literal["paid", "placed"] = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthdayCondition:
    """It is the member's birthday, or birthday month; the birthday was known before the month began (E07)."""

    kind: Literal["birthday"] = "birthday"
    span: Literal["month", "day"] = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseNumberCondition:
    """It is the member's purchase of that ``number`` in the span, or with ``every`` each of its multiples.

    Only purchases of at least ``cents_min`` count; ones refunded in full count when ``counts_refunded`` (E05, E06).
    """

    kind: Literal["purchase_number"] = "purchase_number"
    number: Annotated[int, Whole(1, 1000)] = 1
    span: Span = "ever"
    every: Annotated[bool, Flag(more_is="better")] = False
    cents_min: Annotated[int, Whole(0, CENTS_MAX, more_is="worse")] = 0
    counts_refunded: Annotated[bool, Flag()] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCondition:
    """The purchase was made there: in the mall, in a store, in a shop of somebody else's."""

    kind: Literal["channel"] = "channel"
    channels: Annotated[tuple[Literal["mall", "store", "elsewhere"], ...], Items(1, 3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailCondition:
    """The event says one of these words of itself, such as the grade of a review."""

    kind: Literal["detail"] = "detail"
    values: Annotated[tuple[Name, ...], Items(1, 50)]


Condition = (
    GoodsCondition
    | TierCondition
    | AmountCondition
    | PeriodCondition
    | BirthdayCondition
    | PurchaseNumberCondition
    | ChannelCondition
    | DetailCondition
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiplyEffect:
    """The base counts ``multiplier_permille`` / 1000 times; what is above it is the bonus."""

    kind: Literal["multiply"] = "multiply"
    multiplier_permille: Annotated[int, Whole(1001, 100_000, more_is="better")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsEffect:
    """So many points, once or for each piece."""

    kind: Literal["points"] = "points"
    points: Annotated[int, Whole(1, 1_000_000, more_is="better")]
    per: Literal["event", "piece"] = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateEffect:
    """These goods have their own base rate; 0 points: they earn nothing (E02)."""

    kind: Literal["rate"] = "rate"
    points: Annotated[int, Whole(0, 10_000, more_is="better")]
    per_cents: Annotated[int, Whole(1, CENTS_MAX, more_is="worse")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From ``from_cents`` on, ``points`` for every ``per_cents``."""

    from_cents: Annotated[int, Whole(0, CENTS_MAX, more_is="worse")]
    points: Annotated[int, Whole(0, 10_000, more_is="better")]
    per_cents: Annotated[int, Whole(1, CENTS_MAX, more_is="worse")]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsEffect:
    """The base rate climbs with the amount of the order or of the month: by slices, or for the whole amount (E03)."""

    kind: Literal["steps"] = "steps"
    steps: Annotated[tuple[Step, ...], Items(1, 20)]
    whole: Annotated[bool, Flag(more_is="better")] = False
    of: Basis = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdEffect:
    """Reaching ``cents`` in the order or the month brings ``points``, once or each time (E04)."""

    kind: Literal["threshold"] = "threshold"
    cents: Annotated[int, Whole(1, CENTS_MAX, more_is="worse")]
    points: Annotated[int, Whole(1, 1_000_000, more_is="better")]
    every: Annotated[bool, Flag(more_is="better")] = False
    of: Basis = "order"


Effect = MultiplyEffect | PointsEffect | RateEffect | StepsEffect | ThresholdEffect


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """At most so often for one member."""

    count: Annotated[int, Whole(1, 1000, more_is="better")]
    per: Literal["ever", "year", "month", "day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.  Of the rules of a stack ``group`` the best for the member counts; a rule without one stands alone.

    ``expiry`` None: as its class says, or the further kind that it ``credits``.  ``budget_points``: all members together
    earn no more by this rule (E23).
    """

    code: Annotated[str, Text(30, pattern=CODE_PATTERN)]
    name: Annotated[str, Text(40)]
    event: Annotated[str, Text(40, pattern=EVENT_PATTERN)] = "purchase"
    conditions: Annotated[tuple[Condition, ...], Items(0, 12)] = ()
    effect: Effect
    group: Annotated[str | None, Text(30)] = None
    source_class: SourceClass = "purchase"
    credits: Annotated[str, Text(30, pattern=CODE_PATTERN)] = MAIN_KIND
    expiry: ExpiryPolicy | None = None
    times: Times | None = None
    budget_points: Annotated[int | None, Whole(1, 1_000_000_000, more_is="better")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StackingRule:
    """Bonuses of different groups add up on the base or multiply; an order earns at most ``order_points_max`` (E10)."""

    between_groups: Literal["add", "multiply"] = "add"
    order_points_max: Annotated[int | None, Whole(1, POINTS_MAX, more_is="better")] = None


BONUSES_ADD_UP = StackingRule()
"""How bonuses stack when the shop's owner has said nothing."""
