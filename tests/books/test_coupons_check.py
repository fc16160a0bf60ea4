"""The proof of coupons finds each lie, told inside one reading and never written."""

import pytest
from sqlalchemy import text

from shop.books.checking import run
from shop.books.coupons_check import CHECKS
from shop.extensions import db
from shop.queries.orders.quote import Ask
from shop.services.campaigns.coupons import give_coupon_back, redeem_coupon
from shop.services.orders.checkout import place_order
from shop.services.orders.payments import record_payment_notice
from tests.coupons import make_template
from tests.factories import MONDAY, make_member, make_product, make_store
from tests.orders import sku_of, wish_for
from tests.services.orders.stories import notice_of


def broken() -> set[str]:
    return {finding.name for finding in run(CHECKS) if finding.offenders}


@pytest.mark.parametrize(
    ("lie", "found"),
    [
        ("UPDATE coupon_templates SET issued = issued - 1", "counts its coupons"),
        ("UPDATE coupon_counts SET units = units + 1", "each member's count"),
        ("DELETE FROM coupon_counts", "each member's count"),
        ("UPDATE coupons SET state = 'expired' WHERE state = 'unused'", "its last event"),
        ("UPDATE coupons SET state = 'held' WHERE state = 'used'", "held by an unpaid order"),
        ("UPDATE coupons SET state = 'unused', order_id = NULL WHERE state = 'used'", "has that coupon"),
        (
            "UPDATE order_lines SET coupon_cents = coupon_cents - 1, paid_cents = paid_cents + 1",
            "its parts on the lines",
        ),
        ("UPDATE coupons SET points = points + 1", "points were spent once"),
        ("UPDATE coupons SET state = 'unused' WHERE state = 'given_back'", "came back once"),
    ],
)
def test_lie_is_found(app, lie, found):
    make_store()
    member_id, template = make_member(points=1000), make_template(is_refundable=True)
    codes = [
        redeem_coupon(member_id, template, f"the-key-number-{number:04}", MONDAY).code for number in range(3)
    ]
    give_coupon_back(codes[2], member_id, MONDAY)
    sku = sku_of(make_product(points=0, cents=5000)[1])
    wish = wish_for(member_id, Ask(sku=sku, way="pickup"))
    placed = place_order(member_id, wish, "the-key-of-the-order", MONDAY)
    record_payment_notice(notice_of(placed), MONDAY)
    db.session.rollback()
    assert broken() == set()

    db.session.execute(text(lie))

    assert any(found in name for name in broken())
    db.session.rollback()
