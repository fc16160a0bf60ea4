"""What members want redeemed by itself: a coupon each time its price is reached, or before points lapse (P13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shop.books.rulebooks import Occasion
from shop.extensions import db
from shop.models import CouponCount, CouponTemplate, CouponWish, Lot, Member, PointsAccount, is_main_account
from shop.rules.campaigns.coupons import LAPSE_AHEAD_DAYS
from shop.rules.points.expiry import NEVER, start_of_day

QUIET = {"synchronize_session": False}
FREE = (
    select(func.coalesce(func.sum(Lot.remaining_points - Lot.held_points), 0))
    .where(
        Lot.account_id == PointsAccount.id,
        Lot.remaining_points > 0,
        Lot.available_at <= bindparam("moment"),
        Lot.expires_at > bindparam("moment"),
        Lot.expires_at <= bindparam("lapsing_by"),
    )
    .correlate(PointsAccount)
    .scalar_subquery()
)
"""Points that can be spent now and lapse until a moment."""
DUE: Select[*tuple[int, int]] = (
    select(CouponWish.member_id, CouponWish.template_id)
    .join(CouponTemplate, CouponTemplate.id == CouponWish.template_id)
    .join(PointsAccount, (PointsAccount.member_id == CouponWish.member_id) & is_main_account)
    .join(Member, Member.id == CouponWish.member_id)
    .outerjoin(
        CouponCount,
        and_(
            CouponCount.member_id == CouponWish.member_id, CouponCount.template_id == CouponWish.template_id
        ),
    )
    .where(
        CouponTemplate.state == "on",
        CouponTemplate.is_automatic.is_(True),
        Member.state == "active",
        or_(CouponTemplate.total_limit.is_(None), CouponTemplate.issued < CouponTemplate.total_limit),
        or_(
            CouponTemplate.limit_per_member.is_(None),
            func.coalesce(CouponCount.units, 0) < CouponTemplate.limit_per_member,
        ),
        or_(CouponTemplate.valid_until_at.is_(None), CouponTemplate.valid_until_at > bindparam("moment")),
        PointsAccount.balance_points - PointsAccount.held_points - PointsAccount.debt_points
        >= CouponTemplate.price_points,
        FREE - PointsAccount.debt_points >= CouponTemplate.price_points,
    )
    .order_by(CouponWish.member_id, CouponTemplate.price_points.desc(), CouponTemplate.id)
    .limit(bindparam("limit"))
)
REACHED = DUE.where(CouponWish.on_reaching.is_(True))
LAPSING = DUE.where(CouponWish.before_lapse.is_(True))
MINE = (CouponWish.member_id == bindparam("of_member")) & (CouponWish.template_id == bindparam("of_template"))
WISH = select(CouponWish.on_reaching, CouponWish.before_lapse, CouponWish.turned).where(MINE)
TURNED = update(CouponWish).where(MINE).values(turned=CouponWish.turned + 1)
SPENDABLE = select(FREE - PointsAccount.debt_points).where(
    PointsAccount.member_id == bindparam("of_member"), is_main_account
)


@dataclass(frozen=True)
class Wish:
    """What a member asked for, and how often it has happened."""

    on_reaching: bool
    before_lapse: bool
    turned: int


def due_on_reaching(occasion: Occasion, limit: int) -> Sequence[tuple[int, int]]:
    """Member and template where the price is reached and a coupon can be had: a first look that locks nothing."""
    return _due(REACHED, occasion, NEVER, limit)


def due_before_lapse(occasion: Occasion, limit: int) -> Sequence[tuple[int, int]]:
    """The same where points worth a whole coupon lapse within ``LAPSE_AHEAD_DAYS``."""
    return _due(LAPSING, occasion, lapsing_by(occasion), limit)


def lapsing_by(occasion: Occasion) -> datetime:
    """Points that end by this moment lapse soon."""
    return start_of_day(occasion.today + timedelta(days=LAPSE_AHEAD_DAYS + 1), occasion.zone)


def wish_of(member_id: int, template_id: int) -> Wish | None:
    """What a member asked for; read it again once the member's account is locked."""
    values = {"of_member": member_id, "of_template": template_id}
    row = db.session.execute(WISH, values).one_or_none()
    return Wish(*row) if row else None


def keep(member_id: int, template_id: int, *, on_reaching: bool, before_lapse: bool, now: datetime) -> None:
    """Keep what a member asked for from now on, in the place of what was asked before."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    asked = {"on_reaching": on_reaching, "before_lapse": before_lapse, "updated_at": now}
    row = {"member_id": member_id, "template_id": template_id, "turned": 0, **asked}
    statement = dialect.insert(CouponWish).values(row)
    key = [CouponWish.member_id, CouponWish.template_id]
    db.session.execute(statement.on_conflict_do_update(index_elements=key, set_=asked))


def count_turned(member_id: int, template_id: int) -> None:
    """It happened once more."""
    values = {"of_member": member_id, "of_template": template_id}
    db.session.execute(TURNED, values, execution_options=QUIET)


def spendable(member_id: int, now: datetime, *, until: datetime = NEVER) -> int:
    """Points that can be spent now and lapse by ``until``, less what is owed."""
    values = {"of_member": member_id, "moment": now, "lapsing_by": until}
    return max(0, int(db.session.scalar(SPENDABLE, values) or 0))


def _due(
    statement: Select[*tuple[int, int]], occasion: Occasion, until: datetime, limit: int
) -> Sequence[tuple[int, int]]:
    values = {"moment": occasion.now, "lapsing_by": until, "limit": limit}
    return [(row.member_id, row.template_id) for row in db.session.execute(statement, values)]
