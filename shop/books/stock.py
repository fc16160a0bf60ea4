"""The stock book: units on hand, reserved, sold and returned, with a journal line for each movement.

Every change is one guarded UPDATE: the database decides who gets the last unit.  Callers touch several variants in the
order of their ids, after the member's points (invariants 3.4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, bindparam, insert, select, update

from shop.errors import SoldOut
from shop.extensions import db, table_of
from shop.models import StockLevel, StockMovement, StockReservation

QUIET = {"synchronize_session": False}
LEVEL = StockLevel
RESERVE = (
    update(LEVEL)
    .where(LEVEL.variant_id == bindparam("variant"), LEVEL.on_hand - LEVEL.reserved >= bindparam("units"))
    .values(reserved=LEVEL.reserved + bindparam("units"))
)
SELL_AT_ONCE = (
    update(LEVEL)
    .where(LEVEL.variant_id == bindparam("variant"), LEVEL.on_hand - LEVEL.reserved >= bindparam("units"))
    .values(on_hand=LEVEL.on_hand - bindparam("units"), sold=LEVEL.sold + bindparam("units"))
)
RELEASE = (
    update(LEVEL)
    .where(LEVEL.variant_id == bindparam("variant"))
    .values(reserved=LEVEL.reserved - bindparam("units"))
)
SELL = (
    update(LEVEL)
    .where(LEVEL.variant_id == bindparam("variant"))
    .values(
        reserved=LEVEL.reserved - bindparam("units"),
        on_hand=LEVEL.on_hand - bindparam("units"),
        sold=LEVEL.sold + bindparam("units"),
    )
)
TAKE_BACK = (
    update(LEVEL)
    .where(LEVEL.variant_id == bindparam("variant"))
    .values(on_hand=LEVEL.on_hand + bindparam("units"), returned=LEVEL.returned + bindparam("units"))
)
RECEIVE = (
    update(LEVEL)
    .where(LEVEL.variant_id == bindparam("variant"))
    .values(on_hand=LEVEL.on_hand + bindparam("units"), received=LEVEL.received + bindparam("units"))
)
ADJUST = (
    update(LEVEL)
    .where(LEVEL.variant_id == bindparam("variant"), LEVEL.on_hand + bindparam("units") >= LEVEL.reserved)
    .values(on_hand=LEVEL.on_hand + bindparam("units"), adjusted=LEVEL.adjusted + bindparam("units"))
)
END = (
    update(StockReservation)
    .where(StockReservation.order_id == bindparam("order"), StockReservation.state == "open")
    .values(state=bindparam("end_state"))
    .returning(StockReservation.variant_id, StockReservation.units)
)
NEW_RESERVATION = insert(table_of(StockReservation))
NEW_MOVEMENT = insert(table_of(StockMovement))


@dataclass(frozen=True)
class Wanted:
    """Units of one variant that an order asks for."""

    variant_id: int
    units: int
    title: str


def open_level(variant_id: int, *, alert_below: int = 0) -> None:
    """Begin to count a new variant, at zero."""
    db.session.execute(insert(StockLevel).values(variant_id=variant_id, alert_below=alert_below))


def available(variant_id: int) -> int:
    """Units that can still be reserved: on hand less reserved."""
    statement = select(LEVEL.on_hand - LEVEL.reserved).where(LEVEL.variant_id == variant_id)
    return int(db.session.scalar(statement) or 0)


def reserve(order_id: int, wanted: Sequence[Wanted], now: datetime) -> None:
    """Set units aside for an order, all of them or none.  Raises SoldOut naming the product that ran out."""
    _take(RESERVE, order_id, wanted, "open", ("reserved",), now)


def sell_at_once(order_id: int, wanted: Sequence[Wanted], now: datetime) -> None:
    """Sell units to an order that is placed and paid in one go, all or none.  Raises SoldOut like ``reserve``."""
    _take(SELL_AT_ONCE, order_id, wanted, "sold", ("reserved", "sold"), now)


def sell_reserved(order_id: int, now: datetime) -> None:
    """The order is paid: its units leave the shop.  A repeat finds no open reservation and changes nothing."""
    _end(order_id, "sold", SELL, now)


def release(order_id: int, now: datetime) -> None:
    """The order ended unpaid: its units can be sold again.  A repeat changes nothing."""
    _end(order_id, "released", RELEASE, now)


def take_back(variant_id: int, units: int, reference: str, now: datetime) -> None:
    """Units of a cancelled or returned line come back.  ``reference`` names the refund line, once."""
    db.session.execute(TAKE_BACK, {"variant": variant_id, "units": units}, execution_options=QUIET)
    _journal(variant_id, "returned", units, reference, now)


def receive(
    variant_id: int,
    units: int,
    reference: str,
    now: datetime,
    *,
    reason: str = "",
    staff_id: int | None = None,
) -> None:
    """New units arrive in the shop."""
    assert units > 0, "what arrives is positive"
    db.session.execute(RECEIVE, {"variant": variant_id, "units": units}, execution_options=QUIET)
    _journal(variant_id, "received", units, reference, now, reason, staff_id)


def adjust(
    variant_id: int, units: int, reference: str, now: datetime, *, reason: str, staff_id: int | None = None
) -> bool:
    """Correct the count after looking (``units`` may be negative).  False when open orders need what would go."""
    changed = db.session.execute(ADJUST, {"variant": variant_id, "units": units}, execution_options=QUIET)
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    _journal(variant_id, "adjusted", units, reference, now, reason, staff_id)
    return True


def _take(
    statement: Update,
    order_id: int,
    wanted: Sequence[Wanted],
    state: str,
    kinds: Sequence[str],
    now: datetime,
) -> None:
    """Take units from the levels one by one, in the order of their ids; write everything else together."""
    ordered = sorted(wanted, key=lambda item: item.variant_id)
    for each in ordered:
        values = {"variant": each.variant_id, "units": each.units}
        changed = db.session.execute(statement, values, execution_options=QUIET)
        if changed.rowcount != 1:  # type: ignore[attr-defined]
            raise SoldOut(each.title)
    order = {"order_id": order_id, "state": state}
    db.session.execute(
        NEW_RESERVATION, [{**order, "variant_id": each.variant_id, "units": each.units} for each in ordered]
    )
    db.session.execute(
        NEW_MOVEMENT,
        [
            _movement(each.variant_id, kind, each.units, f"order:{order_id}:{kind}:{each.variant_id}", now)
            for each in ordered
            for kind in kinds
        ],
    )


def _end(order_id: int, state: str, statement: object, now: datetime) -> None:
    ended = db.session.execute(END, {"order": order_id, "end_state": state}, execution_options=QUIET).all()
    for variant_id, units in sorted((row.variant_id, row.units) for row in ended):
        db.session.execute(statement, {"variant": variant_id, "units": units}, execution_options=QUIET)  # type: ignore[call-overload]
        _journal(variant_id, state, units, f"order:{order_id}:{state}:{variant_id}", now)


def _journal(
    variant_id: int,
    kind: str,
    units: int,
    reference: str,
    now: datetime,
    reason: str = "",
    staff_id: int | None = None,
) -> None:
    db.session.execute(NEW_MOVEMENT, _movement(variant_id, kind, units, reference, now, reason, staff_id))


def _movement(
    variant_id: int,
    kind: str,
    units: int,
    reference: str,
    now: datetime,
    reason: str = "",
    staff_id: int | None = None,
) -> dict[str, object]:
    return {
        "variant_id": variant_id,
        "kind": kind,
        "units": units,
        "reference": reference,
        "reason": reason,
        "staff_id": staff_id,
        "at": now,
    }
