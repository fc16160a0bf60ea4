"""What stories about coupons need: a template, and a look at a coupon."""

import itertools

from sqlalchemy import insert, select

from shop.books.coupons import grant
from shop.books.rulebooks import occasion_at
from shop.extensions import db
from shop.models import Coupon, CouponTemplate
from shop.services.campaigns.coupons import redeem_coupon
from shop.transaction import transaction
from tests.factories import MONDAY, ensure_rulebook

_numbers = itertools.count(1)


def make_template(**values: object) -> str:
    """A template that is on: 100 points for ¥10 off, for 30 days.  Returns its code."""
    ensure_rulebook()
    usual = {
        "code": f"ten-off-{next(_numbers)}",
        "name": "10 元券",
        "state": "on",
        "kind": "cents_off",
        "off_cents": 1000,
        "price_points": 100,
        "valid_days": 30,
        "created_at": MONDAY,
        "updated_at": MONDAY,
    }
    row = {**usual, **values}
    with transaction() as session:
        session.execute(insert(CouponTemplate).values(row))
    return str(row["code"])


def give_coupon(member_id: int, template_code: str, *, reference: str = "", now: object = MONDAY) -> str:
    """A coupon as a gift.  Returns its code."""
    with transaction():
        coupon_id = grant(
            member_id, template_code, reference or f"test-coupon:{next(_numbers)}", occasion_at(now)
        )
    assert coupon_id, "the coupon was not given"
    return db.session.scalars(select(Coupon.code).where(Coupon.id == coupon_id)).one()


def coupon_of(code: str) -> Coupon:
    """A coupon as it is now."""
    db.session.rollback()
    return db.session.scalars(select(Coupon).where(Coupon.code == code)).one()


def coupons_of(member_id: int) -> list[Coupon]:
    """All coupons of a member, the first one first."""
    db.session.rollback()
    return list(db.session.scalars(select(Coupon).where(Coupon.member_id == member_id).order_by(Coupon.id)))


def template_of(code: str) -> CouponTemplate:
    """A template as it is now."""
    db.session.rollback()
    return db.session.scalars(select(CouponTemplate).where(CouponTemplate.code == code)).one()


def one_of_each(member_id: int) -> dict[str, str]:
    """A template on offer, a draft, and a member's coupons, one to be given back; they fit no order.  Their names."""
    code = make_template(is_refundable=True, is_automatic=True, spend_cents_min=90_000_000)
    make_template(state="draft")
    redeemed = redeem_coupon(member_id, code, "key-of-the-coupon", MONDAY)
    give_coupon(member_id, code)
    return {"template_id": str(template_of(code).id), "template_code": code, "coupon_code": redeemed.code}
