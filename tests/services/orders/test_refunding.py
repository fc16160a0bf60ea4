"""Giving orders back: stories of members who change their mind, in part or whole, early or late."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from shop.books.points import entries
from shop.books.points.entries import Line
from shop.books.rulebooks import occasion_at
from shop.errors import KeyReused, OrderMoved, RefundTooLarge
from shop.extensions import db
from shop.models import Allocation, AuditEntry, Lot, PointsEntry, Refund
from shop.queries.orders.refunds import refund_preview
from shop.services.orders.cancelling import cancel_order
from shop.services.orders.fulfilment import hand_over, receive_order
from shop.services.orders.refunding import RefundWish, refund_order
from shop.services.points.lapsing import sweep_expired_lots
from shop.transaction import transaction
from tests.announcing import announce_before
from tests.factories import AT_ONCE, MONDAY, make_member, make_product, make_rulebook, make_staff, make_store
from tests.races import errors_of, results_of, run_together
from tests.services.orders.stories import (
    account_of,
    buy,
    growth_of,
    line_id_of,
    lots_of,
    order_row,
    place,
    ship,
    stock_of,
)

LATER = MONDAY + timedelta(days=3)


def wish(placed, pieces, *, shipping=False, goods_back=False, staff_id=None):
    line_id = line_id_of(placed)
    return RefundWish(
        take={line_id: pieces},
        refund_shipping=shipping,
        goods_back=frozenset({line_id} if goods_back else ()),
        reason="会员不想要了",
        staff_id=staff_id or make_staff("support"),
    )


def earned(placed) -> int:
    """What an order's awards come to, net of what was taken back."""
    statement = select(func.coalesce(func.sum(PointsEntry.points), 0)).where(
        PointsEntry.order_id == placed.order_id, PointsEntry.kind.in_(("earn", "claw_back"))
    )
    return int(db.session.scalar(statement))


def receive(placed, member_id, now):
    ship(placed, now)
    receive_order(placed.number, member_id, now)


def spend_all(member_id, now):
    with transaction():
        entries.redeem(
            member_id,
            account_of(member_id).balance_points,
            Line("redeem", "redeemed", "test:spent-elsewhere"),
            occasion_at(now),
        )


def test_two_refunds_of_a_fifth_take_two_fifths_of_everything(app):
    member_id = make_member(points=5000)
    _product, variant_id = make_product(points=100, cents=2000, on_hand=9)
    placed = buy(member_id, variant_id, quantity=5)
    order = order_row(placed)
    receive(placed, member_id, LATER)
    assert earned(placed) == order.earn_points == 100
    assert growth_of(member_id) == 100

    for key in ("one", "two"):
        refund_order(placed.number, wish(placed, 1), key, LATER)

    order = order_row(placed)
    assert (order.refunded_points, order.refunded_cents) == (200, 4000)
    assert earned(placed) == 60
    assert growth_of(member_id) == 60
    assert order.state == "received"


def test_last_piece_brings_the_exact_rest_and_closes_the_order(app):
    member_id = make_member(points=5000)
    _product, variant_id = make_product(points=100, cents=3333, on_hand=9, variant={"offset_allowed": True})
    placed = buy(member_id, variant_id, quantity=3, points_wanted=700)
    receive(placed, member_id, LATER)

    for key in ("one", "two"):
        refund_order(placed.number, wish(placed, 1), key, LATER)
    refund_order(placed.number, wish(placed, 1, shipping=True, goods_back=True), "three", LATER)

    order = order_row(placed)
    assert (order.state, order.close_reason) == ("closed", "refund_in_full")
    assert (order.refunded_points, order.refunded_cents) == (order.total_points, order.total_cents)
    assert (earned(placed), growth_of(member_id)) == (0, 0)
    assert account_of(member_id).balance_points == 5000
    assert stock_of(variant_id) == (7, 0)  # only the last piece came back to the shelf


def test_refund_before_receipt_is_kept_in_mind_by_later_ones(app):
    member_id = make_member()
    _product, variant_id = make_product(points=0, cents=2500, on_hand=9)
    placed = buy(member_id, variant_id, quantity=4)
    promised = order_row(placed).earn_points
    refund_order(placed.number, wish(placed, 2), "one", LATER)
    receive(placed, member_id, LATER + timedelta(hours=1))
    assert earned(placed) == promised // 2

    refund_order(placed.number, wish(placed, 1), "two", LATER + timedelta(hours=2))

    assert earned(placed) == promised // 4
    entry = db.session.scalars(select(PointsEntry).where(PointsEntry.kind == "earn")).first()
    assert [reason["code"] for reason in entry.reasons][-1] == "refunded_before_receipt"


def test_points_that_are_spent_already_become_a_debt(app):
    member_id = make_member()
    _product, variant_id = make_product(points=0, cents=10000)
    placed = buy(member_id, variant_id)
    receive(placed, member_id, LATER)
    spend_all(member_id, LATER)

    refund_order(placed.number, wish(placed, 1), "one", LATER)

    account = account_of(member_id)
    assert (account.balance_points, account.debt_points) == (0, 100)
    assert db.session.scalars(select(Refund.waived_points)).one() == 0


def test_shop_that_waives_never_asks_again(app):
    returns = replace(AT_ONCE.returns, shortage="waive")
    make_rulebook(replace(AT_ONCE, returns=returns))
    member_id = make_member()
    _product, variant_id = make_product(points=0, cents=5000)
    placed = buy(member_id, variant_id, quantity=2)
    receive(placed, member_id, LATER)
    spend_all(member_id, LATER)

    refund_order(placed.number, wish(placed, 1), "one", LATER)
    buy(member_id, variant_id, key="another", now=LATER)
    refund_order(placed.number, wish(placed, 1), "two", LATER)

    account = account_of(member_id)
    assert (account.balance_points, account.debt_points) == (0, 0)
    refunds = db.session.execute(select(Refund.clawed_points, Refund.waived_points).order_by(Refund.id)).all()
    assert [tuple(row) for row in refunds] == [(50, 50), (50, 50)]


def test_points_of_a_lapsed_lot_return_with_days_of_grace(app):
    member_id = make_member(points=1000)
    (lot,) = lots_of(member_id)
    end = lot.expires_at
    _product, variant_id = make_product(points=680)
    before_end = end - timedelta(days=1)
    placed = buy(member_id, variant_id, now=before_end)
    after_end = end + timedelta(days=1)
    announce_before(end)
    sweep_expired_lots(after_end)

    refund_order(placed.number, wish(placed, 1), "one", after_end)

    grace = lots_of(member_id)[-1]
    assert (grace.remaining_points, account_of(member_id).balance_points) == (680, 680)
    assert timedelta(days=7) <= grace.expires_at - after_end <= timedelta(days=8)


def test_points_return_to_the_lot_that_lives_longest_first(app):
    member_id = make_member(points=300, now=MONDAY)
    make_product()
    from tests.factories import give_points

    give_points(member_id, 900, now=MONDAY + timedelta(days=60))
    _product, variant_id = make_product(points=600)
    when = MONDAY + timedelta(days=61)
    placed = buy(member_id, variant_id, quantity=2, now=when)

    refund_order(placed.number, wish(placed, 1), "one", when)

    assert [lot.remaining_points for lot in lots_of(member_id)] == [0, 600]
    back = db.session.scalars(select(Allocation.points).where(Allocation.points > 0)).all()
    assert back == [600]


def test_more_than_is_left_is_refused_and_nothing_moves(app):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=300)
    placed = buy(member_id, variant_id, quantity=2)
    refund_order(placed.number, wish(placed, 1), "one", LATER)

    for refused in (wish(placed, 2), wish(placed, -1), wish(placed, 0), wish(placed, 0, shipping=True)):
        with pytest.raises(RefundTooLarge):
            refund_order(placed.number, refused, "two", LATER)

    foreign = RefundWish(take={999: 1}, refund_shipping=False, staff_id=make_staff())
    with pytest.raises(RefundTooLarge):
        refund_order(placed.number, foreign, "three", LATER)
    assert account_of(member_id).balance_points == 700


def test_unpaid_and_closed_orders_have_nothing_to_refund(app):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=300, cents=100)
    placed = place(member_id, variant_id)

    with pytest.raises(OrderMoved):
        refund_order(placed.number, wish(placed, 1), "one", LATER)

    cancel_order(placed.number, member_id, MONDAY)
    with pytest.raises(OrderMoved):
        refund_order(placed.number, wish(placed, 1), "two", LATER)


def test_twenty_refunds_with_one_key_are_one_refund(app):
    member_id = make_member(points=5000)
    _product, variant_id = make_product(points=100, cents=2000)
    placed = buy(member_id, variant_id, quantity=5)
    asked = wish(placed, 1)

    outcomes = run_together([partial(refund_order, placed.number, asked, "same", LATER)] * 20)

    assert len(set(results_of(outcomes))) == 1
    assert not errors_of(outcomes)
    assert order_row(placed).refunded_cents == 2000
    assert db.session.scalar(select(func.count()).where(AuditEntry.action == "order.refund")) == 1


def test_key_of_another_refund_is_refused(app):
    member_id = make_member(points=5000)
    _product, variant_id = make_product(points=100)
    placed = buy(member_id, variant_id, quantity=5)
    asked = wish(placed, 1)
    refund_order(placed.number, asked, "same", LATER)

    with pytest.raises(KeyReused):
        refund_order(placed.number, replace(asked, take={line_id_of(placed): 2}), "same", LATER)


def test_ten_different_refunds_never_give_more_than_was_paid(app):
    member_id = make_member(points=5000)
    _product, variant_id = make_product(points=100, cents=2000)
    placed = buy(member_id, variant_id, quantity=5)
    asked = wish(placed, 1)

    outcomes = run_together(
        [partial(refund_order, placed.number, asked, f"key-{n}", LATER) for n in range(10)]
    )

    assert len(results_of(outcomes)) == 5
    order = order_row(placed)
    assert (order.state, order.refunded_points) == ("closed", 500)


def test_refund_after_pick_up_takes_awards_back(app):
    member_id = make_member()
    _product, variant_id = make_product(points=0, cents=8800)
    placed = buy(member_id, variant_id, way="pickup", store_id=make_store())
    hand_over(str(order_row(placed).pickup_code), make_staff("cashier"), LATER)
    assert earned(placed) == 88

    refund_order(placed.number, wish(placed, 1, goods_back=True), "one", LATER)

    assert earned(placed) == 0
    assert account_of(member_id).balance_points == 0
    assert db.session.scalar(select(func.sum(Lot.remaining_points))) == 0


@pytest.mark.parametrize("spends", [False, True])
@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_preview_says_exactly_what_is_booked(app, spends, pieces):
    member_id = make_member(points=5000)
    _product, variant_id = make_product(points=100, cents=3333, on_hand=9, variant={"offset_allowed": True})
    placed = buy(member_id, variant_id, quantity=3, points_wanted=700)
    receive(placed, member_id, LATER)
    if spends:
        spend_all(member_id, LATER)
    asked = wish(placed, pieces)
    told = refund_preview(placed.number, asked.take, LATER, refund_shipping=False)
    before = account_of(member_id).balance_points

    refund_order(placed.number, asked, "one", LATER)

    booked = db.session.scalars(select(Refund)).one()
    account = account_of(member_id)
    assert (told.points, told.cents, told.claw_points) == (booked.points, booked.cents, booked.clawed_points)
    assert account.debt_points == told.owed_points
    assert account.balance_points == before + told.points - told.claw_points + told.owed_points
