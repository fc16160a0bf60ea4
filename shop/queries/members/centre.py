"""The member centre: who one is here, the way to the next tier, and what waits to be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, func, select

from shop.books.rulebooks import occasion_at
from shop.extensions import db
from shop.models import Coupon, Draw, DrawMemberDay, Member, Message, Order, SignIn, TicketAccount
from shop.queries.points.tier_progress import Progress, progress_of
from shop.rules.rulebook import Rulebook

YESTERDAY = timedelta(days=1)


@dataclass(frozen=True)
class TierCard:
    """``step`` counts from 1."""

    code: str
    name: str
    step: int
    multiplier_permille: int
    progress: Progress


@dataclass(frozen=True)
class Centre:
    """Everything on the page but the points, which ``queries.points.balance`` knows."""

    name: str
    avatar: str
    days: int
    tier: TierCard
    unread: int
    streak: int
    chances: int
    coupons: int
    orders: Mapping[str, int]


unread = (
    select(func.count())
    .where(Message.member_id == bindparam("member_id"), Message.read_at.is_(None))
    .scalar_subquery()
)
streak = (
    select(SignIn.streak)
    .where(SignIn.member_id == bindparam("member_id"), SignIn.day >= bindparam("yesterday"))
    .order_by(SignIn.day.desc())
    .limit(1)
    .scalar_subquery()
)
coupons = (
    select(func.count())
    .where(
        Coupon.member_id == bindparam("member_id"),
        Coupon.state == "unused",
        Coupon.expires_at > bindparam("now"),
    )
    .scalar_subquery()
)
MEMBER = select(
    Member.name,
    Member.avatar,
    Member.joined_at,
    Member.tier_code,
    Member.growth,
    unread.label("unread"),
    func.coalesce(streak, 0).label("streak"),
    coupons.label("coupons"),
).where(Member.id == bindparam("member_id"))

pile = case((and_(Order.state == "paid", Order.way != "shipping"), "pickup"), else_=Order.state).label("pile")
ORDERS = (
    select(pile, func.count().label("orders"))
    .where(Order.member_id == bindparam("member_id"), Order.state.in_(("placed", "paid", "shipped")))
    .group_by(pile)
)

free_used = func.coalesce(DrawMemberDay.free_used, 0)
free_left = case((Draw.free_per_day > free_used, Draw.free_per_day - free_used), else_=0)
CHANCES = (
    select(func.coalesce(func.sum(free_left + func.coalesce(TicketAccount.balance, 0)), 0))
    .select_from(Draw)
    .outerjoin(
        DrawMemberDay,
        and_(
            DrawMemberDay.draw_id == Draw.id,
            DrawMemberDay.member_id == bindparam("member_id"),
            DrawMemberDay.day == bindparam("today"),
        ),
    )
    .outerjoin(
        TicketAccount,
        and_(TicketAccount.draw_id == Draw.id, TicketAccount.member_id == bindparam("member_id")),
    )
    .where(Draw.state == "open", Draw.starts_at <= bindparam("now"), Draw.ends_at > bindparam("now"))
)


def centre_of(member_id: int, now: datetime) -> Centre:
    """The member centre at this moment, in four statements however much a member has done."""
    occasion = occasion_at(now)
    values: dict[str, Any] = {"member_id": member_id, "now": now, "today": occasion.today}
    row = db.session.execute(MEMBER, {**values, "yesterday": occasion.today - YESTERDAY}).one()
    joined_on: date = row.joined_at.astimezone(occasion.zone).date()
    return Centre(
        name=row.name,
        avatar=row.avatar,
        days=max(1, (occasion.today - joined_on).days + 1),
        tier=_tier_card(
            row.tier_code, progress_of(member_id, row.growth, row.tier_code, occasion), occasion.rulebook
        ),
        unread=row.unread,
        streak=row.streak,
        chances=int(db.session.scalar(CHANCES, values) or 0),
        coupons=row.coupons,
        orders={row.pile: row.orders for row in db.session.execute(ORDERS, values)},
    )


def _tier_card(code: str, progress: Progress, rulebook: Rulebook) -> TierCard:
    step = next((place for place, tier in enumerate(rulebook.tiers) if tier.code == code), 0)
    tier = rulebook.tiers[step]
    return TierCard(
        code=tier.code,
        name=tier.name,
        step=step + 1,
        multiplier_permille=tier.multiplier_permille,
        progress=progress,
    )
