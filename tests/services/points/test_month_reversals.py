"""Reaching a sum within the month: the bonus goes when another purchase of that month goes back, once and for good."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import MonthReversal, PointsAccount, PointsEntry
from shop.queries.points.balance import balance_of
from shop.rules.rulebook import CapRule, ReturnRule, ThresholdEffect
from tests.factories import MONDAY, make_member
from tests.services.points.tills import available, buys, gives_back, rule, rules, spends

APRIL = MONDAY + timedelta(days=31)
FULL = rule("full", ThresholdEffect(cents=100_000, points=200, of="month"))


@pytest.fixture
def member_id(app) -> int:
    """Somebody who reached ¥1,000 by the second purchase of March: 600 + 500 + 200."""
    rules(FULL)
    member_id = make_member()
    buys(member_id, "A", 60_000)
    buys(member_id, "B", 50_000)
    assert available(member_id) == 1300
    return member_id


def reversals():
    return db.session.execute(select(MonthReversal.points, MonthReversal.waived_points)).all()


def reason_of_last_entry():
    return db.session.scalars(select(PointsEntry.reasons).order_by(PointsEntry.id.desc())).first()[0]


def test_bonus_goes_with_another_purchase_of_the_month(member_id):
    gives_back("A", "1", cents=10_000)
    assert available(member_id) == 1200, "¥1,000.00 are left: it stands"

    gives_back("A", "2", cents=1)

    assert available(member_id) == 1200 - 200
    assert reason_of_last_entry() == {
        "code": "month_below",
        "params": {"name": "full", "cents": 100_000, "left_cents": 99_999, "points": 200},
    }


def test_bonus_goes_once_and_its_own_purchase_gives_no_more_than_its_own(member_id):
    gives_back("A", "1", cents=60_000)
    gives_back("A", "1", cents=60_000)
    gives_back("B", "1", cents=25_000)

    assert available(member_id) == 250
    assert reversals() == [(200, 0)]
    gives_back("B", "2", cents=25_000)
    assert (available(member_id), balance_of(member_id, MONDAY).owed) == (0, 0)


def test_bonus_goes_with_its_own_purchase(member_id):
    gives_back("B", "1", cents=50_000)

    assert available(member_id) == 600


def test_later_purchases_of_the_month_carry_it(member_id):
    buys(member_id, "C", 60_000)
    gives_back("A", "1", cents=60_000)
    assert available(member_id) == 1100 + 200

    gives_back("C", "1", cents=60_000)

    assert available(member_id) == 500


def test_what_went_does_not_come_back_but_can_be_earned_anew(member_id):
    gives_back("A", "1", cents=60_000)
    assert available(member_id) == 500

    buys(member_id, "C", 49_999)
    assert available(member_id) == 500 + 499
    buys(member_id, "D", 1)

    assert available(member_id) == 500 + 499 + 200
    gives_back("C", "1", cents=1)
    assert available(member_id) == 500 + 499 + 0, "of ¥499.98 still 499"


def test_another_month_is_another_sum(member_id):
    buys(member_id, "C", 60_000, now=APRIL)
    gives_back("C", "1", cents=60_000, now=APRIL)

    assert available(member_id, APRIL) == 1300


def test_spent_bonus_becomes_debt(member_id):
    spends(member_id, 1300)

    gives_back("A", "1", cents=60_000)

    assert balance_of(member_id, MONDAY).owed == 600 + 200


def test_shop_that_waives_lets_it_go_once(app):
    rules(FULL, returns=ReturnRule(shortage="waive", grace_days=7))
    member_id = make_member()
    buys(member_id, "A", 60_000)
    buys(member_id, "B", 50_000)
    spends(member_id, 1300)

    gives_back("A", "1", cents=30_000)
    gives_back("A", "2", cents=30_000)

    assert reversals() == [(200, 200)]
    assert db.session.scalar(select(func.sum(PointsAccount.debt_points))) == 0


def test_bonus_cut_by_a_cap_gives_back_what_it_brought(app):
    cap = CapRule(name="月", classes=("purchase",), points=1150, per="month")
    rules(FULL, caps=(cap,))
    member_id = make_member()
    buys(member_id, "A", 60_000)
    buys(member_id, "B", 50_000)
    assert available(member_id) == 1150

    gives_back("A", "1", cents=60_000)

    assert available(member_id) == 1150 - 600 - 50
    assert reversals() == [(50, 0)]
