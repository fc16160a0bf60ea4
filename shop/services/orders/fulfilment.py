"""Getting it to the person: shipped with a tracking number, handed over by a pick-up code, received."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from shop.books import audit, outbox
from shop.books.orders import moves
from shop.books.orders.awards import mark_received
from shop.books.points import accounts
from shop.books.rulebooks import occasion_at
from shop.errors import (
    NotFound,
    OrderMoved,
    PickupCodeUsed,
    PickupCodeWrong,
    PickupEnded,
    PickupUnpaid,
    ShopError,
)
from shop.models import Order
from shop.transaction import transaction

BATCH = 50
QUIET = {"synchronize_session": False}
BY_NUMBER = select(Order.id, Order.number, Order.member_id, Order.way).where(
    Order.number == bindparam("number")
)
BY_CODE = select(Order.id, Order.number, Order.store_id).where(Order.pickup_code == bindparam("code"))
STATE = select(Order.state).where(Order.id == bindparam("order_id"))
REFUSALS: dict[str, type[ShopError]] = {
    "placed": PickupUnpaid,
    "shipped": PickupCodeWrong,  # never happens: what is shipped has no code
    "received": PickupCodeUsed,
    "closed": PickupEnded,
}
SHIPPED_LONG_AGO = (
    select(Order.id)
    .where(Order.state == "shipped", Order.shipped_at <= bindparam("before"))
    .order_by(Order.id)
    .limit(BATCH)
)
SHIPPED_AS = select(Order.carrier + " " + Order.tracking_number).where(
    Order.id == bindparam("order_id"), Order.state == "shipped"
)
TRACK = (
    update(Order)
    .where(Order.id == bindparam("of_order"))
    .values(carrier=bindparam("by_carrier"), tracking_number=bindparam("tracked_as"))
)


def ship_order(number: str, *, carrier: str, tracking_number: str, staff_id: int, now: datetime) -> None:
    """A paid order leaves the shop.  A repeat with the same parcel changes nothing.

    Raises NotFound, and OrderMoved when it is not waiting to be shipped.
    """
    with transaction() as session:
        order = session.execute(BY_NUMBER, {"number": number}).one_or_none()
        if order is None:
            raise NotFound
        accounts.lock(order.member_id)
        if order.way != "shipping":
            raise OrderMoved
        if not moves.move(order.id, "ship", actor="staff", now=now, staff_id=staff_id):
            if session.scalar(SHIPPED_AS, {"order_id": order.id}) == f"{carrier} {tracking_number}":
                return
            raise OrderMoved
        values = {"of_order": order.id, "by_carrier": carrier, "tracked_as": tracking_number}
        session.execute(TRACK, values, execution_options=QUIET)
        outbox.put("order_shipped", f"order_shipped:{order.id}", now, {"order_id": order.id})
        after = {"carrier": carrier, "tracking_number": tracking_number}
        _audit("order.ship", order.number, staff_id, now, after)


def hand_over(
    pickup_code: str,
    staff_id: int | None,
    now: datetime,
    *,
    store_id: int | None = None,
    api_key_id: int | None = None,
) -> str:
    """Hand an order over for its pick-up code, exactly once.  Returns its number.

    A program's key stands in for the member of staff; one of a store hands out nothing that waits in another.
    Raises PickupCodeWrong for an unknown code, PickupCodeUsed, PickupUnpaid and PickupEnded.
    """
    code = normal_code(pickup_code)
    with transaction() as session:
        order = session.execute(BY_CODE, {"code": code}).one_or_none()
        if order is None or (store_id and order.store_id not in (None, store_id)):
            raise PickupCodeWrong
        actor = "system" if staff_id is None else "staff"
        if not mark_received(order.id, "hand_over", actor=actor, now=now, staff_id=staff_id):
            raise REFUSALS[session.scalar(STATE, {"order_id": order.id}) or ""]
        by_key = {"api_key_id": api_key_id} if api_key_id else {}
        _audit("order.hand_over", order.number, staff_id, now, {"state": "received", **by_key})
        return str(order.number)


def receive_order(number: str, member_id: int, now: datetime) -> None:
    """The member has the goods.  A repeat changes nothing.  Raises NotFound, and OrderMoved when it is not shipped."""
    with transaction() as session:
        order = session.execute(BY_NUMBER, {"number": number}).one_or_none()
        if order is None or order.member_id != member_id:
            raise NotFound
        if mark_received(order.id, "receive", actor="member", now=now):
            return
        if session.scalar(STATE, {"order_id": order.id}) != "received":
            raise OrderMoved


def receive_overdue_orders(now: datetime) -> int:
    """Orders shipped long ago count as received.  Each is a transaction of its own.  Returns how many.

    Safe to run twice and on two machines: each order is received once.
    """
    received = 0
    while overdue := _shipped_long_ago(now):
        received += sum(_receive_overdue(order_id, now) for order_id in overdue)
        if len(overdue) < BATCH:
            break
    return received


def normal_code(text: str) -> str:
    """A pick-up code as typed or read aloud: capitals and digits, without anything between them."""
    return "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())


def _shipped_long_ago(now: datetime) -> list[int]:
    with transaction() as session:
        days = occasion_at(now).rulebook.orders.receive_after_days
        return list(session.scalars(SHIPPED_LONG_AGO, {"before": now - timedelta(days=days)}))


def _receive_overdue(order_id: int, now: datetime) -> bool:
    with transaction():
        return mark_received(order_id, "receive", actor="system", now=now)


def _audit(
    action: str, number: str, staff_id: int | None, now: datetime, after: Mapping[str, str | int]
) -> None:
    audit.record(staff_id=staff_id, action=action, subject=f"order:{number}", now=now, after=dict(after))
