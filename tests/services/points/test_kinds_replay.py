"""The live rules come out as the books have them, with a second kind of points in the shop."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shop.queries.points.balance import balance_of
from shop.rules.rulebook import KindRule, MultiplyEffect, PointsEffect, Rule, ThresholdEffect
from shop.services.engagement.signin import sign_in
from shop.services.orders.refunding import refund_order
from shop.services.points.events import ReportedDeed, record_deed, reverse_deed
from shop.services.points.simulating import replay_live
from tests.books.points.shelves import earn
from tests.factories import AT_ONCE, MONDAY, make_member, make_product, make_rulebook
from tests.services.orders.stories import buy
from tests.services.orders.test_refunding import receive, wish

A_DAY = timedelta(days=1)
FLOWERS = KindRule(code="flowers", name="花朵", unit="朵")
RULES = (
    Rule(code="bouquet", name="买就送花", effect=PointsEffect(points=3), credits="flowers"),
    Rule(code="double", name="双倍", effect=MultiplyEffect(multiplier_permille=2000)),
    Rule(
        code="full",
        name="满月送花",
        effect=ThresholdEffect(cents=15_000, points=9, of="month"),
        credits="flowers",
    ),
    Rule(
        code="deed",
        name="好评送花",
        event="review_published",
        effect=PointsEffect(points=4),
        credits="flowers",
    ),
)


@pytest.mark.parametrize("days", [30, 2])
def test_the_replay_counts_the_main_kind_alone(app, days):
    make_rulebook(replace(AT_ONCE, kinds=(FLOWERS,), rules=RULES))
    member_id = make_member(points=100)
    earn(member_id, 60, "gift", points_kind="flowers")
    _product, vase = make_product(points=30, points_kind="flowers")
    _product, mug = make_product(points=0, cents=10_000)
    first = buy(member_id, mug)
    receive(first, member_id, MONDAY + A_DAY)
    second = buy(member_id, mug, key="second", now=MONDAY + A_DAY)
    receive(second, member_id, MONDAY + 2 * A_DAY)
    bought = buy(member_id, vase, key="third", now=MONDAY + 2 * A_DAY)
    sign_in(member_id, MONDAY + 3 * A_DAY)
    deed = ReportedDeed(member_id=member_id, event="review_published", key="r1")
    record_deed(deed, MONDAY + 3 * A_DAY)
    reverse_deed("review_published", "r1", reason="删了", now=MONDAY + 3 * A_DAY)
    refund_order(first.number, wish(first, 1), "r1", MONDAY + 4 * A_DAY)
    refund_order(bought.number, wish(bought, 1), "r2", MONDAY + 4 * A_DAY)
    now = MONDAY + 5 * A_DAY

    figures = replay_live(days, now).figures

    assert figures.balances[member_id] == balance_of(member_id, now).available == 100 + 200 + 10
    assert balance_of(member_id, now, "flowers").available == 63
