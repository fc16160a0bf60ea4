"""Gifts that come with a basket: looked up anew for every quote, and taken from their own stock with the order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from shop.books.orders.baskets import Basket, BasketLine, Offer, offers_of
from shop.extensions import db
from shop.models import Category, Gift, Order, OrderLine, Variant
from shop.rules.campaigns.gifts import GiftTerms, decide
from shop.rules.orders.ways import ways_for

RUNNING = (
    select(
        Gift.id,
        Gift.name,
        Gift.product_id,
        Gift.category_id,
        Gift.quantity_min,
        Gift.quantity,
        Gift.order_max,
        Gift.member_max,
        Variant.sku,
    )
    .join(Variant, Variant.id == Gift.variant_id)
    .where(
        Gift.state == "on",
        Variant.state == "active",
        Gift.starts_at <= bindparam("now"),
        or_(Gift.ends_at.is_(None), Gift.ends_at > bindparam("now")),
    )
    .order_by(Gift.id)
)
SLUGS = select(Category.id, Category.parent_id, Category.slug).where(
    or_(
        Category.id.in_(bindparam("ids", expanding=True)),
        Category.parent_id.in_(bindparam("ids", expanding=True)),
    )
)
HAD = (
    select(OrderLine.gift_id, func.sum(OrderLine.quantity - OrderLine.refunded_quantity))
    .join(Order, Order.id == OrderLine.order_id)
    .where(
        OrderLine.gift_id.in_(bindparam("ids", expanding=True)),
        Order.member_id == bindparam("member_id"),
        or_(Order.state != "closed", Order.paid_at.is_not(None)),
    )
    .group_by(OrderLine.gift_id)
)


@dataclass(frozen=True)
class RunningGift:
    """A gift that is on at this moment.  ``slugs``: the categories that count; None is not for categories."""

    row: Any
    slugs: frozenset[str] | None

    def counts(self, offer: Offer) -> bool:
        """Whether redeeming this brings it: only what costs points does."""
        if offer.price_points == 0:
            return False
        if self.row.product_id is not None:
            return bool(offer.product_id == self.row.product_id)
        return self.slugs is None or offer.category in self.slugs


def with_gifts(basket: Basket, member_id: int | None) -> Basket:
    """The basket with the gifts that come with it now, and what there is to say of those that do not.

    One statement while no gift is on.  Call it with the member's account locked when the order is placed: what the
    member had before is counted from the orders.
    """
    running = [gift for gift in running_gifts(basket.occasion.now) if any(map(gift.counts, _offers(basket)))]
    if not running:
        return basket
    offers = offers_of({gift.row.sku for gift in running})
    had = _had(running, member_id)
    left = _left(offers.values(), basket)
    lines, notes = list(basket.lines), []
    for gift in running:
        offer, redeemed = offers[gift.row.sku], [line for line in basket.wanted if gift.counts(line.offer)]
        terms = terms_of(gift, redeemed)
        decision = decide(
            terms,
            sum(line.quantity for line in redeemed),
            member_left=None if gift.row.member_max is None else gift.row.member_max - had[gift.row.id],
            available=left[offer.variant_id],
            fits_way=_fits(basket, offer),
        )
        if decision.pieces:
            left[offer.variant_id] -= decision.pieces
            lines.append(BasketLine(offer, decision.pieces, terms))
        else:
            notes.append(decision.reason)
    return replace(basket, lines=tuple(lines), gift_notes=tuple(notes))


def running_gifts(now: datetime) -> list[RunningGift]:
    """The gifts that are on, in the order in which they were made."""
    rows = db.session.execute(RUNNING, {"now": now}).all()
    asked = sorted({row.category_id for row in rows if row.category_id is not None})
    slugs: dict[int, set[str]] = defaultdict(set)
    for category in db.session.execute(SLUGS, {"ids": asked}) if asked else ():
        slugs[category.id].add(category.slug)
        if category.parent_id is not None:
            slugs[category.parent_id].add(category.slug)
    return [
        RunningGift(row, None if row.category_id is None else frozenset(slugs[row.category_id]))
        for row in rows
    ]


def terms_of(gift: RunningGift, redeemed: Sequence[BasketLine]) -> GiftTerms:
    """The terms as the order keeps them."""
    return GiftTerms(
        gift_id=gift.row.id,
        name=gift.row.name,
        quantity_min=gift.row.quantity_min,
        quantity=gift.row.quantity,
        order_max=gift.row.order_max,
        variant_ids=tuple(line.offer.variant_id for line in redeemed),
    )


def _offers(basket: Basket) -> list[Offer]:
    return [line.offer for line in basket.wanted]


def _left(offers: Iterable[Offer], basket: Basket) -> dict[int, int]:
    """What the gifts' own stock has, after what is redeemed of the same variants."""
    left = {offer.variant_id: offer.available for offer in offers}
    for line in basket.wanted:
        if line.offer.variant_id in left:
            left[line.offer.variant_id] -= line.quantity
    return left


def _had(running: Sequence[RunningGift], member_id: int | None) -> dict[int, int]:
    """Pieces that a member has of each gift with a limit, less what went back."""
    limited = [gift.row.id for gift in running if gift.row.member_max is not None]
    had: dict[int, int] = defaultdict(int)
    if limited and member_id:
        rows = db.session.execute(HAD, {"ids": limited, "member_id": member_id})
        had.update({gift_id or 0: int(pieces) for gift_id, pieces in rows})
    return had


def _fits(basket: Basket, offer: Offer) -> bool:
    """Whether it can get to the member in every way that is open to the goods."""
    kinds = [line.offer.kind for line in basket.wanted]
    return ways_for([*kinds, offer.kind]) == ways_for(kinds)
