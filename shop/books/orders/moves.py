"""An order moves from state to state: one guarded UPDATE decides the race, one row says who, when and why."""

from datetime import datetime

from sqlalchemy import bindparam, insert, update

from shop.extensions import db, table_of
from shop.models import Order, OrderEvent
from shop.rules.orders.order_states import ORDER_STATES, next_state

QUIET = {"synchronize_session": False}
NEW_EVENT = insert(table_of(OrderEvent))


def open_order(order_id: int, *, actor: str, now: datetime) -> None:
    """Write the first event of an order that was just inserted in state ``placed``."""
    _write_event(order_id, "place", None, "placed", actor, now)


def move(
    order_id: int,
    event: str,
    *,
    actor: str,
    now: datetime,
    staff_id: int | None = None,
    reason: str = "",
    only_from: str | None = None,
) -> bool:
    """Move an order by ``event`` (``rules/orders/order_states.py``) and write who, when and why.

    ``actor`` is member, staff or system.  ``only_from`` keeps to one state where an event has several.  A closed order
    keeps the event as its ``close_reason``.  False when the order was in no state that allows the event (a repeat, or
    somebody else was first): nothing changed.  The caller locks the member's points account before.
    """
    states = (only_from,) if only_from else ORDER_STATES  # in the order of an order's life: none is missed
    for state in states:
        to_state = next_state(state, event)
        if to_state and _step(order_id, event, state, to_state, now):
            _write_event(order_id, event, state, to_state, actor, now, staff_id, reason)
            return True
    return False


def _step(order_id: int, event: str, from_state: str, to_state: str, now: datetime) -> bool:
    values: dict[str, object] = {"state": to_state, f"{to_state}_at": now}
    if to_state == "closed":
        values["close_reason"] = event
    statement = (
        update(Order)
        .where(Order.id == bindparam("moved_order"), Order.state == bindparam("expected_state"))
        .values(values)
    )
    bound = {"moved_order": order_id, "expected_state": from_state}
    changed = db.session.execute(statement, bound, execution_options=QUIET)
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _write_event(
    order_id: int,
    event: str,
    from_state: str | None,
    to_state: str,
    actor: str,
    now: datetime,
    staff_id: int | None = None,
    reason: str = "",
) -> None:
    row = {
        "order_id": order_id,
        "event": event,
        "from_state": from_state,
        "to_state": to_state,
        "actor": actor,
        "staff_id": staff_id,
        "reason": reason[:200],
        "at": now,
    }
    db.session.execute(NEW_EVENT, row)
