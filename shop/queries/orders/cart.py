"""What the cart shows: every line at today's price, and the sum of the chosen ones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shop.books.orders import baskets, carts
from shop.books.orders.baskets import Basket
from shop.books.orders.gifts import with_gifts
from shop.books.rulebooks import occasion_at
from shop.queries.orders.quote import QuotedLine, lines_of
from shop.queries.points.balance import balance_of
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.reasons import Reason


@dataclass(frozen=True)
class CartLine:
    """One variant in the cart.  ``is_chosen``: it goes to the checkout."""

    line: QuotedLine
    is_chosen: bool


@dataclass(frozen=True)
class Cart:
    """``goods_points`` and ``goods_cents`` are the sums of the chosen lines, before freight and offset.

    All chosen lines cost points of one ``points_kind``, unless they are ``is_of_two_kinds``: then no order can take them
    together, and the sums are those of the first kind.  ``kinds`` are those of everything in the cart.  ``is_mixed``: the
    chosen goods are partly used by a code, so that nothing of them can be shipped together.
    ``gifts`` come with the chosen lines; ``gift_notes`` say why others do not.
    """

    lines: tuple[CartLine, ...]
    goods_points: int
    goods_cents: int
    points_missing: int
    points_available: int
    is_mixed: bool
    points_kind: str = MAIN_KIND
    is_of_two_kinds: bool = False
    kinds: tuple[str, ...] = ()
    gifts: tuple[QuotedLine, ...] = ()
    gift_notes: tuple[Reason, ...] = ()

    @property
    def chosen_count(self) -> int:
        return sum(line.is_chosen for line in self.lines)


EMPTY = Cart((), 0, 0, 0, 0, is_mixed=False)


def cart_of(member_id: int, chosen: Collection[str] | None, now: datetime) -> Cart:
    """The cart; ``chosen`` None means all that can be had now.  What cannot be had is never chosen."""
    wishes = carts.wishes_of(member_id)
    if not wishes:
        return EMPTY
    occasion = occasion_at(now)
    basket = baskets.basket_of(wishes, member_id, occasion)
    everything = lines_of(basket, baskets.quote_of(basket, basket.ways[0], 0))
    if chosen is None:
        chosen = _of_one_kind(everything)
    lines = tuple(CartLine(line, _is_chosen(line, chosen)) for line in everything)
    taken = [line.line for line in lines if line.is_chosen]
    kinds = _kinds_of(taken)
    goods_points = sum(line.priced.line_points for line in taken if line.points_kind == kinds[0])
    available = basket.customer.points_available
    if kinds[0] != basket.points_kind:
        available = balance_of(member_id, now, kinds[0]).available
    gifts, notes = _gifts(basket, {line.priced.sku for line in taken}, member_id)
    return Cart(
        lines=lines,
        goods_points=goods_points,
        goods_cents=sum(line.priced.line_cents for line in taken),
        points_missing=max(0, goods_points - available),
        points_available=available,
        is_mixed=len({line.kind == "physical" for line in taken}) > 1,
        points_kind=kinds[0],
        is_of_two_kinds=len(kinds) > 1,
        kinds=_kinds_of([line.line for line in lines]),
        gifts=gifts,
        gift_notes=notes,
    )


def _is_chosen(line: QuotedLine, chosen: Collection[str]) -> bool:
    return line.refusal is None and line.priced.sku in chosen


def _of_one_kind(lines: Sequence[QuotedLine]) -> frozenset[str]:
    """What an order can take together: of two kinds of points, the goods of the first."""
    first = _kinds_of([line for line in lines if line.refusal is None])[0]
    return frozenset(
        line.priced.sku for line in lines if not line.priced.unit_points or line.points_kind == first
    )


def _kinds_of(lines: Sequence[QuotedLine]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.points_kind for line in lines if line.priced.unit_points)) or (MAIN_KIND,)


def _gifts(
    basket: Basket, skus: Collection[str], member_id: int
) -> tuple[tuple[QuotedLine, ...], tuple[Reason, ...]]:
    """What comes with the chosen lines, and what is to be said of gifts that do not."""
    chosen = replace(basket, lines=tuple(line for line in basket.lines if line.offer.sku in skus))
    if not chosen.lines:
        return (), ()
    whole = with_gifts(chosen, member_id)
    lines = lines_of(whole, baskets.quote_of(whole, whole.ways[0], 0))
    return tuple(line for line in lines if line.is_gift), whole.gift_notes
