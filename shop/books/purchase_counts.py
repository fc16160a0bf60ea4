"""How many units of a product each member took, against the product's limit: a counted row under a guard (S2)."""

from datetime import date

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shop.errors import LimitReached
from shop.extensions import db
from shop.models import PurchaseCount

EVER, MONTH = "ever", "month"
QUIET = {"synchronize_session": False}
MINE = (
    (PurchaseCount.member_id == bindparam("member"))
    & (PurchaseCount.product_id == bindparam("product"))
    & (PurchaseCount.period == bindparam("period_key"))
)
ADD = (
    update(PurchaseCount)
    .where(MINE, PurchaseCount.units + bindparam("more") <= bindparam("limit"))
    .values(units=PurchaseCount.units + bindparam("more"))
)
GIVE_BACK = update(PurchaseCount).where(MINE).values(units=PurchaseCount.units - bindparam("fewer"))
TAKEN = select(PurchaseCount.units).where(MINE)


def period_key(limit_period: str, today: date) -> str:
    """The period that a limit counts in: "ever", or a month such as 2026-11."""
    return f"{today:%Y-%m}" if limit_period == MONTH else EVER


def taken(member_id: int, product_id: int, period: str) -> int:
    """Units counted so far."""
    values = {"member": member_id, "product": product_id, "period_key": period}
    return int(db.session.scalar(TAKEN, values) or 0)


def count_in(member_id: int, product_id: int, period: str, units: int, *, limit: int, title: str) -> None:
    """Count units against the limit.  Raises LimitReached with what is left; the guard holds under parallel requests."""
    values = {"member": member_id, "product": product_id, "period_key": period}
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"member_id": member_id, "product_id": product_id, "period": period, "units": 0}
    db.session.execute(dialect.insert(PurchaseCount).values(row).on_conflict_do_nothing())
    changed = db.session.execute(ADD, {**values, "more": units, "limit": limit}, execution_options=QUIET)
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise LimitReached(title, limit, max(0, limit - taken(member_id, product_id, period)))


def count_out(member_id: int, product_id: int, period: str, units: int) -> None:
    """Give units back after a cancellation or refund."""
    values = {"member": member_id, "product": product_id, "period_key": period, "fewer": units}
    db.session.execute(GIVE_BACK, values, execution_options=QUIET)
