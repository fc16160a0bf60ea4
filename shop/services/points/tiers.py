"""A member's tier: it follows what counts, and may be bought with points."""

from dataclasses import dataclass
from datetime import datetime

from shop.books.points import accounts, entries
from shop.books.points.entries import Line
from shop.books.rulebooks import Occasion, occasion_at
from shop.books.tiers import history, measures
from shop.books.tiers.history import Note, Standing
from shop.errors import (
    KeyReused,
    MemberSuspended,
    NotFound,
    TierHeldAlready,
    TierNotForSale,
    TierPriceRaised,
)
from shop.rules.points.tiers import Held, Move, after_refund, climb, give_term, position_of, term_end
from shop.rules.reasons import because
from shop.rules.rulebook import TierRule
from shop.transaction import transaction


@dataclass(frozen=True)
class Bought:
    """The tier that was bought, and the first moment without it."""

    change_id: int
    tier_code: str
    until_at: datetime | None


def check_tier(member_id: int, now: datetime, *, may_fall: bool = False) -> str | None:
    """Put a member on the tier that was reached.  Returns the new tier's code, or None for no change.

    Upwards at once; downwards only with ``may_fall``, after a refund took away what had given the tier.  Of two checks at
    once the second finds nothing to do.
    """
    with transaction():
        occasion = occasion_at(now)
        standing = history.lock(member_id, occasion)
        move = _decide(standing, occasion, may_fall) if standing else None
        if standing is None or move is None:
            return None
        history.write(standing, move, occasion)
    return move.tier.code


def _decide(standing: Standing, occasion: Occasion, may_fall: bool) -> Move | None:
    """Down first, where a refund may have taken something, then up as far as today's window reaches."""
    rulebook, now, zone = occasion.rulebook, occasion.now, occasion.zone
    amounts = measures.amounts_of(standing.member_id, rulebook)
    fallen = None
    if may_fall:
        gifts = history.gifts_at(standing.member_id, now)
        fallen = after_refund(standing.decided, gifts, rulebook)
    held = Held(code=fallen.tier.code) if fallen else standing.held
    return (
        climb(held, amounts, rulebook, now, zone) or fallen or give_term(held, amounts, rulebook, now, zone)
    )


def buy_tier(member_id: int, code: str, *, agreed_points: int, key: str, now: datetime) -> Bought:
    """Buy a tier with points for the rulebook's months; it does not count as spend.

    ``agreed_points`` is the price that the member saw: a dearer one is not taken.  The same ``key`` again changes nothing
    and answers as the first did.  Raises InsufficientPoints, NotFound, TierNotForSale, TierHeldAlready when the member
    stands there or above, TierPriceRaised, MemberSuspended, and KeyReused when the key bought another tier.
    """
    reference = f"tier:{member_id}:{key}"
    with transaction():
        account = accounts.lock(member_id)
        if first := history.known(reference):
            if first.to_code != code:
                raise KeyReused
            return Bought(first.change_id, first.to_code, first.until_at)
        occasion = occasion_at(now)
        standing = history.lock(member_id, occasion)
        if standing is None:
            raise NotFound
        tier, price_points = _offered(standing, code, agreed_points, occasion)
        line = Line(
            kind="redeem",
            program_account="redeemed",
            reference=reference,
            reasons=(because("tier_bought", tier_name=tier.name, months=tier.price_months),),
        )
        entry_id = entries.redeem_from(account, price_points, line, occasion)
        until_at = term_end(tier.price_months, occasion.today, occasion.zone)
        move = Move(tier=tier, why="bought", until_at=until_at)
        change_id = history.write(standing, move, occasion, Note(reference=reference, entry_id=entry_id))
    return Bought(change_id, tier.code, until_at)


def _offered(standing: Standing, code: str, agreed_points: int, occasion: Occasion) -> tuple[TierRule, int]:
    """The tier and its price, if it is for sale to this member now."""
    rulebook = occasion.rulebook
    place = position_of(code, rulebook)
    if place < 0:
        raise NotFound
    tier = rulebook.tiers[place]
    if standing.state != "active":
        raise MemberSuspended
    if position_of(standing.held.code, rulebook) >= place:
        raise TierHeldAlready(rulebook.tier(standing.held.code).name)
    if tier.price_points is None:
        raise TierNotForSale(tier.name)
    if tier.price_points > agreed_points:
        raise TierPriceRaised(tier.price_points)
    return tier, tier.price_points
