"""A member takes an order back: what was set aside is let go, what was paid returns by the way it came."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from shop.errors import OrderMoved
from shop.extensions import db
from shop.models import Payment, PurchaseCount, Refund
from shop.queries.orders.refunds import cancellation_of
from shop.services.orders.cancelling import cancel_order
from shop.services.orders.fulfilment import receive_order
from tests.factories import MONDAY, give_points, make_member, make_product
from tests.races import errors_of, run_together
from tests.services.orders.stories import account_of, buy, lots_of, order_row, place, ship, stock_of

LATER = MONDAY + timedelta(days=3)


def test_points_only_order_goes_back_to_its_lots_when_cancelled(app):
    member_id = make_member(points=1000)
    (lot,) = lots_of(member_id)
    expires_at = lot.expires_at
    _product, variant_id = make_product(points=680, on_hand=5)
    placed = buy(member_id, variant_id)
    assert account_of(member_id).balance_points == 320

    cancel_order(placed.number, member_id, LATER)

    (lot,) = lots_of(member_id)
    assert (lot.remaining_points, lot.expires_at) == (1000, expires_at)
    assert order_row(placed).state == "closed"
    assert stock_of(variant_id) == (5, 0)


def test_unpaid_order_lets_everything_go_when_cancelled(app):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=680, cents=1990, on_hand=5)
    placed = place(member_id, variant_id)
    assert account_of(member_id).held_points == 680

    cancel_order(placed.number, member_id, MONDAY)

    account = account_of(member_id)
    assert (account.balance_points, account.held_points) == (1000, 0)
    assert stock_of(variant_id) == (5, 0)
    assert order_row(placed).close_reason == "cancel"


def test_paid_order_gives_cash_points_goods_and_limit_back_when_cancelled(app):
    member_id = make_member(points=5000)
    _product, variant_id = make_product(
        points=680, cents=10000, on_hand=5, limit_per_member=2, variant={"offset_allowed": True}
    )
    placed = buy(member_id, variant_id, points_wanted=1000)
    assert account_of(member_id).balance_points == 5000 - 1680

    cancel_order(placed.number, member_id, LATER)

    order = order_row(placed)
    refund = db.session.scalars(select(Refund)).one()
    assert account_of(member_id).balance_points == 5000
    assert (order.refunded_points, order.refunded_cents) == (1680, order.total_cents)
    assert (refund.cents, refund.cash_state) == (order.total_cents, "queued")
    assert db.session.scalars(select(Payment.refunded_cents)).one() == order.total_cents
    assert db.session.scalars(select(PurchaseCount.units)).one() == 0
    assert stock_of(variant_id) == (5, 0)


def test_cancelling_twice_gives_back_once(app):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=680)
    placed = buy(member_id, variant_id)

    outcomes = run_together([partial(cancel_order, placed.number, member_id, LATER)] * 8)

    assert not errors_of(outcomes)
    assert account_of(member_id).balance_points == 1000
    assert db.session.scalar(select(func.count()).select_from(Refund)) == 1


@pytest.mark.parametrize("is_received", [False, True])
def test_order_that_is_on_its_way_cannot_be_cancelled(app, is_received):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=680)
    placed = buy(member_id, variant_id)
    ship(placed, LATER)
    if is_received:
        receive_order(placed.number, member_id, LATER)

    with pytest.raises(OrderMoved):
        cancel_order(placed.number, member_id, LATER)

    assert account_of(member_id).balance_points == 320


def test_member_reads_before_what_comes_back(app):
    member_id = make_member(points=300)
    later_lot = MONDAY + timedelta(days=60)
    give_points(member_id, 900, now=later_lot)
    _product, variant_id = make_product(points=800, cents=2000)
    placed = buy(member_id, variant_id, now=later_lot)
    ends = {lot.points: lot.expires_at for lot in lots_of(member_id)}

    preview = cancellation_of(placed.number, member_id, later_lot)

    assert preview is not None
    assert (preview.points, preview.cents) == (800, order_row(placed).total_cents)
    assert {part.points for part in preview.returns} == ({300, 500} if ends[300] != ends[900] else {800})
    assert sum(part.points for part in preview.returns) == 800
    cancel_order(placed.number, member_id, later_lot)
    assert [lot.remaining_points for lot in lots_of(member_id)] == [300, 900]


def test_what_others_ordered_cannot_be_read(app):
    member_id, other = make_member(points=1000), make_member()
    _product, variant_id = make_product(points=680)
    placed = buy(member_id, variant_id)

    assert cancellation_of(placed.number, other, LATER) is None
