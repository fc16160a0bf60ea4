"""An order becomes paid: its points are captured, its stock is sold, and what follows is told to the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from shop.books import outbox, purchases, stock
from shop.books.coupons import using
from shop.books.orders import moves
from shop.books.points import accounts, entries, holds
from shop.books.points.accounts import LockedAccount
from shop.books.points.entries import Line
from shop.books.rulebooks import Occasion
from shop.errors import HoldEnded
from shop.extensions import db
from shop.models import Order

ORDER = select(Order.number, Order.member_id, Order.total_points, Order.coupon_cents).where(
    Order.id == bindparam("order_id")
)


def hold_reference(number: str) -> str:
    """The reference under which an order's points are held."""
    return f"order:{number}"


def redeem_reference(number: str) -> str:
    """The reference of the entry that spent an order's points."""
    return f"order:{number}:redeem"


def spent_entry(number: str) -> int | None:
    """The entry that spent an order's points; None when the order took none or is unpaid."""
    return entries.entry_of(redeem_reference(number))


@dataclass(frozen=True)
class PlacedNow:
    """An order that was written a moment ago in this transaction, and the account that it is paid from."""

    order_id: int
    number: str
    account: LockedAccount
    total_points: int
    has_coupon: bool = False


def pay_at_once(order: PlacedNow, wanted: Sequence[stock.Wanted], occasion: Occasion) -> None:
    """Pay an order that costs points alone in the transaction that places it: nothing needs to be set aside before.

    Its goods come last, after everything that is the member's own, so that a stock row which many want is locked as
    briefly as can be.  Raises InsufficientPoints and SoldOut; then the whole transaction must not happen.
    """
    if order.total_points:
        line = Line("redeem", "redeemed", redeem_reference(order.number), order_id=order.order_id)
        entries.redeem_from(order.account, order.total_points, line, occasion)
    moved = moves.move(order.order_id, "pay", actor="member", now=occasion.now, only_from="placed")
    assert moved, "a new order is placed"
    if order.has_coupon:
        using.use(order.order_id, occasion.now)
    outbox.put_all(("order_placed", "order_paid"), order.order_id, occasion.now, {"order_id": order.order_id})
    stock.sell_at_once(order.order_id, wanted, occasion.now)


def mark_paid(order_id: int, occasion: Occasion, *, actor: str = "system") -> bool:
    """Move a placed order to paid and take what was set aside for it.

    False when the order is not placed (a repeat, or it ended): nothing changed.  Raises HoldEnded when the points are
    no longer set aside; then the whole transaction must not happen.
    """
    number, member_id, total_points, coupon_cents = db.session.execute(ORDER, {"order_id": order_id}).one()
    accounts.lock(member_id)
    if not moves.move(order_id, "pay", actor=actor, now=occasion.now):
        return False
    if total_points:
        line = Line("redeem", "redeemed", redeem_reference(number), order_id=order_id)
        if holds.capture(hold_reference(number), line, occasion) is None:
            raise HoldEnded
    if coupon_cents:
        using.use(order_id, occasion.now)
    purchases.record_order(order_id, occasion)
    stock.sell_reserved(order_id, occasion.now)
    outbox.put("order_paid", f"order_paid:{order_id}", occasion.now, {"order_id": order_id})
    return True
