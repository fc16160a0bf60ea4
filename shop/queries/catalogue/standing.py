"""What a visitor brings to the shelf: points, and the tier that opens goods to them."""

from dataclasses import dataclass, replace
from datetime import datetime

from shop.books.rulebooks import occasion_at
from shop.queries.catalogue.kept import Shelf
from shop.queries.catalogue.shelf import Reach
from shop.queries.points.balance import Balance, balance_of
from shop.queries.points.kinds import further_purses
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.rulebook import TierRule


@dataclass(frozen=True)
class Standing:
    """``points_available`` is None for a guest.  ``tiers`` is the ladder in force; ``reached`` counts its steps taken."""

    points_available: int | None
    tiers: tuple[TierRule, ...]
    reached: int
    balance: Balance | None = None

    @property
    def reach(self) -> Reach | None:
        """For the filter 我能兑换的; None for a guest."""
        if self.points_available is None:
            return None
        return Reach(
            ((MAIN_KIND, self.points_available),), tuple(tier.code for tier in self.tiers[self.reached :])
        )

    def reach_at(self, shelf: Shelf, member_id: int | None, now: datetime) -> Reach | None:
        """The reach with what the member has of further kinds, where the shop has some."""
        reach, occasion = self.reach, shelf.occasion
        if reach is None or member_id is None or occasion is None or not occasion.rulebook.kinds:
            return reach
        further = [(purse.code, purse.balance.available) for purse in further_purses(member_id, now)]
        return replace(reach, purses=(*reach.purses, *further))

    def missing_tier(self, code: str | None) -> str | None:
        """The name of the tier that is still missing for goods of this tier; None when they are open.

        A tier that the rulebook no longer knows can be asked of nobody.
        """
        names = {tier.code: tier.name for tier in self.tiers[self.reached :]}
        return names.get(code or "")


def standing_at(shelf: Shelf, member_id: int | None, tier_code: str | None, now: datetime) -> Standing:
    """The standing of a member, or of a guest (None), at a shelf that has been looked up."""
    balance = balance_of(member_id, now) if member_id else None
    tiers = shelf.occasion.rulebook.tiers if shelf.occasion else ()
    return Standing(balance.available if balance else None, *ladder(tiers, tier_code), balance)


def standing_of(member_id: int | None, tier_code: str | None, now: datetime) -> Standing:
    """The standing of a member, or of a guest (None)."""
    balance = balance_of(member_id, now) if member_id else None
    points = balance.available if balance else None
    return Standing(points, *ladder(_tiers_in_force(now), tier_code), balance)


def ladder(tiers: tuple[TierRule, ...], tier_code: str | None) -> tuple[tuple[TierRule, ...], int]:
    """The tiers and how many of their steps are taken; everybody stands on the first."""
    codes = [tier.code for tier in tiers]
    return tiers, codes.index(tier_code) + 1 if tier_code in codes else 1


def _tiers_in_force(now: datetime) -> tuple[TierRule, ...]:
    try:
        return occasion_at(now).rulebook.tiers
    except LookupError:  # nothing is published yet: the shelf stands open all the same
        return ()
