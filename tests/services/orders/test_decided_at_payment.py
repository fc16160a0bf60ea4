"""Rules that look at the payment are decided when it happens, not when the order was placed."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from shop.extensions import db
from shop.models import Order
from shop.rules.rulebook import MultiplyEffect, PeriodCondition, PurchaseNumberCondition, Rule
from shop.services.orders.payments import record_payment_notice
from tests.factories import AT_ONCE, MONDAY, make_member, make_product, make_rulebook
from tests.services.orders.stories import notice_of, place

SOON = MONDAY + timedelta(minutes=5)
DOUBLE = MultiplyEffect(multiplier_permille=2000)


def rules(*conditions):
    make_rulebook(
        replace(AT_ONCE, rules=(Rule(code="double", name="双倍", effect=DOUBLE, conditions=conditions),))
    )


def test_a_period_that_begins_before_the_payment_counts(app):
    rules(PeriodCondition(starts_at=SOON))
    member_id = make_member()
    _product, variant_id = make_product(points=0, cents=10000)
    placed = place(member_id, variant_id)
    assert db.session.scalars(select(Order.earn_points)).one() == 100

    record_payment_notice(notice_of(placed), SOON)

    assert db.session.scalars(select(Order.earn_points)).one() == 200


def test_of_two_orders_placed_as_the_first_only_one_is(app):
    rules(PurchaseNumberCondition(number=1))
    member_id = make_member()
    _product, variant_id = make_product(points=0, cents=10000)
    one, other = (place(member_id, variant_id, key=f"a-key-for-order-{n}") for n in (1, 2))

    record_payment_notice(notice_of(other, notice_id="two"), SOON)
    record_payment_notice(notice_of(one, notice_id="one"), SOON)

    promised = dict(db.session.execute(select(Order.number, Order.earn_points)).all())
    assert (promised[other.number], promised[one.number]) == (200, 100)
