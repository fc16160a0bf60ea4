"""What each of a member's coupons would take off a basket, the best one first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from shop.books.orders.baskets import Basket, lines_to_price
from shop.extensions import db
from shop.models import Category, Coupon, Product
from shop.rules.campaigns.coupons import CouponDiscount, CouponTerms
from shop.rules.orders.pricing import AppliedCoupon, discount_on

SHOWN_MAX = 50
MINE = (
    select(Coupon.code, Coupon.terms, Coupon.expires_at)
    .where(
        Coupon.member_id == bindparam("member_id"),
        Coupon.state == "unused",
        Coupon.valid_from_at <= bindparam("moment"),
        Coupon.expires_at > bindparam("moment"),
    )
    .order_by(Coupon.expires_at, Coupon.id)
    .limit(SHOWN_MAX)
)
ONE = MINE.where(Coupon.code == bindparam("code"))
CATEGORIES = (
    select(Product.id, Category.id.label("category_id"), Category.parent_id)
    .join(Category, Category.id == Product.category_id)
    .where(Product.id.in_(bindparam("product_ids", expanding=True)))
)


@dataclass(frozen=True)
class Choice:
    """A coupon that is valid now.  ``discount`` of 0 cents: it does not fit this basket, and the reason says why."""

    coupon: AppliedCoupon
    discount: CouponDiscount
    expires_at: datetime

    @property
    def code(self) -> str:
        return self.coupon.code

    @property
    def is_usable(self) -> bool:
        return self.discount.cents > 0


def choices_for(basket: Basket, member_id: int) -> tuple[Choice, ...]:
    """All valid coupons: what takes most off first, then what expires first; those that do not fit last."""
    return _choices(basket, db.session.execute(MINE, _values(basket, member_id)).all())


def chosen(basket: Basket, member_id: int, code: str) -> AppliedCoupon | None:
    """One coupon of this member, if it is valid now.  Whether it fits, its price says."""
    rows = db.session.execute(ONE, {**_values(basket, member_id), "code": code}).all()
    choices = _choices(basket, rows)
    return choices[0].coupon if choices else None


def _values(basket: Basket, member_id: int) -> dict[str, object]:
    return {"member_id": member_id, "moment": basket.occasion.now}


def _choices(basket: Basket, rows: Collection[Any]) -> tuple[Choice, ...]:
    terms = [CouponTerms.from_document(row.terms) for row in rows]
    categories = _categories(basket) if any(each.scope == "categories" for each in terms) else {}
    lines = lines_to_price(basket)
    choices = []
    for row, promised in zip(rows, terms, strict=True):
        covered = frozenset(
            line.offer.variant_id
            for line in basket.lines
            if promised.covers(line.offer.product_id, categories.get(line.offer.product_id, ()))
        )
        coupon = AppliedCoupon(code=row.code, terms=promised, variant_ids=covered)
        choices.append(Choice(coupon, discount_on(lines, coupon), row.expires_at))
    return tuple(sorted(choices, key=lambda choice: -choice.discount.cents))  # keeps the order of expiry


def _categories(basket: Basket) -> dict[int, tuple[int, ...]]:
    """The category of each product, and the one above it."""
    product_ids = sorted({line.offer.product_id for line in basket.lines})
    rows = db.session.execute(CATEGORIES, {"product_ids": product_ids})
    return {row.id: tuple(filter(None, (row.category_id, row.parent_id))) for row in rows}
