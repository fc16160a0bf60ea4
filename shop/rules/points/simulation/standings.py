"""Tiers while a replay goes on: they follow what counts, terms end, and new rules lift or give terms, as in the books."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from functools import partial

from shop.rules.points.simulation.events import TierGiven
from shop.rules.points.simulation.members import SideMember, SideTier
from shop.rules.points.spans import Span
from shop.rules.points.tiers import (
    GIFTS,
    Amounts,
    Decided,
    Held,
    Move,
    after_gift,
    after_refund,
    climb,
    give_term,
    position_of,
    review,
    review_due_at,
)
from shop.rules.rulebook import Rulebook

TERMS_MAX = 24
"""So many terms of a member are looked at in one go, as by a worker that was away."""
RulebookAt = Callable[[datetime], Rulebook]


class Standings:
    """Moves members between tiers.  ``changes`` are the moments at which the rulebook changes, in their order."""

    def __init__(self, rulebook_at: RulebookAt, changes: Sequence[datetime], zone: tzinfo) -> None:
        self._rulebook_at = rulebook_at
        self._changes = changes
        self._zone = zone

    def bring_up(self, member: SideMember, now: datetime) -> None:
        """Everything that time alone has brought until ``now``: terms that ended, and rules that changed."""
        tier = member.tier
        for _step in range(TERMS_MAX):
            change, due = self._next_change(tier, now), self._due(tier, now)
            if change is not None and (due is None or change <= due):
                tier.looked_at = change
                self._move_up(member, change)
            elif due is not None:
                self._review(member, due)
            else:
                break
        tier.looked_at = max(tier.looked_at, now)

    def follow(self, member: SideMember, at: datetime, *, may_fall: bool = False) -> None:
        """Put a member on the tier that was reached; downwards only after something went back."""
        rulebook, tier = self._rulebook_at(at), member.tier
        fallen = None
        if may_fall:
            fallen = after_refund(self._decided(member, rulebook), _running(tier, at), rulebook)
        if fallen is None:
            self._move_up(member, at)
        else:
            self._take(tier, fallen, rulebook)
            self._climb(member, at, rulebook)

    def give(self, member: SideMember, event: TierGiven) -> None:
        """A tier was bought or granted, or the granted ones were withdrawn.  Unknown steps give nothing."""
        rulebook, tier = self._rulebook_at(event.at), member.tier
        if event.why == "withdrawn":
            tier.gifts = [gift for gift in tier.gifts if gift.why == "bought"]
            if tier.held.why == "granted":
                self._take(tier, self._after_gift(member, event.at, rulebook), rulebook)
            return
        gift = Held(code=event.code, why=event.why, until_at=event.until_at)
        place = position_of(gift.code, rulebook)
        if place < 0:
            return
        tier.gifts.append(gift)
        if place >= position_of(tier.held.code, rulebook):
            tier.held, tier.under = gift, rulebook

    def _next_change(self, tier: SideTier, now: datetime) -> datetime | None:
        if not self._changes or tier.looked_at >= self._changes[-1]:
            return None
        change = self._changes[bisect_right(self._changes, tier.looked_at)]
        return change if change <= now else None

    def _due(self, tier: SideTier, now: datetime) -> datetime | None:
        if tier.held.until_at is None or tier.held.until_at > now:
            return None
        due = review_due_at(tier.held, self._rulebook_at(now).tier_policy, self._zone)
        return due if due <= now else None

    def _review(self, member: SideMember, due: datetime) -> None:
        """One term is over, under the rules of that moment; what today's window has reached comes on top."""
        rulebook, tier = self._rulebook_at(due), member.tier
        if tier.held.why in GIFTS:
            move: Move | None = self._after_gift(member, due, rulebook)
        else:
            amounts = self._amounts(member, rulebook)
            move = review(tier.held, _running(tier, due), amounts, rulebook, self._zone)
        if move is not None:
            self._take(tier, move, rulebook)
            self._climb(member, due, rulebook)

    def _move_up(self, member: SideMember, at: datetime) -> None:
        rulebook, tier = self._rulebook_at(at), member.tier
        if self._climb(member, at, rulebook):
            return
        move = give_term(tier.held, self._amounts(member, rulebook), rulebook, at, self._zone)
        if move is not None:
            self._take(tier, move, rulebook)

    def _climb(self, member: SideMember, at: datetime, rulebook: Rulebook) -> bool:
        move = climb(member.tier.held, self._amounts(member, rulebook), rulebook, at, self._zone)
        if move is not None:
            self._take(member.tier, move, rulebook)
        return move is not None

    def _after_gift(self, member: SideMember, at: datetime, rulebook: Rulebook) -> Move:
        tier = member.tier
        held, under = tier.earned or (Held(code=tier.joined), rulebook)
        earned = Decided(held, under, self._amounts(member, under))
        return after_gift(
            earned, _running(tier, at), self._amounts(member, rulebook), rulebook, at, self._zone
        )

    def _decided(self, member: SideMember, rulebook: Rulebook) -> Decided:
        under = member.tier.under or rulebook
        return Decided(member.tier.held, under, self._amounts(member, under))

    def _amounts(self, member: SideMember, rulebook: Rulebook) -> Amounts:
        return partial(_amount, member, rulebook, self._zone)

    @staticmethod
    def _take(tier: SideTier, move: Move, rulebook: Rulebook) -> None:
        tier.under = rulebook
        tier.held = Held(
            code=move.tier.code,
            why=move.why,
            until_at=move.until_at,
            counted_from_at=move.counted_from_at,
            amount=move.amount,
        )
        if move.why not in GIFTS:
            tier.earned = (tier.held, rulebook)


def _amount(member: SideMember, rulebook: Rulebook, zone: tzinfo, span: Span) -> int:
    return member.amount(rulebook.tier_policy.measure, span, zone)


def _running(tier: SideTier, at: datetime) -> list[Held]:
    """Bought and granted tiers that run on after a moment."""
    return [gift for gift in tier.gifts if gift.until_at is not None and gift.until_at > at]
