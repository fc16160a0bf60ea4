"""Purchases made elsewhere go back: exactly what they earned, once, and never more than was paid."""

import pytest
from sqlalchemy import func, select

from shop.errors import KeyReused, RefundAboveLeft
from shop.extensions import db
from shop.models import PointsEntry
from shop.queries.points.balance import balance_of
from shop.rules.rulebook import (
    GoodsCondition,
    RateEffect,
    ReturnRule,
    ThresholdEffect,
)
from shop.services.points.purchases import (
    RefundedLine,
)
from tests.factories import (
    MONDAY,
    make_member,
)
from tests.services.points.tills import available, buys, gives_back, rule, rules, spends


def test_refund_of_a_line_takes_exactly_what_the_line_earned(app):
    """Goods at five times the rate go back: their points do, not an average."""
    rules(rule("care", RateEffect(points=5, per_cents=100), GoodsCondition(skus=("L1",))))
    member_id = make_member()
    buys(member_id, "R-1", 10000, 10000)

    done = gives_back("R-1", "B-1", lines=(RefundedLine(number=2, quantity=1),))

    assert (done.cents, done.clawed_points) == (10000, 500)
    assert available(member_id) == 100


def test_two_fifths_in_two_refunds_take_two_fifths(app):
    member_id = make_member()
    buys(member_id, "R-1", 9999)

    one, two = (gives_back("R-1", f"B-{n}", cents=2000) for n in (1, 2))

    assert one.clawed_points + two.clawed_points == 39
    assert available(member_id) == 60


def test_repeated_refund_takes_nothing_more(app):
    member_id = make_member()
    buys(member_id, "R-1", 10000)
    first = gives_back("R-1", "B-1", cents=4000)

    again = gives_back("R-1", "B-1", cents=4000)

    assert (again.clawed_points, again.is_repeat) == (first.clawed_points, True)
    assert available(member_id) == 60
    with pytest.raises(KeyReused):
        gives_back("R-1", "B-1", cents=4001)


def test_refund_above_what_is_left_is_refused_with_what_is_left(app):
    member_id = make_member()
    buys(member_id, "R-1", 10000)
    gives_back("R-1", "B-1", cents=4000)

    with pytest.raises(RefundAboveLeft) as refused:
        gives_back("R-1", "B-2", cents=6001)

    assert refused.value.left_cents == 6000
    assert available(member_id) == 60


def test_spent_points_become_debt_that_the_next_purchase_fills(app):
    member_id = make_member()
    buys(member_id, "R-1", 10000)
    spends(member_id, 90)

    done = gives_back("R-1", "B-1", cents=10000)

    assert (done.clawed_points, done.debt_points) == (10, 90)
    assert balance_of(member_id, MONDAY).owed == 90
    buys(member_id, "R-2", 10000)
    assert available(member_id) == 10


def test_threshold_bonus_goes_when_the_order_falls_below(app):
    rules(rule("full", ThresholdEffect(cents=10000, points=50)))
    member_id = make_member()
    buys(member_id, "R-1", 12000)

    still = gives_back("R-1", "B-1", cents=2000)
    below = gives_back("R-1", "B-2", cents=1)

    assert (still.clawed_points, below.clawed_points) == (20, 50)


def test_waived_shortage_is_not_asked_again(app):
    rules(returns=ReturnRule(shortage="waive", grace_days=7))
    member_id = make_member()
    buys(member_id, "R-1", 10000)
    spends(member_id, 100)

    half, rest = gives_back("R-1", "B-1", cents=5000), gives_back("R-1", "B-2", cents=5000)

    assert (half.waived_points, rest.waived_points) == (50, 50)
    assert db.session.scalar(select(func.count()).where(PointsEntry.kind == "claw_back")) == 0
