"""Coupons that can be had for points, and what a member wants redeemed by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select

from shop.books.coupons.templates import COLUMNS, Template, template_of
from shop.extensions import db
from shop.models import CouponCount, CouponTemplate, CouponWish
from shop.queries.campaigns.coupon_scopes import Scope, Scopes
from shop.queries.points.balance import balance_of, last_day_before
from shop.rules.campaigns.coupons import CouponTerms

SHOWN_MAX = 60
NOBODY = 0
mine = CouponCount.member_id == bindparam("member_id")
wished = CouponWish.member_id == bindparam("member_id")
OFFERS = (
    select(
        *COLUMNS,
        func.coalesce(CouponCount.units, 0).label("units"),
        func.coalesce(CouponWish.on_reaching, False).label("on_reaching"),
        func.coalesce(CouponWish.before_lapse, False).label("before_lapse"),
        func.coalesce(CouponWish.turned, 0).label("turned"),
    )
    .outerjoin(CouponCount, and_(CouponCount.template_id == CouponTemplate.id, mine))
    .outerjoin(CouponWish, and_(CouponWish.template_id == CouponTemplate.id, wished))
    .where(
        CouponTemplate.state == "on",
        CouponTemplate.price_points.is_not(None),
        or_(CouponTemplate.valid_until_at.is_(None), CouponTemplate.valid_until_at > bindparam("moment")),
    )
    .order_by(CouponTemplate.price_points, CouponTemplate.id)
    .limit(SHOWN_MAX)
)


@dataclass(frozen=True)
class Offer:
    """A coupon for points, as one member stands to it.  ``missing_points`` is how far the balance is from its price.

    ``left`` None: without limit.  ``units``: how many of them the member has had.  ``coming``: how many would come by
    themselves at once, if the member asked for it now.
    """

    code: str
    terms: CouponTerms
    scope: Scope
    price_points: int
    missing_points: int
    left: int | None
    units: int
    limit_per_member: int | None
    valid_days: int | None
    last_on: date | None
    is_refundable: bool
    is_automatic: bool
    on_reaching: bool
    before_lapse: bool
    turned: int
    coming: int

    @property
    def is_gone(self) -> bool:
        return self.left == 0

    @property
    def is_full(self) -> bool:
        """The member has as many as one may have."""
        return self.limit_per_member is not None and self.units >= self.limit_per_member


@dataclass(frozen=True)
class Offers:
    """All offers, and the balance they are paid from."""

    offers: tuple[Offer, ...]
    balance_points: int


def offers_for(member_id: int | None, now: datetime) -> Offers:
    """What can be had for points, the cheapest first; ``member_id`` None is a guest."""
    rows = db.session.execute(OFFERS, {"member_id": member_id or NOBODY, "moment": now}).all()
    balance = balance_of(member_id, now).available if member_id else 0
    return Offers(_offers(rows, balance), balance)


def automatic_offers(member_id: int, now: datetime) -> Offers:
    """Those that a member may have redeemed by itself."""
    found = offers_for(member_id, now)
    return Offers(tuple(offer for offer in found.offers if offer.is_automatic), found.balance_points)


def _offers(rows: Sequence[Any], balance: int) -> tuple[Offer, ...]:
    templates = [template_of(row) for row in rows]
    scopes = Scopes([template.terms for template in templates])
    return tuple(
        _offer(row, template, scopes, balance) for row, template in zip(rows, templates, strict=True)
    )


def _offer(row: Any, template: Template, scopes: Scopes, balance: int) -> Offer:
    price = template.price_points or 0
    left = None if template.total_limit is None else max(0, template.total_limit - template.issued)
    own_left = None if template.limit_per_member is None else max(0, template.limit_per_member - row.units)
    return Offer(
        code=template.code,
        terms=template.terms,
        scope=scopes.of(template.terms),
        price_points=price,
        missing_points=max(0, price - balance),
        left=left,
        units=row.units,
        limit_per_member=template.limit_per_member,
        valid_days=template.valid_days,
        last_on=last_day_before(template.valid_until_at) if template.valid_until_at else None,
        is_refundable=template.is_refundable,
        is_automatic=template.is_automatic,
        on_reaching=bool(row.on_reaching),
        before_lapse=bool(row.before_lapse),
        turned=row.turned,
        coming=min(each for each in (balance // price, left, own_left) if each is not None),
    )
