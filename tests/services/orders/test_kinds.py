"""Goods priced in a further kind of points: paid from that account alone, and given back to it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from shop.books.checking import run
from shop.books.orders_check import CHECKS
from shop.books.points.check import CHECKS as POINTS_CHECKS
from shop.errors import InsufficientPoints, KindInsufficient, KindsMixed
from shop.extensions import db
from shop.models import PointsEntry
from shop.queries.orders.cart import cart_of
from shop.queries.orders.quote import Ask, checkout_of
from shop.queries.points.balance import balance_of
from shop.rules.rulebook import KindRule, PointsEffect, Rule
from shop.services.orders.cart import add_to_cart
from shop.services.orders.checkout import place_order
from shop.services.orders.refunding import refund_order
from shop.services.orders.unpaid import end_unpaid_orders
from tests.books.points.shelves import earn, spend
from tests.factories import AT_ONCE, MONDAY, make_member, make_product, make_rulebook, make_store
from tests.orders import address_for, sku_of, wish_for
from tests.races import errors_of, results_of, run_together
from tests.services.orders.stories import buy, order_row, place
from tests.services.orders.test_refunding import receive, wish

TUESDAY = MONDAY + timedelta(days=1)
FLOWERS = KindRule(code="flowers", name="花朵", unit="朵")
THREE_FLOWERS = Rule(code="bouquet", name="买就送花", effect=PointsEffect(points=3), credits="flowers")
TWO_KINDS = replace(AT_ONCE, kinds=(FLOWERS,), rules=(THREE_FLOWERS,))


@pytest.fixture
def member_id(app):
    """A member with 1000 points and 40 flowers."""
    make_rulebook(TWO_KINDS)
    member = make_member(points=1000)
    earn(member, 40, "flowers", points_kind="flowers")
    return member


def vase(points=30, cents=0, **values):
    _product, variant_id = make_product(
        points=points, cents=cents, title="花瓶", points_kind="flowers", **values
    )
    return variant_id


def has(member_id, now=MONDAY):
    """Points and flowers that can be spent."""
    return balance_of(member_id, now).available, balance_of(member_id, now, "flowers").available


def test_paid_from_its_own_account_and_given_back_to_it(member_id):
    placed = buy(member_id, vase())
    assert has(member_id) == (1000, 10)
    assert order_row(placed).points_kind == "flowers"

    refund_order(placed.number, wish(placed, 1), "r1", TUESDAY)

    assert has(member_id, TUESDAY) == (1000, 40)


def test_what_costs_points_alone_promises_nothing(member_id):
    for_points, for_cash = sku_of(vase()), sku_of(vase(cents=1000))

    quotes = [checkout_of(member_id, Ask(sku=sku), MONDAY).quote for sku in (for_points, for_cash)]

    assert [(quote.earn.total, quote.earn.further) for quote in quotes] == [(0, {}), (10, {"flowers": 3})]


def test_held_until_the_cash_part_is_paid_and_let_go_when_it_is_not(member_id):
    place(member_id, vase(cents=1000))
    assert has(member_id) == (1000, 10)

    end_unpaid_orders(TUESDAY)

    assert has(member_id, TUESDAY) == (1000, 40)


def test_points_do_not_pay_where_flowers_are_asked_for(member_id):
    with pytest.raises(KindInsufficient) as refused:
        place(member_id, vase(points=41))

    assert str(refused.value) == "花朵不够，还差 1 朵"
    assert has(member_id) == (1000, 40)


def test_who_never_had_any_lacks_all_of_them(app):
    make_rulebook(TWO_KINDS)
    newcomer = make_member(points=1000)

    with pytest.raises(InsufficientPoints) as refused:
        place(newcomer, vase())

    assert refused.value.missing_points == 30


def test_points_do_not_offset_the_cash_of_such_an_order(member_id):
    sku = sku_of(vase(cents=10_000))

    checkout = checkout_of(member_id, Ask(sku=sku, points_wanted=500), MONDAY)

    assert (checkout.quote.offset_points, checkout.quote.offset_limits.points_max) == (0, 0)
    assert checkout.quote.total_points == 30


def test_one_order_takes_goods_of_one_kind(member_id):
    address_for(member_id)
    for variant_id in (vase(points=5), make_product(points=10)[1]):
        add_to_cart(member_id, sku_of(variant_id), 1, MONDAY)
    mixed = wish_for(member_id, Ask())

    with pytest.raises(KindsMixed):
        place_order(member_id, mixed, "mixed", MONDAY)

    assert isinstance(checkout_of(member_id, Ask(), MONDAY).refusal, KindsMixed)
    assert has(member_id) == (1000, 40)


def test_the_cart_begins_with_the_goods_of_one_kind(member_id):
    flowers, points = sku_of(vase(points=5)), sku_of(make_product(points=10)[1])
    for sku in (flowers, points):
        add_to_cart(member_id, sku, 1, MONDAY)

    first, both = cart_of(member_id, None, MONDAY), cart_of(member_id, (flowers, points), MONDAY)

    assert (first.chosen_count, first.is_of_two_kinds) == (1, False)
    assert (both.chosen_count, both.is_of_two_kinds) == (2, True)
    alone = cart_of(member_id, (flowers,), MONDAY)
    assert (alone.points_kind, alone.goods_points, alone.points_available) == ("flowers", 5, 40)


def test_goods_for_cash_go_with_either_kind(member_id):
    address_for(member_id)
    for variant_id in (vase(points=5), make_product(points=0, cents=990)[1]):
        add_to_cart(member_id, sku_of(variant_id), 1, MONDAY)

    placed = place_order(member_id, wish_for(member_id, Ask()), "both", MONDAY)

    assert placed.payment_token
    assert has(member_id) == (1000, 35)


def test_what_an_order_earned_in_flowers_is_taken_back_in_flowers(member_id):
    _product, variant_id = make_product(points=0, cents=10_000)
    placed = buy(member_id, variant_id)
    receive(placed, member_id, TUESDAY)
    assert has(member_id, TUESDAY) == (1100, 43)

    refund_order(placed.number, wish(placed, 1), "r1", TUESDAY)

    assert has(member_id, TUESDAY) == (1000, 40)
    back = db.session.scalars(
        select(PointsEntry.reasons).where(PointsEntry.kind == "claw_back", PointsEntry.points == -3)
    ).one()
    assert {"code": "clawed_back", "params": {"points": 3, "awarded_points": 3}} in back


def test_flowers_that_are_gone_are_owed_and_points_are_not_touched(member_id):
    _product, variant_id = make_product(points=0, cents=10_000)
    placed = buy(member_id, variant_id)
    receive(placed, member_id, TUESDAY)
    buy(member_id, vase(points=43), key="second", now=TUESDAY)
    spend(member_id, 1100, "elsewhere", now=TUESDAY)

    refund_order(placed.number, wish(placed, 1), "r1", TUESDAY)

    assert balance_of(member_id, TUESDAY, "flowers").owed == 3
    assert balance_of(member_id, TUESDAY).owed == 100


def test_two_orders_at_once_on_both_accounts(member_id):
    make_store()
    bouquet, mug = vase(points=40), make_product(points=1000)[1]
    address_for(member_id)
    wishes = [wish_for(member_id, Ask(sku=sku_of(variant_id))) for variant_id in (bouquet, mug)]

    outcomes = run_together(
        [
            lambda each=each, n=n: place_order(member_id, each, f"race:{each.sku}:{n}", MONDAY)
            for n in range(5)
            for each in wishes
        ]
    )

    assert len(results_of(outcomes)) == 2
    assert {type(error) for error in errors_of(outcomes)} <= {InsufficientPoints, KindInsufficient}
    assert has(member_id) == (0, 0)


@pytest.mark.parametrize(
    ("lie", "found"),
    [
        ("UPDATE orders SET points_kind = 'points'", "points of its own kind"),
        ("UPDATE points_lots SET account_id = 1 WHERE account_id <> 1", "lots of another account"),
    ],
)
def test_a_lie_about_the_kind_is_found(member_id, lie, found):
    buy(member_id, vase())
    db.session.execute(text(lie))

    broken = {finding.name for finding in run((*CHECKS, *POINTS_CHECKS)) if finding.offenders}

    db.session.rollback()
    assert any(found in name for name in broken)
