"""Orders of one month reach a sum together: when one goes back, the other loses the bonus, received or not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import PointsEntry, Refund
from shop.queries.orders.refunds import refund_preview
from shop.rules.rulebook import Rule, ThresholdEffect
from shop.services.orders.fulfilment import receive_order
from shop.services.orders.refunding import RefundWish, refund_order
from shop.services.points.simulating import replay_live
from tests.factories import AT_ONCE, MONDAY, make_member, make_product, make_rulebook, make_staff
from tests.services.orders.stories import account_of, buy, line_id_of, ship

FULL = Rule(code="full", name="满千", effect=ThresholdEffect(cents=100_000, points=200, of="month"))
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def story(app):
    """Two orders of ¥600 in one month, both paid: the second reaches ¥1,000."""
    make_rulebook(replace(AT_ONCE, rules=(FULL,), shipping=replace(AT_ONCE.shipping, fee_cents=0)))
    member_id = make_member()
    _product, variant_id = make_product(points=0, cents=60_000)
    orders = [buy(member_id, variant_id, key=f"a-key-of-order-{number}") for number in (1, 2)]
    return member_id, orders


def receives(member_id, placed, now=TUESDAY):
    ship(placed, now)
    receive_order(placed.number, member_id, now)


def goes_back(placed, *, waive=None):
    wish = RefundWish(
        take={line_id_of(placed): 1},
        refund_shipping=False,
        goods_back=frozenset(),
        reason="不想要了",
        staff_id=make_staff("support"),
        **({} if waive is None else {"waive": waive}),
    )
    refund_order(placed.number, wish, f"a-key-of-refund-{placed.number}", TUESDAY)


def balance(member_id):
    return account_of(member_id).balance_points


def replayed(member_id):
    return replay_live(30, MONDAY + timedelta(days=2)).figures.balances[member_id]


def test_bonus_that_came_goes_with_the_other_order(story):
    member_id, (first, second) = story
    receives(member_id, first)
    receives(member_id, second)
    assert balance(member_id) == 1400
    preview = refund_preview(first.number, {line_id_of(first): 1}, TUESDAY, refund_shipping=False)
    assert (preview.claw_points, preview.month_points) == (600, 200)

    goes_back(first)

    assert balance(member_id) == 600
    assert db.session.scalars(select(Refund.clawed_points)).all() == [600]
    assert replayed(member_id) == 600


def test_bonus_that_has_not_come_yet_does_not(story):
    member_id, (first, second) = story
    receives(member_id, first)
    goes_back(first)
    assert balance(member_id) == 0

    receives(member_id, second)

    assert balance(member_id) == 600
    assert db.session.scalar(select(func.count()).where(PointsEntry.rule_code == "full")) == 0
    assert replayed(member_id) == 600


def test_bonus_of_the_order_that_goes_back_goes_too(story):
    member_id, (first, second) = story
    receives(member_id, first)
    receives(member_id, second)

    goes_back(second)

    assert balance(member_id) == 600
    assert replayed(member_id) == 600
