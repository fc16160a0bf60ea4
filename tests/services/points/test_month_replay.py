"""A month that fell below a threshold, replayed."""

from datetime import timedelta

import pytest

from shop.rules.rulebook import ThresholdEffect
from shop.services.points.simulating import replay_live
from tests.factories import MONDAY, make_member
from tests.services.points.tills import available, buys, gives_back, rule, rules


@pytest.mark.parametrize("days", [60, 3])
def test_live_rules_replay_to_the_books(app, days):
    rules(rule("full", ThresholdEffect(cents=100_000, points=200, of="month")))
    member_id = make_member()
    buys(member_id, "A", 60_000)
    buys(member_id, "B", 50_000)
    gives_back("A", "1", cents=60_000, now=MONDAY + timedelta(days=2))
    buys(member_id, "C", 70_000, now=MONDAY + timedelta(days=5))
    gives_back("C", "1", cents=30_000, now=MONDAY + timedelta(days=6))

    figures = replay_live(days, MONDAY + timedelta(days=7)).figures

    assert figures.balances[member_id] == available(member_id, MONDAY + timedelta(days=7))
