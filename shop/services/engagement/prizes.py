"""Claiming a product prize: it becomes an order that costs nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.books.draws import attempts, claims
from shop.books.draws.claims import Claim
from shop.books.points import accounts
from shop.books.rulebooks import occasion_at
from shop.errors import AddressMissing, NotFound, PrizeNotClaimable, StoreMissing, WayNotPossible
from shop.extensions import db
from shop.models import Address, DrawAttempt, Order, Prize, Store
from shop.rules.orders.pricing import Way
from shop.transaction import transaction


@dataclass(frozen=True)
class ClaimWish:
    """How a prize shall get to the member: an address of theirs, a store, or neither."""

    way: Way
    address_id: int | None
    store_id: int | None


def claim_prize(attempt_id: int, member_id: int, wish: ClaimWish, now: datetime) -> str:
    """Turn a waiting product prize into a paid order at no price.  Returns the order's number.

    A repeat returns the first order.  Raises NotFound for another member's attempt, PrizeNotClaimable when it is too
    late, SoldOut when the shop has none left (the prize stays waiting), AddressMissing, StoreMissing, WayNotPossible.
    """
    with transaction() as session:
        accounts.lock(member_id)
        occasion = occasion_at(now)
        row = session.execute(
            select(DrawAttempt.claim_state, DrawAttempt.order_id, Prize.variant_id)
            .join(Prize, Prize.id == DrawAttempt.prize_id)
            .where(DrawAttempt.id == attempt_id, DrawAttempt.member_id == member_id)
        ).one_or_none()
        if row is None:
            raise NotFound
        if row.order_id:
            return _number_of(row.order_id)
        if row.claim_state != "waiting" or row.variant_id is None:
            raise PrizeNotClaimable
        basket = claims.basket_for(member_id, row.variant_id, occasion)
        if wish.way not in basket.ways:
            raise WayNotPossible
        claim = _claim(attempt_id, member_id, row.variant_id, wish)
        order_id = claims.open_prize_order(claim, basket)
        if not attempts.mark_claimed(attempt_id, order_id, now):
            raise PrizeNotClaimable
        return _number_of(order_id)


def _number_of(order_id: int) -> str:
    return str(db.session.execute(select(Order.number).where(Order.id == order_id)).scalar_one())


def _claim(attempt_id: int, member_id: int, variant_id: int, wish: ClaimWish) -> Claim:
    sealed = _address(member_id, wish.address_id) if wish.way == "shipping" else None
    store_id = _store(wish.store_id) if wish.way == "pickup" else None
    return Claim(attempt_id, member_id, variant_id, wish.way, store_id, sealed)


def _address(member_id: int, address_id: int | None) -> str:
    mine = (Address.member_id == member_id) & Address.deleted_at.is_(None)
    sealed = db.session.scalar(select(Address.sealed).where(Address.id == address_id, mine))
    if sealed is None:
        raise AddressMissing
    return sealed


def _store(store_id: int | None) -> int:
    found = db.session.scalar(select(Store.id).where(Store.id == store_id, Store.is_open))
    if found is None:
        raise StoreMissing
    return found
