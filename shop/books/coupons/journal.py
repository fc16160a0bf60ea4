"""Every move of a coupon, written in the transaction that makes it."""

from datetime import datetime

from sqlalchemy import insert

from shop.extensions import db, table_of
from shop.models import CouponEvent

NEW_EVENT = insert(table_of(CouponEvent))


def write(
    coupon_id: int,
    event: str,
    from_state: str | None,
    to_state: str,
    now: datetime,
    order_id: int | None = None,
) -> None:
    """One row.  The same event of a coupon for the same order cannot be written twice: the database refuses it."""
    row = {
        "coupon_id": coupon_id,
        "event": event,
        "from_state": from_state,
        "to_state": to_state,
        "order_id": order_id,
        "at": now,
    }
    db.session.execute(NEW_EVENT, row)
