"""How far a member is on the ladder: what counts today, the next step, and what keeps the present one.

The functions of ``rules.points.tiers`` that decide about tiers tell it here, so that no page promises what no check keeps.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from shop.books.rulebooks import Occasion
from shop.books.tiers import history, measures
from shop.rules.points.tiers import (
    GIFTS,
    Decided,
    after_gift,
    last_day_of,
    needed_for,
    next_tier,
    position_of,
    review,
    review_due_at,
    review_span,
    span_now,
)
from shop.rules.rulebook import TierMeasure, TierRule, TierWindow

FULL_PERCENT = 100


@dataclass(frozen=True)
class Progress:
    """``amount`` and what is ``missing`` are in the measure's unit (cents for spend); ``percent`` is the whole way.

    ``until_on`` is the last day on which something still counts together with this amount; None where the window moves.
    On the highest tier there is no next one, and the way is done.
    """

    measure: TierMeasure
    window: TierWindow
    amount: int
    next: TierRule | None
    needed: int
    missing: int
    percent: int
    until_on: date | None


@dataclass(frozen=True)
class Keeping:
    """The end of a term: its last day, the last day to make up what is missing, and how much that is (0: it is kept).

    A ``is_gift`` was bought or granted: it ends, whatever is missing.  ``is_near``: within the days of the reminder.
    """

    until_on: date
    due_on: date
    missing: int
    falls_to: TierRule | None
    is_gift: bool
    is_near: bool
    is_over: bool


def progress_of(member_id: int, growth: int, tier_code: str, occasion: Occasion) -> Progress:
    """The way to the step above the present tier.  ``growth`` is the member's counter, which the caller has read."""
    rulebook = occasion.rulebook
    policy = rulebook.tier_policy
    span = span_now(rulebook, occasion.now, occasion.zone)
    amount = measures.amount_today(member_id, growth, rulebook, span)
    above = next_tier(amount, rulebook, above=tier_code)
    needed = needed_for(above.tier, policy) if above else 0
    return Progress(
        measure=policy.measure,
        window=policy.window,
        amount=amount,
        next=above.tier if above else None,
        needed=needed,
        missing=above.missing if above else 0,
        percent=max(0, amount) * FULL_PERCENT // needed if above else FULL_PERCENT,
        until_on=last_day_of(span.until_at, occasion.zone) if span.until_at else None,
    )


def keeping_of(member_id: int, decided: Decided, occasion: Occasion) -> Keeping | None:
    """What becomes of the present tier at the end of its term, as things stand; None for a tier that is kept for good."""
    held, rulebook, zone = decided.held, occasion.rulebook, occasion.zone
    if held.until_at is None:
        return None
    policy, due_at = rulebook.tier_policy, review_due_at(held, rulebook.tier_policy, zone)
    amounts = measures.amounts_of(member_id, rulebook)
    gifts = history.gifts_at(member_id, due_at)
    if held.why in GIFTS:
        earned = history.earned_before(member_id, occasion)
        move = after_gift(earned, gifts, amounts, rulebook, due_at, zone)
    else:
        reviewed = review(held, gifts, amounts, rulebook, zone)
        assert reviewed is not None, "a term is reviewed"
        move = reviewed
    place = position_of(held.code, rulebook)
    falls = position_of(move.tier.code, rulebook) < place
    amount = amounts(review_span(held, policy, zone))
    return Keeping(
        until_on=last_day_of(held.until_at, zone),
        due_on=last_day_of(due_at, zone),
        missing=max(0, needed_for(rulebook.tiers[place], policy) - amount) if falls else 0,
        falls_to=move.tier if falls else None,
        is_gift=held.why in GIFTS,
        is_near=held.until_at - occasion.now <= timedelta(days=policy.notice_days),
        is_over=held.until_at <= occasion.now,
    )
