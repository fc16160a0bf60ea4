"""Which tier a member stands on, until when, and how far the next one is: the functions that decide also tell.

What counts is measured over a span of the shop's calendar; a caller hands in a function that knows the amount of any span
(``Amounts``), so that nothing here asks a database.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from shop.rules.points.expiry import NEVER, start_of_day
from shop.rules.points.spans import Span, months_after, span_of
from shop.rules.rulebook import Rulebook, TierPolicy, TierRule

TierWhy = Literal[
    "reached", "kept", "fell", "refunded", "rules", "bought", "granted", "ended", "withdrawn", "merged"
]
GIFTS: frozenset[str] = frozenset({"bought", "granted"})
"""Tiers that no measure gave: they end on their day, and no refund takes them."""

Amounts = Callable[[Span], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How a member holds a tier: ``why``, until when (None: for good), and what counted when it was decided.

    ``amount`` None: nobody measured (a newcomer, or a shop older than its records).
    """

    code: str
    why: str = "joined"
    until_at: datetime | None = None
    counted_from_at: datetime | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """How a tier was decided: what is held since, under which rulebook, and the amounts of that rulebook's measure now."""

    held: Held
    under: Rulebook
    amounts: Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A decision: the tier, why, until when, and the numbers it was taken on."""

    tier: TierRule
    why: TierWhy
    until_at: datetime | None
    counted_from_at: datetime | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class NextTier:
    """The step above, and what is still missing for it, in the measure's unit (cents for spend)."""

    tier: TierRule
    missing: int


def needed_for(tier: TierRule, policy: TierPolicy) -> int:
    """What a tier asks for in the measure's unit: cents where the measure is spend."""
    return tier.growth_from * 100 if policy.measure == "spend" else tier.growth_from


def tier_for(amount: int, rulebook: Rulebook) -> TierRule:
    """The highest tier that is reached; an amount below zero, after refunds, stands on the first."""
    reached = [tier for tier in rulebook.tiers if needed_for(tier, rulebook.tier_policy) <= amount]
    return reached[-1] if reached else rulebook.tiers[0]


def next_tier(amount: int, rulebook: Rulebook, *, above: str | None = None) -> NextTier | None:
    """The next step above the amount and above the tier ``above``; None on the highest.

    What is missing, added, is exactly enough for ``tier_for``.
    """
    lowest = position_of(above, rulebook) + 1
    for tier in rulebook.tiers[max(lowest, 1) :]:
        if needed_for(tier, rulebook.tier_policy) > amount:
            return NextTier(tier, needed_for(tier, rulebook.tier_policy) - amount)
    return None


def position_of(code: str | None, rulebook: Rulebook) -> int:
    """How many steps are below; -1 for a tier that this rulebook does not have."""
    return next((place for place, tier in enumerate(rulebook.tiers) if tier.code == code), -1)


def span_now(rulebook: Rulebook, at: datetime, zone: tzinfo) -> Span:
    """The span that counts at a moment."""
    return span_of(rulebook.tier_policy.window, at, zone)


def term_end(months: int, since_on: date, zone: tzinfo) -> datetime:
    """The end of a term: the whole last day belongs to it, as everywhere in the shop."""
    return start_of_day(months_after(since_on, months) + timedelta(days=1), zone)


def last_day_of(until_at: datetime, zone: tzinfo) -> date:
    """The last day of a term."""
    return until_at.astimezone(zone).date() - timedelta(days=1)


def review_due_at(held: Held, policy: TierPolicy, zone: tzinfo) -> datetime:
    """When a term is looked at: at its end, for a tier that was reached after the days of grace."""
    if held.until_at is None:
        return NEVER
    if held.why in GIFTS or policy.grace_days == 0:
        return held.until_at
    return start_of_day(held.until_at.astimezone(zone).date() + timedelta(days=policy.grace_days), zone)


def review_span(held: Held, policy: TierPolicy, zone: tzinfo) -> Span:
    """What counts for another term: the window of the term's last day, and the days of grace on top."""
    assert held.until_at is not None, "only a term is reviewed"
    from_at = span_of(policy.window, held.until_at - timedelta(microseconds=1), zone).from_at
    return Span(from_at, review_due_at(held, policy, zone))


def climb(held: Held, amounts: Amounts, rulebook: Rulebook, now: datetime, zone: tzinfo) -> Move | None:
    """Upwards at once: the move to a higher tier that the window of today has reached, or None."""
    span = span_now(rulebook, now, zone)
    amount = amounts(span)
    tier = tier_for(amount, rulebook)
    if position_of(tier.code, rulebook) <= position_of(held.code, rulebook):
        return None
    why: TierWhy = "reached" if position_of(held.code, rulebook) >= 0 else "rules"
    return _measured(tier, why, term_from(tier, rulebook, now, zone), span, amount)


def needs_term(code: str, until_at: datetime | None, rulebook: Rulebook) -> bool:
    """Whether a tier is held for good though the rules know terms: they came later than the tier."""
    if until_at is not None or rulebook.tier_policy.kept_months is None:
        return False
    return position_of(code, rulebook) > 0


def give_term(held: Held, amounts: Amounts, rulebook: Rulebook, now: datetime, zone: tzinfo) -> Move | None:
    """A tier that was held for good gets a term; None where nothing changes.

    It is measured by the new rules from now on: where these would not have given it, it is held by mercy, and no refund
    takes it before the term ends.
    """
    if not needs_term(held.code, held.until_at, rulebook):
        return None
    tier, span = rulebook.tier(held.code), span_now(rulebook, now, zone)
    return _measured(tier, "rules", term_from(tier, rulebook, now, zone), span, amounts(span))


def after_refund(decided: Decided, gifts: Iterable[Held], rulebook: Rulebook) -> Move | None:
    """What a refund leaves: the tier is measured again over the very span, and under the rules, that gave it.

    A later rulebook is not held against the member.  None when the tier stays: it still is reached, it was bought or
    granted, or it was held by mercy (one step at a time) and no amount gave it.
    """
    held, under = decided.held, decided.under
    if held.why in GIFTS or _is_by_mercy(held, under):
        return None
    span = Span(held.counted_from_at, None)
    amount = decided.amounts(span)
    reached = tier_for(amount, under)
    if position_of(reached.code, under) >= position_of(held.code, under):
        return None
    tier = rulebook.tier(reached.code)
    until_at = held.until_at if position_of(tier.code, rulebook) > 0 else None
    fallen = _measured(tier, "refunded", until_at, span, amount)
    return _held_up_by(gifts, fallen, rulebook)


def review(
    held: Held, gifts: Iterable[Held], amounts: Amounts, rulebook: Rulebook, zone: tzinfo
) -> Move | None:
    """What becomes of a tier whose term has been reached: another term, or the fall that the policy asks for."""
    if held.until_at is None:
        return None
    policy = rulebook.tier_policy
    span = review_span(held, policy, zone)
    amount = amounts(span)
    reached, place = tier_for(amount, rulebook), position_of(held.code, rulebook)
    since_on = last_day_of(held.until_at, zone)
    if position_of(reached.code, rulebook) >= place:
        why: TierWhy = "kept" if reached.code == held.code else "reached"
        return _measured(reached, why, _term(reached, rulebook, since_on, zone), span, amount)
    if policy.kept_months is None:
        return _measured(rulebook.tiers[place], "rules", None, span, amount)
    one_step = policy.fall == "one_step" and position_of(reached.code, rulebook) < place - 1
    tier = rulebook.tiers[place - 1] if one_step else reached
    assert span.until_at is not None
    fallen_on = span.until_at.astimezone(zone).date()
    fallen = _measured(tier, "fell", _term(tier, rulebook, fallen_on, zone), span, amount)
    return _held_up_by(gifts, fallen, rulebook)


def after_gift(
    earned: Decided, gifts: Iterable[Held], amounts: Amounts, rulebook: Rulebook, at: datetime, zone: tzinfo
) -> Move:
    """Where a member stands when a bought or granted tier ends: on what was earned before, or is reached today.

    The term of what was earned may have passed meanwhile, and refunds may have lowered it.
    """
    span = span_now(rulebook, at, zone)
    amount = amounts(span)
    reached = tier_for(amount, rulebook)
    move = _measured(reached, "ended", term_from(reached, rulebook, at, zone), span, amount)
    held = earned.held
    if held.until_at is None or held.until_at > at:
        before = after_refund(earned, (), rulebook) or Move(
            tier=rulebook.tier(held.code),
            why="ended",
            until_at=held.until_at,
            counted_from_at=held.counted_from_at,
            amount=held.amount,
        )
        if position_of(before.tier.code, rulebook) >= position_of(reached.code, rulebook):
            move = replace(before, why="ended")
    return _held_up_by(gifts, move, rulebook)


def term_from(tier: TierRule, rulebook: Rulebook, now: datetime, zone: tzinfo) -> datetime | None:
    """The end of a term that begins today; None for the first step, and where tiers are kept for good."""
    return _term(tier, rulebook, now.astimezone(zone).date(), zone)


def _term(tier: TierRule, rulebook: Rulebook, since_on: date, zone: tzinfo) -> datetime | None:
    months = rulebook.tier_policy.kept_months
    if months is None or tier.code == rulebook.tiers[0].code:
        return None
    return term_end(months, since_on, zone)


def _is_by_mercy(held: Held, under: Rulebook) -> bool:
    """Whether the amounts of that day had not reached the tier."""
    place = position_of(held.code, under)
    if place < 0:
        return True
    return held.amount is not None and held.amount < needed_for(under.tiers[place], under.tier_policy)


def _held_up_by(gifts: Iterable[Held], move: Move, rulebook: Rulebook) -> Move:
    """The highest of a move and of the gifts that still run: nobody falls below what was bought or granted."""
    for gift in gifts:
        place = position_of(gift.code, rulebook)
        if place > position_of(move.tier.code, rulebook):
            why: TierWhy = "bought" if gift.why == "bought" else "granted"
            move = Move(tier=rulebook.tiers[place], why=why, until_at=gift.until_at)
    return move


def _measured(tier: TierRule, why: TierWhy, until_at: datetime | None, span: Span, amount: int) -> Move:
    return Move(tier=tier, why=why, until_at=until_at, counted_from_at=span.from_at, amount=amount)


def growth_from_paid_cents(cents: int) -> int:
    """Growth for cash paid for goods: one for each full yuan of an order."""
    return cents // 100
