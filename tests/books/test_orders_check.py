"""The proof finds what it is there to find: each lie, told inside one reading and never written."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from shop.books.checking import run
from shop.books.orders_check import CHECKS
from shop.extensions import db
from shop.services.orders.fulfilment import receive_order
from shop.services.orders.refunding import RefundWish, refund_order
from tests.factories import MONDAY, make_member, make_product, make_staff
from tests.services.orders.stories import buy, line_id_of, ship

LATER = MONDAY + timedelta(days=1)


def broken() -> set[str]:
    return {finding.name for finding in run(CHECKS) if finding.offenders}


@pytest.mark.parametrize(
    ("lie", "found"),
    [
        ("UPDATE orders SET earn_points = earn_points + 1", "a received order earned what it promised"),
        ("UPDATE orders SET earn_points = earn_points - 1", "never more than was promised"),
        ("UPDATE orders SET received_at = NULL", "nothing is earned before receipt"),
        ("UPDATE members SET growth = growth - 1", "growth holds at least"),
        ("UPDATE refunds SET clawed_points = clawed_points + 1", "points taken back for a refund"),
        ("UPDATE refunds SET waived_points = 1", "points taken back for a refund"),
        (
            "UPDATE order_lines SET refunded_cents = refunded_cents - 1 WHERE refunded_cents > 0",
            "each line's refunds",
        ),
        (
            "UPDATE orders SET refunded_points = refunded_points - 1 WHERE refunded_points > 0",
            "points restored = points refunded",
        ),
        (
            "UPDATE payments SET refunded_cents = refunded_cents - 1 WHERE refunded_cents > 0",
            "a payment's refunds",
        ),
        ("UPDATE orders SET state = 'shipped'", "an order's state = its last event"),
    ],
)
def test_lie_is_found(app, lie, found):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=100, cents=5000, on_hand=9)
    kept = buy(member_id, variant_id, key="kept")
    ship(kept, LATER)
    receive_order(kept.number, member_id, LATER)
    returned = buy(member_id, variant_id, key="returned", quantity=2)
    ship(returned, LATER)
    receive_order(returned.number, member_id, LATER)
    wish = RefundWish(take={line_id_of(returned): 1}, refund_shipping=False, staff_id=make_staff())
    refund_order(returned.number, wish, "a-refund", LATER)
    db.session.rollback()
    assert broken() == set()

    db.session.execute(text(lie))

    assert any(found in name for name in broken())
    db.session.rollback()
