"""A member's coupons, by what can still be done with them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select, and_, bindparam, case, func, or_, select

from shop.extensions import db
from shop.models import Coupon, Order
from shop.queries.campaigns.coupon_scopes import Scope, Scopes
from shop.queries.points.balance import last_day_before
from shop.rules.campaigns.coupons import CouponTerms

PAGE = 30
TABS = ("usable", "used", "expired")
is_over = Coupon.expires_at <= bindparam("moment")
tab = case(
    (Coupon.state == "held", "usable"),
    (Coupon.state.in_(("used", "given_back")), "used"),
    (or_(Coupon.state == "expired", is_over), "expired"),
    else_="usable",
)
COUNTS = (
    select(tab.label("tab"), func.count().label("coupons"))
    .where(Coupon.member_id == bindparam("member_id"))
    .group_by(tab)
)
LIST: Select[*tuple[Any, ...]] = (
    select(
        Coupon.id,
        Coupon.code,
        Coupon.state,
        Coupon.origin,
        Coupon.terms,
        Coupon.points,
        Coupon.is_refundable,
        Coupon.undo_until_at,
        Coupon.valid_from_at,
        Coupon.expires_at,
        Coupon.used_at,
        Order.number.label("order_number"),
    )
    .outerjoin(Order, Order.id == Coupon.order_id)
    .where(Coupon.member_id == bindparam("member_id"), tab == bindparam("tab"))
    .limit(PAGE + 1)
)
SOONEST = LIST.order_by(Coupon.expires_at, Coupon.id).where(
    or_(
        Coupon.expires_at > bindparam("after_end"),
        and_(Coupon.expires_at == bindparam("after_end"), Coupon.id > bindparam("after_id")),
    )
)
NEWEST = LIST.order_by(Coupon.id.desc()).where(Coupon.id < bindparam("before"))
CURSOR = select(Coupon.expires_at).where(
    Coupon.id == bindparam("id"), Coupon.member_id == bindparam("member_id")
)
NEWS = select(
    Coupon.member_id, Coupon.code, Coupon.origin, Coupon.points, Coupon.terms, Coupon.expires_at
).where(Coupon.id == bindparam("coupon_id"))
BEGINNING = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
ID_MAX = 2**31 - 1


@dataclass(frozen=True)
class CouponView:
    """A coupon as its member sees it.  ``days_left`` counts the days after today; ``order_number`` holds or used it."""

    id: int
    code: str
    state: str
    origin: str
    terms: CouponTerms
    scope: Scope
    points: int
    starts_at: datetime | None
    last_on: date | None
    days_left: int
    used_at: datetime | None
    undo_until_at: datetime | None
    may_be_returned: bool
    order_number: str | None


@dataclass(frozen=True)
class CouponPage:
    """Some coupons, and from which on the next ones follow."""

    coupons: tuple[CouponView, ...]
    next_before: int | None


@dataclass(frozen=True)
class CouponNews:
    """What a message about a coupon says."""

    member_id: int
    code: str
    origin: str
    points: int
    name: str
    last_on: date | None


def coupon_counts(member_id: int, now: datetime) -> dict[str, int]:
    """How many coupons stand under each tab."""
    rows = db.session.execute(COUNTS, {"member_id": member_id, "moment": now})
    return {row.tab: row.coupons for row in rows}


def coupons_of(member_id: int, of_tab: str, before: int | None, now: datetime) -> CouponPage:
    """One tab, 30 at a time: what ends first where something can be done, else the newest first."""
    values: dict[str, Any] = {"member_id": member_id, "tab": of_tab, "moment": now}
    if of_tab == "usable":
        values |= {"after_end": _end_of(member_id, before), "after_id": before or 0}
        rows = db.session.execute(SOONEST, values).all()
    else:
        rows = db.session.execute(NEWEST, {**values, "before": before or ID_MAX}).all()
    shown = rows[:PAGE]
    scopes = Scopes([CouponTerms.from_document(row.terms) for row in shown])
    coupons = tuple(_view(row, scopes, now) for row in shown)
    return CouponPage(coupons, coupons[-1].id if len(rows) > PAGE else None)


def coupon_news(coupon_id: int) -> CouponNews:
    """The coupon that a message is about."""
    row = db.session.execute(NEWS, {"coupon_id": coupon_id}).one()
    name, last_on = row.terms["name"], last_day_before(row.expires_at)
    return CouponNews(row.member_id, row.code, row.origin, row.points, name, last_on)


def _end_of(member_id: int, coupon_id: int | None) -> datetime:
    if coupon_id is None:
        return BEGINNING
    return db.session.scalar(CURSOR, {"id": coupon_id, "member_id": member_id}) or BEGINNING


def _view(row: Any, scopes: Scopes, now: datetime) -> CouponView:
    terms = CouponTerms.from_document(row.terms)
    last_on = last_day_before(row.expires_at)
    today = now.astimezone(current_app.config["SHOP_ZONE"]).date()
    is_open = row.state == "unused" and row.expires_at > now
    can_undo = row.undo_until_at is not None and now < row.undo_until_at
    return CouponView(
        id=row.id,
        code=row.code,
        state="expired" if row.state == "unused" and not is_open else row.state,
        origin=row.origin,
        terms=terms,
        scope=scopes.of(terms),
        points=row.points,
        starts_at=row.valid_from_at if row.valid_from_at > now else None,
        last_on=last_on,
        days_left=(last_on - today).days if last_on else 0,
        used_at=row.used_at,
        undo_until_at=row.undo_until_at if can_undo else None,
        may_be_returned=is_open and row.points > 0 and (row.is_refundable or can_undo),
        order_number=row.order_number,
    )
