"""A refund takes back points that are gone: they are kept from the cash, owed, or let go by somebody who may."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from shop.extensions import db
from shop.models import AuditEntry, Payment, Refund
from shop.queries.orders.refunds import refund_preview
from shop.services.orders.refunding import RefundWish, refund_order
from tests.factories import AT_ONCE, MONDAY, make_member, make_product, make_rulebook, make_staff
from tests.services.orders.stories import account_of, buy, line_id_of, order_row
from tests.services.orders.test_refunding import receive, spend_all

LATER = MONDAY + timedelta(days=3)


def a_spent_order(*, shortage, quantity=1, offset=(20, 100)):
    """An order of ¥100 a piece whose points the member has spent already."""
    points, per_cents = offset
    returns = replace(AT_ONCE.returns, shortage=shortage)
    worth = replace(AT_ONCE.offset, points=points, per_cents=per_cents)
    make_rulebook(replace(AT_ONCE, returns=returns, offset=worth))
    member_id = make_member()
    _product, variant_id = make_product(points=0, cents=10_000)
    placed = buy(member_id, variant_id, quantity=quantity)
    receive(placed, member_id, LATER)
    spend_all(member_id, LATER)
    return member_id, placed


def refund(placed, pieces=1, *, waive=None, key="one"):
    wish = RefundWish(
        take={line_id_of(placed): pieces},
        refund_shipping=False,
        reason="会员不想要了",
        staff_id=make_staff("owner"),
        waive=waive,
    )
    refund_order(placed.number, wish, key, LATER)
    columns = (Refund.cents, Refund.deducted_cents, Refund.deducted_points, Refund.waived_points)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(Refund.id))]


def test_what_is_gone_is_kept_from_the_cash_at_the_orders_ratio(app):
    member_id, placed = a_spent_order(shortage="deduct")
    told = refund_preview(placed.number, {line_id_of(placed): 1}, LATER, refund_shipping=False)

    assert refund(placed) == [(9_500, 500, 100, 100)]

    assert (told.cents, told.kept_cents, told.kept_points, told.owed_points) == (9_500, 500, 100, 0)
    account = account_of(member_id)
    assert (account.balance_points, account.debt_points) == (0, 0)
    assert order_row(placed).refunded_cents == 9_500
    assert db.session.scalar(select(Payment.refunded_cents)) == 9_500


def test_never_more_is_kept_than_goes_back_and_the_rest_is_owed(app):
    member_id, placed = a_spent_order(shortage="deduct", offset=(1, 200))

    assert refund(placed) == [(0, 10_000, 50, 50)]

    assert account_of(member_id).debt_points == 50
    assert db.session.scalar(select(Refund.cash_state)) == "none"


def test_two_partial_refunds_keep_no_point_twice(app):
    member_id, placed = a_spent_order(shortage="deduct", quantity=2)

    refund(placed, key="one")

    assert refund(placed, key="two") == [(9_500, 500, 100, 100), (9_500, 500, 100, 100)]
    assert account_of(member_id).debt_points == 0


def test_who_may_lets_it_go_and_the_trail_says_so(app):
    member_id, placed = a_spent_order(shortage="debt")

    assert refund(placed, waive=True) == [(10_000, 0, 0, 100)]

    assert account_of(member_id).debt_points == 0
    after = db.session.scalar(select(AuditEntry.after).where(AuditEntry.action == "order.refund"))
    assert after["waived_points"] == 100


def test_without_the_right_a_shop_that_waives_books_a_debt(app):
    member_id, placed = a_spent_order(shortage="waive")

    refund(placed, waive=False)

    assert account_of(member_id).debt_points == 100
