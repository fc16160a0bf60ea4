"""Notices that come twice, late, out of order or wrong."""

from itertools import permutations, product

import pytest

from shop.rules.orders.order_states import ORDER_STATES
from shop.rules.orders.payment_states import (
    NOTICE_TABLE,
    NOTICES,
    PAYMENT_STATE_AFTER,
    PAYMENT_STATES,
    decide_notice,
)


def test_every_case_is_in_the_table():
    assert set(NOTICE_TABLE) == set(product(PAYMENT_STATES, ORDER_STATES, NOTICES))


@pytest.mark.parametrize(
    ("payment", "order", "notice", "action"),
    [
        ("pending", "placed", "paid", "capture"),
        ("captured", "paid", "paid", "ignore"),
        ("captured", "closed", "paid", "ignore"),
        ("pending", "closed", "paid", "refund_late"),
        ("closed", "closed", "paid", "refund_late"),
        ("refunded_late", "closed", "paid", "ignore"),
        ("pending", "paid", "paid", "refund_late"),
        ("pending", "shipped", "paid", "refund_late"),
        ("closed", "placed", "paid", "capture"),
        ("pending", "placed", "failed", "close"),
        ("captured", "paid", "failed", "ignore"),
        ("pending", "placed", "news", "ignore"),
    ],
)
def test_notice(payment, order, notice, action):
    assert decide_notice(payment, order, notice, matches=True) == action


@pytest.mark.parametrize("case", list(product(PAYMENT_STATES, ORDER_STATES, NOTICES)))
def test_notice_that_does_not_match_changes_nothing(case):
    assert decide_notice(*case, matches=False) == "reject"


@pytest.mark.parametrize("order_state", ORDER_STATES)
@pytest.mark.parametrize("notices", sorted(set(permutations(["paid"] * 5 + ["failed"] * 2, 5))))
def test_notices_in_any_order_move_the_money_once(order_state, notices):
    payment, actions = "pending", []
    for notice in notices:
        action = decide_notice(payment, order_state, notice, matches=True)
        actions.append(action)
        payment = PAYMENT_STATE_AFTER.get(action, payment)
        order_state = "paid" if action == "capture" else order_state

    assert actions.count("capture") + actions.count("refund_late") == 1
