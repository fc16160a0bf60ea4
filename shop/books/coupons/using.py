"""A coupon follows the life of an order: held while it is unpaid, used once it is paid, back when it ends.

Each step is one guarded UPDATE; a repeat finds nothing to change.
"""

from datetime import datetime

from sqlalchemy import Update, bindparam, update

from shop.books.coupons import journal
from shop.errors import CouponNotUsable
from shop.extensions import db
from shop.models import Coupon

QUIET = {"synchronize_session": False}
HOLD = (
    update(Coupon)
    .where(
        Coupon.code == bindparam("of_code"),
        Coupon.member_id == bindparam("of_member"),
        Coupon.state == "unused",
        Coupon.valid_from_at <= bindparam("moment"),
        Coupon.expires_at > bindparam("moment"),
    )
    .values(state="held", order_id=bindparam("for_order"))
    .returning(Coupon.id)
)
USE = (
    update(Coupon)
    .where(Coupon.order_id == bindparam("of_order"), Coupon.state == "held")
    .values(state="used", used_at=bindparam("moment"))
    .returning(Coupon.id)
)
LET_GO = (
    update(Coupon)
    .where(Coupon.order_id == bindparam("of_order"), Coupon.state == bindparam("expected"))
    .values(state="unused", order_id=None, used_at=None)
    .returning(Coupon.id)
)


def hold(code: str, member_id: int, order_id: int, now: datetime) -> None:
    """Set a member's coupon aside for an order that is being placed.  Raises CouponNotUsable."""
    values = {"of_code": code, "of_member": member_id, "for_order": order_id, "moment": now}
    if not _move(HOLD, values, "hold", ("unused", "held"), order_id, now):
        raise CouponNotUsable


def use(order_id: int, now: datetime) -> None:
    """The order is paid: its coupon, if any, is used, even if it would have expired while it was held."""
    _move(USE, {"of_order": order_id, "moment": now}, "use", ("held", "used"), order_id, now)


def release(order_id: int, now: datetime) -> None:
    """The order ended unpaid: its coupon, if any, can be used again until its old end."""
    values = {"of_order": order_id, "expected": "held"}
    _move(LET_GO, values, "release", ("held", "unused"), order_id, now)


def take_back(order_id: int, now: datetime) -> None:
    """The order was given back in full: so is its coupon, if any, with its old end."""
    values = {"of_order": order_id, "expected": "used"}
    _move(LET_GO, values, "return", ("used", "unused"), order_id, now)


def _move(
    statement: Update,
    values: dict[str, object],
    event: str,
    states: tuple[str, str],
    order_id: int,
    now: datetime,
) -> bool:
    coupon_id = db.session.execute(statement, values, execution_options=QUIET).scalar_one_or_none()
    if coupon_id is None:
        return False
    journal.write(coupon_id, event, *states, now, order_id)
    return True
