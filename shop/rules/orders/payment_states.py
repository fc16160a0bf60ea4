"""What a provider's notice does, whatever its repetition, order or delay."""

from collections.abc import Mapping
from itertools import product
from types import MappingProxyType
from typing import Literal

from shop.rules.orders.order_states import ORDER_STATES

PAYMENT_STATES = ("pending", "captured", "closed", "refunded_late")
NOTICES = ("paid", "failed")

Action = Literal["capture", "close", "ignore", "refund_late", "reject"]
"""capture: the order is paid.  close: this payment will not come.  ignore: we knew.  refund_late: the money is real but
the order no longer waits for it (ended, or paid by another payment): give it back.  reject: not our payment."""

_ANY = ORDER_STATES
_UNPAID = ("placed",)
_NOT_WAITING = tuple(state for state in ORDER_STATES if state != "placed")

_ROWS: tuple[tuple[tuple[str, ...], tuple[str, ...], str, Action], ...] = (
    # payment is               order is      notice    then
    (("pending", "closed"), _UNPAID, "paid", "capture"),
    (("pending", "closed"), _NOT_WAITING, "paid", "refund_late"),
    (("captured", "refunded_late"), _ANY, "paid", "ignore"),
    (("pending",), _ANY, "failed", "close"),
    (("captured", "closed", "refunded_late"), _ANY, "failed", "ignore"),
)

NOTICE_TABLE: Mapping[tuple[str, str, str], Action] = MappingProxyType(
    {
        (payment_state, order_state, notice): action
        for payment_states, order_states, notice, action in _ROWS
        for payment_state, order_state in product(payment_states, order_states)
    }
)

PAYMENT_STATE_AFTER: Mapping[Action, str] = MappingProxyType(
    {"capture": "captured", "close": "closed", "refund_late": "refunded_late"}
)
"""The payment's state after an action; ignore and reject leave it as it is."""


def decide_notice(payment_state: str, order_state: str, notice: str, *, matches: bool) -> Action:
    """What to do with a notice whose signature was good.

    ``matches`` says that its amount, currency, merchant and order are ours; if not, nothing may change.  A notice of
    an unknown kind is ignored.
    """
    if not matches:
        return "reject"
    return NOTICE_TABLE.get((payment_state, order_state, notice), "ignore")
