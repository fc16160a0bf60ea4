"""What a partner and the shop owe each other for a month: points given, taken back, and redeemed at the partner's tills."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select

from shop.extensions import db
from shop.models import ApiKey, PointsEntry, Redemption, RedemptionRefund, is_main_entry

IN_MONTH = PointsEntry.shop_day.between(bindparam("first"), bindparam("last"))
KEY = select(
    ApiKey.id,
    ApiKey.name,
    ApiKey.ending,
    ApiKey.points_per_month,
    ApiKey.cents_per_thousand,
    ApiKey.revoked_at,
).where(ApiKey.id == bindparam("key_id"))


def _sum(column: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(column), 0)


GIVEN = select(_sum(PointsEntry.points)).where(
    IN_MONTH, is_main_entry, PointsEntry.kind == "grant", PointsEntry.reference.startswith(bindparam("gifts"))
)
TAKEN_BACK = select(_sum(-PointsEntry.points)).where(
    IN_MONTH,
    is_main_entry,
    PointsEntry.kind == "adjust",
    PointsEntry.reference.startswith(bindparam("deductions")),
)
REDEEMED = (
    select(_sum(Redemption.points).label("points"), _sum(Redemption.off_cents).label("cents"))
    .join(PointsEntry, PointsEntry.reference == "redemption:" + Redemption.number + ":redeem")
    .where(IN_MONTH, Redemption.api_key_id == bindparam("key_id"))
)
RETURNED = (
    select(_sum(RedemptionRefund.points).label("points"), _sum(RedemptionRefund.off_cents).label("cents"))
    .join(Redemption, Redemption.id == RedemptionRefund.redemption_id)
    .join(PointsEntry, PointsEntry.id == RedemptionRefund.entry_id)
    .where(IN_MONTH, Redemption.api_key_id == bindparam("key_id"))
)


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """One month of one key, by the shop's days.  ``cents_per_thousand`` is None for a program of the shop's own."""

    key_id: int
    name: str
    ending: str
    is_revoked: bool
    points_per_month: int | None
    cents_per_thousand: int | None
    given_points: int
    taken_back_points: int
    redeemed_points: int
    redeemed_cents: int

    @property
    def partner_owes_cents(self) -> int:
        """For the points that it gave less those it took back, rounded down."""
        return (self.given_points - self.taken_back_points) * (self.cents_per_thousand or 0) // 1000

    @property
    def net_cents(self) -> int:
        """Above 0 the partner pays the shop, below 0 the shop pays the partner."""
        return self.partner_owes_cents - self.redeemed_cents


def settlement_of(key_id: int, first: date) -> Settlement | None:
    """The month that begins with ``first``; None when there is no such key."""
    row = db.session.execute(KEY, {"key_id": key_id}).one_or_none()
    if row is None:
        return None
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    values = {
        "key_id": key_id,
        "first": first,
        "last": last,
        "gifts": f"api-grant:{key_id}:",
        "deductions": f"adjust:api:{key_id}:",
    }
    redeemed = db.session.execute(REDEEMED, values).one()
    returned = db.session.execute(RETURNED, values).one()
    return Settlement(
        key_id=row.id,
        name=row.name,
        ending=row.ending,
        is_revoked=row.revoked_at is not None,
        points_per_month=row.points_per_month,
        cents_per_thousand=row.cents_per_thousand,
        given_points=int(db.session.scalar(GIVEN, values) or 0),
        taken_back_points=int(db.session.scalar(TAKEN_BACK, values) or 0),
        redeemed_points=int(redeemed.points - returned.points),
        redeemed_cents=int(redeemed.cents - returned.cents),
    )
