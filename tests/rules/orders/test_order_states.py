"""The life of an order."""

import pytest

from shop.rules.orders.order_states import ORDER_EVENTS, ORDER_STATES, TRANSITIONS, next_state

EXPECTED = {
    "placed": {"pay": "paid", "cancel": "closed", "time_out": "closed"},
    "paid": {
        "ship": "shipped",
        "hand_over": "received",
        "deliver": "received",
        "cancel": "closed",
        "refund_in_full": "closed",
    },
    "shipped": {"receive": "received", "refund_in_full": "closed"},
    "received": {"refund_in_full": "closed"},
    "closed": {},
}


@pytest.mark.parametrize("state", ORDER_STATES)
@pytest.mark.parametrize("event", ORDER_EVENTS)
def test_every_pair_is_decided(state, event):
    assert next_state(state, event) == EXPECTED[state].get(event)


def test_table_knows_only_declared_words():
    assert {state for state, _ in TRANSITIONS} | set(TRANSITIONS.values()) <= set(ORDER_STATES)
    assert {event for _, event in TRANSITIONS} == set(ORDER_EVENTS)


def test_unknown_words_change_nothing():
    assert next_state("placed", "explode") is None
    assert next_state("lost", "pay") is None
