"""What a payment provider must be able to do, and the frozen values it speaks in.

A payment goes the usual way of redirect and notice: ``start`` says where the person pays, the provider then tells us by
a signed notice from server to server (which may repeat, come late or out of order), and ``refund`` gives cash back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What the provider is asked to collect.  ``token`` is our public name of the payment."""

    token: str
    order_number: str
    amount_cents: int
    currency: str
    pay_by_at: datetime


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What a provider said about a payment, its signature already verified.  ``reference`` is the provider's own."""

    provider: str
    notice_id: str
    kind: Literal["paid", "failed"]
    token: str
    order_number: str
    amount_cents: int
    currency: str
    reference: str


@dataclass(frozen=True, kw_only=True)
class CashBack:
    """Cash to give back.  ``reference`` is the idempotency key: a repeat with the same one gives nothing twice."""

    token: str
    reference: str
    amount_cents: int
    currency: str


class PaymentProvider(Protocol):
    name: str

    def start(self, bill: Bill) -> str:
        """The address at which the person pays.  Raises OSError when the provider could not be reached."""

    def verify_notice(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice:
        """Read a notice.  Raises NoticeRefused when its signature, age or form is not right."""

    def refund(self, cash_back: CashBack) -> None:
        """Give cash back, once per reference.  Raises OSError when the provider could not be reached."""
