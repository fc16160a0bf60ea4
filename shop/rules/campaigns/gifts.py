"""Gifts on top of a redemption (买赠): so many pieces of one thing bring so many of another, for nothing."""

from dataclasses import dataclass

from shop.rules.reasons import Reason, because


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftTerms:
    """``quantity`` pieces come with every ``quantity_min`` pieces that are redeemed, at most ``order_max`` with one order.

    ``variant_ids`` are the variants of the order that counted: when they go back, so does what they brought.
    """

    gift_id: int
    name: str
    quantity_min: int
    quantity: int
    order_max: int
    variant_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GiftDecision:
    """How many pieces come with an order now (0: none), and the reason."""

    pieces: int
    reason: Reason


def pieces_for(terms: GiftTerms, redeemed: int) -> int:
    """The gifts that so many redeemed pieces bring."""
    return min(redeemed // terms.quantity_min * terms.quantity, terms.order_max)


def decide(
    terms: GiftTerms, redeemed: int, *, member_left: int | None, available: int, fits_way: bool
) -> GiftDecision:
    """The gifts that come with an order.

    ``member_left``: pieces that this member may still have (None: no limit); ``available``: what the gift's own stock has;
    ``fits_way``: it can get to the member together with the goods.  An order never fails for want of a gift.
    """
    due = pieces_for(terms, redeemed)
    if due == 0:
        missing = terms.quantity_min - redeemed
        return GiftDecision(0, because("gift_needs_more", name=terms.name, missing=missing))
    if not fits_way:
        return GiftDecision(0, because("gift_goes_another_way", name=terms.name))
    if member_left is not None and member_left <= 0:
        return GiftDecision(0, because("gift_had_before", name=terms.name))
    if available <= 0:
        return GiftDecision(0, because("gift_sold_out", name=terms.name))
    allowed = due if member_left is None else min(due, member_left)
    pieces = min(allowed, available)
    return GiftDecision(pieces, because("gift_comes", name=terms.name, quantity_min=terms.quantity_min))


def pieces_to_give_back(terms: GiftTerms, *, given: int, redeemed_left: int) -> int:
    """The gifts that go back when only so many of the redeemed pieces stay.  ``given``: those that are still out."""
    return max(0, given - pieces_for(terms, redeemed_left))
