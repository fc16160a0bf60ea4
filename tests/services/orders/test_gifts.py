"""Gifts on top of a redemption: they come from their own stock, and go back with what brought them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.errors import KeyReused, QuoteChanged, SoldOut
from shop.extensions import db
from shop.models import OrderLine
from shop.queries.orders.quote import Ask, checkout_of
from shop.queries.orders.refunds import refund_preview
from shop.services.orders.cancelling import cancel_order
from shop.services.orders.checkout import place_order
from shop.services.orders.refunding import RefundWish, refund_order
from shop.services.orders.unpaid import end_unpaid_orders
from tests.factories import MONDAY, make_category, make_member, make_product, make_staff
from tests.gifts import make_gift
from tests.orders import address_for, sku_of, wish_for
from tests.races import run_together
from tests.services.orders.stories import order_row, stock_of

LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def member_id(app):
    member_id = make_member(points=10_000)
    address_for(member_id)
    return member_id


def ask(variant_id, quantity=1):
    return Ask(sku=sku_of(variant_id), quantity=quantity, coupon_code="")


def order(member_id, variant_id, quantity=1, key="the-key-of-this-order"):
    return place_order(member_id, wish_for(member_id, ask(variant_id, quantity)), key, MONDAY)


def lines_of(placed):
    """Variant, pieces, gift and points of each line, what was redeemed first."""
    db.session.rollback()
    rows = db.session.scalars(
        select(OrderLine).where(OrderLine.order_id == placed.order_id).order_by(OrderLine.id)
    )
    return [(row.variant_id, row.quantity, row.gift_id is not None, row.line_points) for row in rows]


def notes(member_id, variant_id, quantity=1):
    checkout = checkout_of(member_id, ask(variant_id, quantity), MONDAY)
    return [note.code for note in checkout.gift_notes]


def test_a_gift_comes_for_nothing_from_its_own_stock(member_id):
    _product, coffee = make_product(points=680, on_hand=9)
    _product, filters = make_product(points=90, title="滤纸", on_hand=3)
    gift_id = make_gift(filters, quantity_min=2)

    placed = order(member_id, coffee, 4)

    assert lines_of(placed) == [(coffee, 4, False, 2720), (filters, 2, True, 0)]
    assert (order_row(placed).total_points, order_row(placed).total_cents) == (2720, 0)
    assert (stock_of(coffee), stock_of(filters)) == ((5, 0), (1, 0))
    assert gift_id
    assert notes(member_id, coffee, 1) == ["gift_needs_more"]


def test_without_stock_the_order_goes_on_and_the_page_says_so(member_id):
    _product, coffee = make_product(points=680, on_hand=9)
    _product, filters = make_product(points=90, on_hand=0)
    make_gift(filters)

    assert notes(member_id, coffee) == ["gift_sold_out"]
    assert lines_of(order(member_id, coffee)) == [(coffee, 1, False, 680)]


def test_a_gift_that_ran_out_meanwhile_is_told_before_anything_is_taken(member_id):
    _product, coffee = make_product(points=680, on_hand=9)
    _product, filters = make_product(points=90, on_hand=1)
    make_gift(filters)
    seen = wish_for(member_id, ask(coffee))
    other = make_member(points=1000)
    address_for(other)
    order(other, filters, key="somebody-takes-the-last-one")

    with pytest.raises(QuoteChanged):
        place_order(member_id, seen, "the-key-of-this-order", MONDAY)

    assert stock_of(coffee) == (9, 0)
    assert lines_of(order(member_id, coffee)) == [(coffee, 1, False, 680)]


def test_the_last_gift_goes_to_one_of_many(app):
    _product, coffee = make_product(points=680, on_hand=20)
    _product, filters = make_product(points=90, on_hand=1)
    make_gift(filters)
    members = [make_member(points=1000) for _ in range(6)]
    for each in members:
        address_for(each)
    wishes = {each: wish_for(each, ask(coffee)) for each in members}

    outcomes = run_together(
        [
            lambda each=each: place_order(each, wishes[each], f"the-key-of-member-{each}", MONDAY)
            for each in members
        ]
    )

    refused = [outcome.error for outcome in outcomes if outcome.error]
    assert len(refused) == len(members) - 1
    assert all(isinstance(error, QuoteChanged | SoldOut) for error in refused)
    assert (stock_of(filters), stock_of(coffee)) == ((0, 0), (19, 0))


def test_a_gift_of_what_is_redeemed_leaves_enough_for_the_goods(member_id):
    _product, coffee = make_product(points=680, on_hand=3)
    make_gift(coffee)

    placed = order(member_id, coffee, 2)

    assert lines_of(placed) == [(coffee, 2, False, 1360), (coffee, 1, True, 0)]
    assert stock_of(coffee) == (0, 0)


def test_a_limit_for_one_member_counts_what_was_kept(member_id):
    _product, coffee = make_product(points=680, on_hand=9)
    _product, filters = make_product(points=90, on_hand=9)
    make_gift(filters, member_max=1)
    first = order(member_id, coffee)

    assert notes(member_id, coffee) == ["gift_had_before"]
    cancel_order(first.number, member_id, LATER)
    assert notes(member_id, coffee) == []


def test_only_what_it_is_for_brings_it(member_id):
    category = make_category("咖啡", "coffee")
    _product, beans = make_product(points=680, on_hand=9, category_id=category)
    tea_product, tea = make_product(points=320, on_hand=9)
    _product, cash = make_product(points=0, cents=990, on_hand=9)
    _product, filters = make_product(points=90, on_hand=9)
    make_gift(filters, category_id=category)
    make_gift(filters, product_id=tea_product)

    assert len(lines_of(order(member_id, beans, key="the-key-of-the-beans"))) == 2
    assert len(lines_of(order(member_id, tea, key="the-key-of-some-tea"))) == 2
    assert notes(member_id, cash) == []
    assert len(lines_of(order(member_id, cash, key="the-key-of-the-cash"))) == 1


def test_a_gift_that_goes_another_way_stays(member_id):
    _product, coffee = make_product(points=680, on_hand=9)
    _product, voucher = make_product(points=90, on_hand=9, kind="voucher")
    make_gift(voucher)

    assert notes(member_id, coffee) == ["gift_goes_another_way"]
    assert len(lines_of(order(member_id, coffee))) == 1


def test_before_and_after_its_time_there_is_none(member_id):
    _product, coffee = make_product(points=680, on_hand=9)
    _product, filters = make_product(points=90, on_hand=9)
    make_gift(filters, starts_at=LATER)
    make_gift(filters, starts_at=MONDAY - timedelta(days=9), ends_at=MONDAY)
    make_gift(filters, state="off")

    assert len(lines_of(order(member_id, coffee))) == 1


def test_what_goes_back_takes_its_gift_along(member_id):
    _product, coffee = make_product(points=680, on_hand=9)
    _product, filters = make_product(points=90, on_hand=9)
    make_gift(filters, quantity_min=2)
    placed = order(member_id, coffee, 4)
    line_ids = db.session.scalars(select(OrderLine.id).where(OrderLine.order_id == placed.order_id)).all()
    goods = min(line_ids)
    wish = RefundWish(
        take={goods: 1}, refund_shipping=False, goods_back=frozenset({goods}), reason="瑕疵",
        staff_id=make_staff("support"),
    )  # fmt: skip

    preview = refund_preview(placed.number, wish.take, LATER, refund_shipping=False)
    assert preview.gifts == ((max(line_ids), 1),)
    refund_id = refund_order(placed.number, wish, "one", LATER)
    assert refund_order(placed.number, wish, "one", LATER) == refund_id
    with pytest.raises(KeyReused):
        refund_order(placed.number, RefundWish(**{**vars(wish), "take": {goods: 2}}), "one", LATER)

    assert order_row(placed).refunded_points == 680
    assert (stock_of(coffee), stock_of(filters)) == ((6, 0), (8, 0))
    refund_order(placed.number, RefundWish(**{**vars(wish), "take": {goods: 3}}), "rest", LATER)
    assert order_row(placed).state == "closed"
    assert (stock_of(coffee), stock_of(filters)) == ((9, 0), (9, 0))


def test_a_cancelled_order_brings_everything_back(member_id):
    _product, coffee = make_product(points=680, on_hand=9)
    _product, filters = make_product(points=90, on_hand=9)
    make_gift(filters)
    placed = order(member_id, coffee, 2)

    cancel_order(placed.number, member_id, LATER)

    assert (order_row(placed).state, order_row(placed).refunded_points) == ("closed", 1360)
    assert (stock_of(coffee), stock_of(filters)) == ((9, 0), (9, 0))


def test_an_order_that_was_not_paid_lets_its_gift_go(member_id):
    _product, coffee = make_product(points=680, cents=990, on_hand=9)
    _product, filters = make_product(points=90, on_hand=9)
    make_gift(filters)
    order(member_id, coffee)
    assert stock_of(filters) == (9, 1)

    end_unpaid_orders(LATER)

    assert stock_of(filters) == (9, 0)
