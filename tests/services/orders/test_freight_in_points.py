"""Freight paid with points: one order, and every way in which it comes back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.extensions import db
from shop.models import OrderLine, PointsEntry
from shop.queries.orders.quote import Ask
from shop.queries.orders.refunds import refund_preview
from shop.queries.points.balance import balance_of
from shop.rules.rulebook import PointsEffect, Rule, ShippingRule
from shop.services.orders.cancelling import cancel_order
from shop.services.orders.checkout import place_order
from shop.services.orders.fulfilment import receive_order
from shop.services.orders.payments import record_payment_notice
from shop.services.orders.refunding import RefundWish, refund_order
from shop.services.points.simulating import replay_live
from tests.factories import AT_ONCE, MONDAY, make_member, make_product, make_rulebook, make_staff
from tests.gifts import make_gift
from tests.orders import address_for, sku_of, wish_for
from tests.services.orders.stories import buy, line_id_of, lots_of, notice_of, order_row, place, ship

LATER = MONDAY + timedelta(days=2)


@pytest.fixture
def free_points(app):
    """800 cents of freight, payable with points."""
    offset = replace(AT_ONCE.offset, points=100, per_cents=100, share_percent_max=100, pays_shipping=True)
    shipping = ShippingRule(fee_cents=800, free_from_cents=None, free_for_points_only=False)
    make_rulebook(replace(AT_ONCE, offset=offset, shipping=shipping))


@pytest.mark.usefixtures("free_points")
def test_points_alone_buy_goods_and_their_way_home():
    member_id = make_member(points=2000)
    _product, variant_id = make_product(points=320, cents=0, on_hand=3)

    placed = place(member_id, variant_id, points_wanted=800)

    order = order_row(placed)
    assert placed.payment_token is None
    assert (order.total_points, order.total_cents, order.state) == (1120, 0, "paid")
    assert (order.shipping_offset_points, order.shipping_offset_cents) == (800, 800)
    assert balance_of(member_id, MONDAY).available == 880


@pytest.mark.usefixtures("free_points")
def test_a_cancelled_order_brings_the_freight_back_to_its_lot():
    member_id = make_member(points=2000)
    _product, variant_id = make_product(points=320, cents=0, on_hand=3)
    placed = place(member_id, variant_id, points_wanted=800)

    cancel_order(placed.number, member_id, MONDAY)
    cancel_order(placed.number, member_id, MONDAY)

    order = order_row(placed)
    assert (order.refunded_points, order.refunded_shipping_points, order.refunded_cents) == (1120, 800, 0)
    assert [lot.remaining_points for lot in lots_of(member_id)] == [2000]


@pytest.mark.usefixtures("free_points")
def test_a_refund_leaves_the_freight_until_it_is_asked_for():
    member_id = make_member(points=4000)
    _product, variant_id = make_product(points=0, cents=1000, on_hand=3)
    placed = buy(
        member_id, variant_id, quantity=2, points_wanted=2300
    )  # 2000 for the goods, 300 of the freight
    line_id = line_id_of(placed)
    goods = RefundWish(
        take={line_id: 1}, refund_shipping=False, reason="瑕疵", staff_id=make_staff("support")
    )
    rest = replace(goods, refund_shipping=True)

    preview = refund_preview(placed.number, rest.take, MONDAY, refund_shipping=True)
    assert (preview.points, preview.cents, preview.shipping_cents) == (1300, 500, 500)
    refund_order(placed.number, goods, "goods", MONDAY)
    assert order_row(placed).refunded_points == 1000
    refund_order(placed.number, rest, "rest", MONDAY)

    order = order_row(placed)
    assert (order.refunded_points, order.refunded_cents, order.state) == (2300, 500, "closed")
    assert (order.refunded_shipping_points, order.refunded_shipping_cents) == (300, 500)


def test_a_replay_of_the_live_rules_finds_what_freight_and_gifts_left_in_the_books(app):
    offset = replace(AT_ONCE.offset, points=100, per_cents=100, share_percent_max=100, pays_shipping=True)
    shipping = ShippingRule(fee_cents=800, free_from_cents=None, free_for_points_only=False)
    earning = replace(AT_ONCE.earning, includes_shipping=True)
    per_piece = Rule(code="pieces", name="按件送", effect=PointsEffect(points=7, per="piece"))
    make_rulebook(replace(AT_ONCE, offset=offset, shipping=shipping, earning=earning, rules=(per_piece,)))
    member_id = make_member(points=9000)
    _product, variant_id = make_product(points=10, cents=3000, on_hand=9)
    make_gift(make_product(points=90, on_hand=9)[1])
    address_for(member_id)
    ask = Ask(sku=sku_of(variant_id), quantity=2, coupon_code="", points_wanted=6300)
    whole = place_order(member_id, wish_for(member_id, ask), "paid-with-points-and-cash", MONDAY)
    part = place_order(
        member_id, wish_for(member_id, replace(ask, points_wanted=100)), "the-second-order", MONDAY
    )
    for placed in (whole, part):
        if placed.payment_token:
            record_payment_notice(notice_of(placed), MONDAY)
        ship(placed, MONDAY)
        receive_order(placed.number, member_id, LATER)
    line_id = min(db.session.scalars(select(OrderLine.id).where(OrderLine.order_id == part.order_id)))
    staff_id = make_staff("support")
    wish = RefundWish(take={line_id: 1}, refund_shipping=True, reason="瑕疵", staff_id=staff_id)
    refund_order(part.number, wish, "one", LATER)

    figures = replay_live(60, LATER + timedelta(days=1)).figures

    earned = db.session.scalars(
        select(PointsEntry.points).where(PointsEntry.kind == "earn", PointsEntry.order_id > 0)
    )
    assert any(points == 14 for points in earned)  # two pieces: gifts are none of them
    assert figures.balances == {member_id: balance_of(member_id, LATER).available}
