"""Placing an order: at the agreed price, once, and never more than there is."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from shop.errors import (
    AddressMissing,
    CartEmpty,
    InsufficientPoints,
    KeyReused,
    LimitReached,
    MemberSuspended,
    NotFound,
    NotOnSale,
    OrderLimitReached,
    QuoteChanged,
    SoldOut,
    StockTooLow,
    StoreMissing,
    TierTooLow,
    WayNotPossible,
)
from shop.extensions import db
from shop.models import CartItem, Hold, Order, OrderLine, PointsEntry, StockLevel
from shop.queries.orders.quote import Ask, checkout_of
from shop.queries.points.balance import balance_of
from shop.services.orders.cart import add_to_cart
from shop.services.orders.checkout import OrderWish, PlacedOrder, place_order
from tests.factories import MONDAY, make_member, make_product, make_store
from tests.orders import address_for, change_price, sku_of, suspend, wish_for
from tests.races import errors_of, results_of, run_together

KEY = "a-key-of-this-page-0001"


def order(member_id: int, sku: str, key: str = KEY, **said: object) -> PlacedOrder:
    return place_order(member_id, wish_for(member_id, Ask(sku=sku, **said)), key, MONDAY)


def row_of(placed: PlacedOrder) -> Order:
    db.session.rollback()
    return db.session.get_one(Order, placed.order_id)


def test_an_order_for_points_alone_is_paid_at_once(app):
    member_id = make_member(points=1000)
    address_id = address_for(member_id)
    _, variant_id = make_product(points=680, on_hand=3)

    placed = order(member_id, sku_of(variant_id), way="pickup", store_id=make_store())

    stored = row_of(placed)
    level = db.session.get_one(StockLevel, variant_id)
    assert (stored.state, stored.total_points, placed.payment_token) == ("paid", 680, None)
    assert (level.on_hand, level.reserved, level.sold) == (2, 0, 1)
    assert balance_of(member_id, MONDAY).available == 320
    assert len(stored.pickup_code or "") == 8
    assert address_id


def test_an_order_with_cash_sets_points_and_goods_aside(app):
    member_id = make_member(points=1000)
    address_for(member_id)
    _, variant_id = make_product(points=680, cents=1990)

    placed = order(member_id, sku_of(variant_id), way="shipping")

    stored = row_of(placed)
    level = db.session.get_one(StockLevel, variant_id)
    assert (stored.state, stored.total_cents, stored.shipping_cents) == ("placed", 2790, 800)
    assert placed.payment_token
    assert (level.on_hand, level.reserved) == (10, 1)
    assert (balance_of(member_id, MONDAY).available, balance_of(member_id, MONDAY).held) == (320, 680)
    assert stored.pickup_code is None
    assert stored.address_sealed
    assert db.session.scalar(select(func.count()).select_from(PointsEntry).filter_by(kind="redeem")) == 0


def test_points_take_cash_off_and_each_line_keeps_its_part(app):
    member_id = make_member(points=5000)
    address_for(member_id)
    _, first = make_product(points=0, cents=10000, title="围巾")
    _, second = make_product(points=680, cents=1990, title="咖啡")
    add_to_cart(member_id, sku_of(first), 1, MONDAY)
    add_to_cart(member_id, sku_of(second), 2, MONDAY)

    placed = place_order(member_id, wish_for(member_id, Ask(way="shipping", points_wanted=1200)), KEY, MONDAY)

    stored = row_of(placed)
    lines = db.session.scalars(select(OrderLine).filter_by(order_id=stored.id)).all()
    assert (stored.offset_points, stored.offset_cents, stored.total_points) == (1200, 1200, 2560)
    assert sum(line.offset_cents for line in lines) == 1200
    assert sum(line.paid_cents for line in lines) + stored.shipping_cents == stored.total_cents
    assert db.session.scalar(select(func.count()).select_from(CartItem)) == 0


def test_the_same_request_answers_with_the_first_order(app):
    member_id = make_member(points=1000)
    address_for(member_id)
    _, variant_id = make_product(points=400, on_hand=2)
    wish = wish_for(member_id, Ask(sku=sku_of(variant_id), way="shipping"))
    first = place_order(member_id, wish, KEY, MONDAY)

    again = place_order(member_id, wish, KEY, MONDAY)

    assert again == first
    with pytest.raises(KeyReused):
        place_order(member_id, replace(wish, quantity=2), KEY, MONDAY)
    assert balance_of(member_id, MONDAY).available == 600


def test_two_members_may_use_the_same_key(app):
    _, variant_id = make_product(points=400, on_hand=2)
    sku, store_id = sku_of(variant_id), make_store()

    placed = {order(make_member(points=400), sku, way="pickup", store_id=store_id).number for _ in range(2)}

    assert len(placed) == 2


def test_a_price_that_rose_meanwhile_is_shown_and_not_charged(app):
    member_id = make_member(points=1000)
    address_for(member_id)
    _, variant_id = make_product(points=400)
    wish = wish_for(member_id, Ask(sku=sku_of(variant_id), way="shipping"))
    change_price(variant_id, 500)

    with pytest.raises(QuoteChanged):
        place_order(member_id, wish, KEY, MONDAY)

    assert balance_of(member_id, MONDAY).available == 1000
    assert db.session.scalar(select(func.count()).select_from(Order)) == 0
    assert place_order(
        member_id, wish_for(member_id, Ask(sku=sku_of(variant_id), way="shipping")), KEY, MONDAY
    )


@pytest.mark.parametrize(
    ("product", "said", "refusal"),
    [
        ({"points": 1001}, {}, InsufficientPoints),
        ({"on_hand": 0}, {}, SoldOut),
        ({"on_hand": 1, "points": 1}, {"quantity": 2}, StockTooLow),
        ({"limit_per_order": 1, "points": 1}, {"quantity": 2}, OrderLimitReached),
        ({"limit_per_member": 1, "points": 1}, {"quantity": 2}, LimitReached),
        ({"tier_code_min": "crown", "tier_growth_min": 2000}, {}, TierTooLow),
        ({"state": "off_sale"}, {}, NotOnSale),
        ({"kind": "voucher"}, {"way": "shipping"}, WayNotPossible),
        ({}, {"way": "shipping", "address_id": 999}, AddressMissing),
        ({}, {"way": "pickup", "store_id": 999}, StoreMissing),
    ],
)
def test_what_cannot_be_had_is_refused_and_changes_nothing(app, product, said, refusal):
    member_id = make_member(points=1000)
    _, variant_id = make_product(**product)
    ask = Ask(sku=sku_of(variant_id), **{"way": "pickup", "store_id": make_store(), **said})

    with pytest.raises(refusal):
        place_order(
            member_id,
            replace(wish_for(member_id, ask), way=ask.way, address_id=ask.address_id, store_id=ask.store_id),
            KEY,
            MONDAY,
        )

    assert balance_of(member_id, MONDAY).available == 1000
    assert db.session.scalar(select(func.count()).select_from(Hold)) == 0


def test_strange_wishes_are_refused(app):
    member_id = make_member(points=1000)
    wish = OrderWish(sku=None, quantity=1, items=(), way="none", address_id=None, store_id=None,
                     points_wanted=0, note="", agreed="")  # fmt: skip

    with pytest.raises(CartEmpty):
        place_order(member_id, wish, KEY, MONDAY)
    with pytest.raises(NotFound):
        place_order(member_id, replace(wish, sku="NO-SUCH"), KEY, MONDAY)
    suspend(member_id)
    with pytest.raises(MemberSuspended):
        place_order(member_id, wish, KEY, MONDAY)


def test_another_members_address_is_not_found(app):
    member_id = make_member(points=1000)
    foreign = address_for(make_member())
    _, variant_id = make_product()

    with pytest.raises(AddressMissing):
        order(member_id, sku_of(variant_id), way="shipping", address_id=foreign)


def test_a_limit_counts_all_orders_of_its_period(app):
    member_id = make_member(points=3000)
    address_for(member_id)
    _, variant_id = make_product(points=100, limit_per_member=2, limit_period="month")
    order(member_id, sku_of(variant_id), way="shipping", quantity=2)

    with pytest.raises(LimitReached):
        order(member_id, sku_of(variant_id), "another-key-0000001", way="shipping")

    april = MONDAY.replace(month=4)
    wish = wish_for(member_id, Ask(sku=sku_of(variant_id), way="shipping"), april)
    assert place_order(member_id, wish, "a-third-key-00000001", april)


def test_vouchers_need_no_way_and_mixed_baskets_are_picked_up(app):
    member_id = make_member(points=3000)
    make_store()
    _, voucher = make_product(points=100, kind="voucher")
    _, thing = make_product(points=100)

    alone = checkout_of(member_id, Ask(sku=sku_of(voucher), way="shipping"), MONDAY)
    add_to_cart(member_id, sku_of(voucher), 1, MONDAY)
    add_to_cart(member_id, sku_of(thing), 1, MONDAY)
    mixed = checkout_of(member_id, Ask(way="shipping"), MONDAY)

    assert alone
    assert alone.ways == ("none",)
    assert alone.way_note
    assert mixed
    assert mixed.ways == ("pickup",)
    assert mixed.way_note
    assert mixed.is_ready


# Races


def test_fifty_members_and_one_last_unit(app):
    _, variant_id = make_product(points=100, on_hand=1)
    sku, store_id = sku_of(variant_id), make_store()
    members = [make_member(points=100) for _ in range(50)]
    wishes = {each: wish_for(each, Ask(sku=sku, way="pickup", store_id=store_id)) for each in members}

    outcomes = run_together(
        (lambda each=each: place_order(each, wishes[each], KEY, MONDAY)) for each in members
    )

    db.session.rollback()
    refusals = errors_of(outcomes)
    assert len(results_of(outcomes)) == 1
    assert all(isinstance(error, SoldOut) for error in refusals), {repr(error) for error in refusals}
    assert sorted(balance_of(each, MONDAY).available for each in members) == [0] + [100] * 49
    assert db.session.get_one(StockLevel, variant_id).on_hand == 0


def test_twenty_taps_are_one_order(app):
    member_id = make_member(points=5000)
    address_for(member_id)
    _, variant_id = make_product(points=100, cents=500)
    add_to_cart(member_id, sku_of(variant_id), 2, MONDAY)
    wish = wish_for(member_id, Ask(way="shipping"))

    outcomes = run_together([lambda: place_order(member_id, wish, KEY, MONDAY)] * 20)

    assert errors_of(outcomes) == []
    assert len({placed.number for placed in results_of(outcomes)}) == 1
    assert balance_of(member_id, MONDAY).held == 200


def test_one_member_in_ten_tabs_stays_within_the_limit(app):
    member_id = make_member(points=5000)
    _, variant_id = make_product(points=100, limit_per_member=3, on_hand=50)
    wish = wish_for(member_id, Ask(sku=sku_of(variant_id), way="pickup", store_id=make_store()))

    outcomes = run_together(
        (lambda tab=tab: place_order(member_id, wish, f"the-key-of-tab-{tab:04}", MONDAY))
        for tab in range(10)
    )

    assert len(results_of(outcomes)) == 3
    assert all(isinstance(error, LimitReached) for error in errors_of(outcomes))
    assert balance_of(member_id, MONDAY).available == 4700
