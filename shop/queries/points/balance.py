"""What a member has, could have, owes, and when it lapses: for every page that shows points."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import and_, bindparam, case, func, select

from shop.extensions import db
from shop.models import Lot, PointsAccount
from shop.rules.points.expiry import NEVER
from shop.rules.points.kinds import MAIN_KIND

A_MOMENT = timedelta(microseconds=1)

is_pending = case((Lot.available_at > bindparam("now"), 1), else_=0).label("is_pending")
BY_EXPIRY = (
    select(
        PointsAccount.held_points,
        PointsAccount.debt_points,
        Lot.expires_at,
        is_pending,
        func.coalesce(func.sum(Lot.remaining_points - Lot.held_points), 0).label("free_points"),
    )
    .select_from(PointsAccount)
    .outerjoin(
        Lot,
        and_(Lot.account_id == PointsAccount.id, Lot.remaining_points > 0, Lot.expires_at > bindparam("now")),
    )
    .where(PointsAccount.member_id == bindparam("member_id"), PointsAccount.kind == bindparam("points_kind"))
    .group_by(PointsAccount.held_points, PointsAccount.debt_points, Lot.expires_at, is_pending)
    .order_by(Lot.expires_at)
)


@dataclass(frozen=True)
class Lapse:
    """Points that end together.  ``last_on`` is the last shop-day on which they can be spent; None: they never end."""

    points: int
    expires_at: datetime
    last_on: date | None


@dataclass(frozen=True)
class Balance:
    """``available`` can be spent now; ``held`` waits for unpaid orders; ``pending`` was earned but not yet credited;
    ``owed`` is taken off the next earnings.  ``expiring`` lists what can be spent, soonest to lapse first.
    """

    available: int
    held: int
    pending: int
    owed: int
    expiring: tuple[Lapse, ...]

    def lapsing_by(self, moment: datetime) -> int:
        """How many points end until then."""
        return sum(lapse.points for lapse in self.expiring if lapse.expires_at <= moment)


NOTHING = Balance(available=0, held=0, pending=0, owed=0, expiring=())


def balance_of(member_id: int, now: datetime, points_kind: str = MAIN_KIND) -> Balance:
    """The balance of one kind of points at this moment.

    Lots that have expired count for nothing, whether or not the sweep has run.
    """
    values = {"member_id": member_id, "now": now, "points_kind": points_kind}
    rows = db.session.execute(BY_EXPIRY, values).all()
    if not rows:
        return NOTHING
    spendable = [row for row in rows if row.free_points > 0 and not row.is_pending]
    owed = rows[0].debt_points
    return Balance(
        available=max(0, sum(int(row.free_points) for row in spendable) - owed),
        held=rows[0].held_points,
        pending=sum(int(row.free_points) for row in rows if row.is_pending),
        owed=owed,
        expiring=tuple(lapse_of(int(row.free_points), row.expires_at) for row in spendable),
    )


def lapse_of(points: int, expires_at: datetime) -> Lapse:
    """So many points with the last shop-day on which they count."""
    return Lapse(points, expires_at, last_day_before(expires_at))


def last_day_before(expires_at: datetime) -> date | None:
    """The last shop-day that lies before an expiry; None when there is none."""
    zone: ZoneInfo = current_app.config["SHOP_ZONE"]
    return None if expires_at >= NEVER else (expires_at - A_MOMENT).astimezone(zone).date()
