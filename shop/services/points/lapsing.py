"""By the clock: lots that have lapsed are written off, holds that nobody ended are let go."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from shop.books.points import expiry, holds
from shop.books.rulebooks import occasion_at
from shop.models import Hold, Order
from shop.transaction import transaction

BATCH = 100
BATCHES_MAX = 1000
HOLD_GRACE = timedelta(minutes=10)
ORDER_HOLD = "order:"  # a hold is named after its order (books/orders/paying.py)

STALE = (
    select(Hold.reference)
    .outerjoin(Order, Order.number == func.substr(Hold.reference, len(ORDER_HOLD) + 1))
    .where(
        Hold.state == "held",
        Hold.expires_at <= bindparam("overdue"),
        (Order.id.is_(None)) | (Order.state != "placed"),
    )
    .order_by(Hold.expires_at, Hold.id)
    .limit(bindparam("limit"))
)


def sweep_expired_lots(now: datetime) -> int:
    """Write off every lot that has lapsed, in batches of 100, each a transaction of its own.  Returns how many.

    Lots are looked for before each transaction, so that whoever waits for the write lock gets it in between.  Safe to run
    twice and on two machines; it only writes what is already true (invariant L5).
    """
    swept = 0
    for _batch in range(BATCHES_MAX):
        lots = expiry.due(now, BATCH)
        if not lots:
            break
        with transaction():
            swept += expiry.sweep_lots(lots, occasion_at(now))
    return swept


def release_stale_holds(now: datetime) -> int:
    """Let go of holds that are overdue and whose order, if any, no longer waits for payment.  Returns how many.

    An order's own time-out normally ends its hold; this is the net below it.
    """
    values = {"overdue": now - HOLD_GRACE, "limit": BATCH}
    with transaction() as session:
        references = list(session.scalars(STALE, values))
    return sum(_release(reference, now) for reference in references)


def _release(reference: str, now: datetime) -> bool:
    with transaction():
        return holds.void(reference, now, state="expired")
