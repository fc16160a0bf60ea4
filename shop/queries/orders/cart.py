"""What the cart shows: every line at today's price, and the sum of the chosen ones."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from shop.books.orders import baskets, carts
from shop.books.rulebooks import occasion_at
from shop.queries.orders.quote import QuotedLine, lines_of


@dataclass(frozen=True)
class CartLine:
    """One variant in the cart.  ``is_chosen``: it goes to the checkout."""

    line: QuotedLine
    is_chosen: bool


@dataclass(frozen=True)
class Cart:
    """``goods_points`` and ``goods_cents`` are the sums of the chosen lines, before freight and offset.

    ``is_mixed``: the chosen goods are partly used by a code, so that nothing of them can be shipped together.
    """

    lines: tuple[CartLine, ...]
    goods_points: int
    goods_cents: int
    points_missing: int
    points_available: int
    is_mixed: bool

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
    lines = tuple(CartLine(line, _is_chosen(line, chosen)) for line in everything)
    taken = [line.line for line in lines if line.is_chosen]
    goods_points = sum(line.priced.line_points for line in taken)
    available = basket.customer.points_available
    return Cart(
        lines=lines,
        goods_points=goods_points,
        goods_cents=sum(line.priced.line_cents for line in taken),
        points_missing=max(0, goods_points - available),
        points_available=available,
        is_mixed=len({line.kind == "physical" for line in taken}) > 1,
    )


def _is_chosen(line: QuotedLine, chosen: Collection[str] | None) -> bool:
    return line.refusal is None and (chosen is None or line.priced.sku in chosen)
