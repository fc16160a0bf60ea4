"""The coupons of one member, as the back office sees them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from shop.extensions import db
from shop.models import Coupon, Order
from shop.models.columns import JsonObject

SHOWN_MAX = 60
COUPONS = (
    select(
        Coupon.code,
        Coupon.terms,
        Coupon.state,
        Coupon.origin,
        Coupon.points,
        Coupon.issued_at,
        Coupon.valid_from_at,
        Coupon.expires_at,
        Coupon.used_at,
        Order.number.label("order_number"),
    )
    .outerjoin(Order, Order.id == Coupon.order_id)
    .where(Coupon.member_id == bindparam("member_id"))
    .order_by(Coupon.id.desc())
    .limit(SHOWN_MAX)
)


@dataclass(frozen=True)
class CouponRow:
    """A coupon with its own copy of the terms.  ``points`` were paid for it; ``order_number`` holds it or has used it."""

    code: str
    terms: JsonObject
    state: str
    origin: str
    points: int
    issued_at: datetime
    valid_from_at: datetime
    expires_at: datetime
    used_at: datetime | None
    order_number: str | None

    def state_at(self, now: datetime) -> str:
        """An unused one has expired from its moment on, also while nobody has written it down."""
        return "expired" if self.state == "unused" and self.expires_at <= now else self.state


def coupons_of(member_id: int) -> list[CouponRow]:
    """The member's latest coupons, whatever became of them."""
    return [CouponRow(**row._mapping) for row in db.session.execute(COUPONS, {"member_id": member_id})]
