"""What happened, as the rules of earning see it: an event, and what is known of the member at that moment.

Everything a rule may ask for is a value here; nothing is looked up while rules are evaluated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from types import MappingProxyType
from typing import Literal

from shop.rules.rulebook import (
    PurchaseNumberCondition,
    Rulebook,
    StepsEffect,
    ThresholdEffect,
)

PURCHASE = "purchase"
SIGNED_IN = "signed_in"
Channel = Literal["mall", "store", "elsewhere"]


@dataclass(frozen=True, slots=True)
class CountAsked:
    """How many purchases a member made before this one, in the span that this one falls into."""

    span: Literal["ever", "year", "month"]
    cents_min: int
    counts_refunded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    """What rules may know of a member.  A guest has no tier and no past.

    ``birthday_known_on`` is the day on which the birthday was last set.  ``purchases_before`` answers
    ``questions_of`` a rulebook; ``month_cents`` is the net cash of the month so far.  ``closed_rules`` are the codes of
    rules whose budget is used up or whose times are over for this member.
    """

    tier_code: str | None = None
    birthday: date | None = None
    birthday_known_on: date | None = None
    purchases_before: Mapping[CountAsked, int] = field(default_factory=lambda: MappingProxyType({}))
    month_cents: int = 0
    closed_rules: frozenset[str] = frozenset()


GUEST = MemberFacts()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoughtLine:
    """Goods of one kind: their pieces, and the cash paid for them after every discount and offset.

    No rule speaks of a gift that came on top: it was not bought.
    """

    cents: int
    quantity: int = 1
    sku: str | None = None
    category: str | None = None
    tags: tuple[str, ...] = ()
    is_gift: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """Something that may earn points.

    ``at`` is the moment that decides (for a purchase: of payment), ``placed_at`` the one at which an order was placed;
    both are seen in ``zone``, the shop's.  ``base_points`` is what the event earns by itself (a sign-in's table).
    ``detail`` is a word of the event, such as the grade of a review.
    """

    event: str = PURCHASE
    at: datetime
    zone: tzinfo = UTC
    placed_at: datetime | None = None
    lines: tuple[BoughtLine, ...] = ()
    shipping_cents: int = 0
    channel: Channel = "mall"
    detail: str | None = None
    base_points: int = 0
    member: MemberFacts = GUEST

    @property
    def cents(self) -> int:
        """The cash paid for all goods."""
        return sum(line.cents for line in self.lines)

    def moment(self, decided_by: Literal["paid", "placed"]) -> datetime:
        """The deciding moment on the shop's clock."""
        moment = self.placed_at if decided_by == "placed" and self.placed_at else self.at
        return moment.astimezone(self.zone)


def multiplies_sign_ins(rulebook: Rulebook) -> bool:
    """Whether a sign-in may earn more than its table says (S06)."""
    return any(rule.event == SIGNED_IN for rule in rulebook.rules) or any(
        tier.signin_multiplier_permille > 1000 for tier in rulebook.tiers
    )


def questions_of(rulebook: Rulebook) -> frozenset[CountAsked]:
    """What has to be counted before purchases can be evaluated under this rulebook; mostly nothing."""
    return frozenset(
        question_of(condition)
        for rule in rulebook.rules
        for condition in rule.conditions
        if isinstance(condition, PurchaseNumberCondition)
    )


def question_of(condition: PurchaseNumberCondition) -> CountAsked:
    """The count that this condition looks at."""
    return CountAsked(condition.span, condition.cents_min, condition.counts_refunded)


def asks_for_month(rulebook: Rulebook) -> bool:
    """Whether some rule looks at what was spent in the month so far."""
    return any(
        isinstance(rule.effect, StepsEffect | ThresholdEffect) and rule.effect.of == "month"
        for rule in rulebook.rules
    )
