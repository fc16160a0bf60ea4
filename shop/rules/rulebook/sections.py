"""The rulebook: every number that a merchant sets about points.  Frozen; one version is one document.

Bounds stand beside each field and are used by the parser, the JSON schema and the forms alike.  ``more_is`` says
whether a larger number is better or worse for members; the difference between two versions is built from it.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated, Literal

from shop.rules.rulebook.limits import Flag, Items, Text, Whole

SourceClass = Literal["purchase", "interaction", "referral", "draw", "grant"]
SOURCE_CLASSES: tuple[SourceClass, ...] = ("purchase", "interaction", "referral", "draw", "grant")

POINTS_MAX = 10_000_000
CENTS_MAX = 100_000_000
CODE_PATTERN = r"[a-z][a-z0-9_]*"


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningRule:
    """``points`` for every full ``per_cents`` paid, credited ``wait_days`` after the goods were received."""

    points: Annotated[int, Whole(1, 10_000, more_is="better")]
    per_cents: Annotated[int, Whole(1, CENTS_MAX, more_is="worse")]
    includes_shipping: Annotated[bool, Flag(more_is="better")]
    wait_days: Annotated[int, Whole(0, 90, more_is="worse")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRule:
    """A step of the ladder: from ``growth_from`` on, purchases earn ``multiplier_permille`` / 1000."""

    code: Annotated[str, Text(30, pattern=CODE_PATTERN)]
    name: Annotated[str, Text(20)]
    growth_from: Annotated[int, Whole(0, CENTS_MAX, more_is="worse")]
    multiplier_permille: Annotated[int, Whole(1000, 10_000, more_is="better")]


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetWindow:
    """A period ``[starts_at, ends_at)`` with its own ratio, such as a festival."""

    name: Annotated[str, Text(30)]
    starts_at: datetime
    ends_at: datetime
    points: Annotated[int, Whole(1, 1_000_000, more_is="worse")]
    per_cents: Annotated[int, Whole(1, CENTS_MAX, more_is="better")]


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetRule:
    """``points`` take ``per_cents`` off, in steps, within limits; a window replaces the ratio while it is open."""

    points: Annotated[int, Whole(1, 1_000_000, more_is="worse")]
    per_cents: Annotated[int, Whole(1, CENTS_MAX, more_is="better")]
    step_points: Annotated[int, Whole(1, 1_000_000, more_is="worse")]
    points_min: Annotated[int, Whole(0, POINTS_MAX, more_is="worse")]
    points_max: Annotated[int | None, Whole(1, POINTS_MAX, more_is="better")]
    share_percent_max: Annotated[int, Whole(0, 100, more_is="better")]
    cash_cents_min: Annotated[int, Whole(0, CENTS_MAX, more_is="worse")]
    windows: Annotated[tuple[OffsetWindow, ...], Items(0, 60, key="name", more_is="better")]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CapRule:
    """At most ``points`` from these source classes together, per shop-day or calendar month."""

    name: Annotated[str, Text(30)]
    classes: Annotated[tuple[SourceClass, ...], Items(1, len(SOURCE_CLASSES))]
    points: Annotated[int, Whole(0, POINTS_MAX, more_is="better")]
    per: Literal["day", "month"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """``points`` on top when a streak reaches ``days``."""

    days: Annotated[int, Whole(1, 366, more_is="worse")]
    points: Annotated[int, Whole(1, 100_000, more_is="better")]


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeUpRule:
    """Missed days that may be made up: how many a month, how far back, and what one costs."""

    per_month: Annotated[int, Whole(0, 31, more_is="better")]
    within_days: Annotated[int, Whole(1, 31, more_is="better")]
    cost_points: Annotated[int, Whole(0, 100_000, more_is="worse")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRule:
    """Points by the day of a streak.  After the table it starts again (``cycle``) or its last value goes on.

    Milestones count in a cycle of ``milestone_cycle_days``: day 33 of a streak is day 3 of its second cycle.
    """

    day_points: Annotated[tuple[Annotated[int, Whole(0, 100_000, more_is="better")], ...], Items(1, 366)]
    cycle: bool
    milestones: Annotated[tuple[Milestone, ...], Items(0, 30, key="days", more_is="better")]
    milestone_cycle_days: Annotated[int, Whole(1, 366)]
    makeup: MakeUpRule


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRule:
    """What happens at a refund when earned points are gone (``shortage``), and to returned points that lapsed."""

    shortage: Literal["debt", "waive"]
    grace_days: Annotated[int, Whole(0, 365, more_is="better")]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRule:
    """How long an unpaid order keeps its goods, and when a shipped one counts as received."""

    hold_minutes: Annotated[int, Whole(1, 1440, more_is="better")]
    receive_after_days: Annotated[int, Whole(1, 90, more_is="better")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingRule:
    """The freight, and the cash part from which on it is free; ``None`` means never.

    ``free_for_points_only``: goods that cost points alone ship free, so that nothing is left to pay (spec P01).
    """

    fee_cents: Annotated[int, Whole(0, 1_000_000, more_is="worse")]
    free_from_cents: Annotated[int | None, Whole(0, CENTS_MAX, more_is="worse")]
    free_for_points_only: Annotated[bool, Flag(more_is="better")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All of it.  Made by ``parse_rulebook``, which refuses what does not fit together."""

    earning: EarningRule
    tiers: Annotated[tuple[TierRule, ...], Items(1, 12, key="code", more_is="better")]
    offset: OffsetRule
    expiry: ExpiryRule
    caps: Annotated[tuple[CapRule, ...], Items(0, 20, key="name", more_is="worse")]
    signin: SignInRule
    returns: ReturnRule
    orders: OrderRule
    shipping: ShippingRule

    def tier(self, code: str | None) -> TierRule:
        """The tier of that code; a guest, or a code that this version no longer has, stands on the first step."""
        return next((tier for tier in self.tiers if tier.code == code), self.tiers[0])


assert tuple(field.name for field in fields(ExpiryRule)) == SOURCE_CLASSES
