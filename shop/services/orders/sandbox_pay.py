"""What the sandbox provider's own cashier page does: it knows only the signed bill and answers with signed notices.

A choice made at once is delivered by the page (``blueprints/sandbox_pay.py``).  The choice "too late" uses the outbox as
the provider's clock: its notice is written, signed and delivered a minute after the order's time is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shop.adapters.payments import Bill, sandbox
from shop.adapters.payments.sandbox import SandboxProvider
from shop.books import outbox
from shop.crypto import new_token
from shop.errors import NotFound
from shop.transaction import transaction

LATE_BY = timedelta(minutes=1)
KINDS = {"pay": "paid", "refuse": "failed"}


@dataclass(frozen=True)
class SignedNotice:
    """A notice as it travels from server to server."""

    token: str
    body: bytes
    headers: dict[str, str]


def bill_of(packed: str) -> Bill:
    """The bill in a cashier address.  Raises NoticeRefused when it was changed, NotFound without a sandbox."""
    return _sandbox().read_bill(packed)


def notice_of(packed: str, choice: str, now: datetime) -> SignedNotice:
    """The notice of a choice, ``pay`` or ``refuse``.  Raises NotFound for another choice."""
    if choice not in KINDS:
        raise NotFound
    provider = _sandbox()
    bill = provider.read_bill(packed)
    body, headers = provider.write_notice(bill, KINDS[choice], new_token(), now)
    return SignedNotice(bill.token, body, headers)


def pay_late(packed: str, now: datetime) -> str:
    """Pay after the order's time is over.  Returns the payment's token.  A repeat is the same late payment."""
    bill = _sandbox().read_bill(packed)
    with transaction():
        key = f"sandbox_paid_late:{bill.token}"
        if not outbox.is_known(key):
            run_at = max(now, bill.pay_by_at) + LATE_BY
            outbox.put("sandbox_paid_late", key, now, {"bill": packed}, run_at=run_at)
    return bill.token


def late_notice(payload: Mapping[str, Any], now: datetime) -> SignedNotice:
    """The notice of a late payment.  Its id comes from the payment: delivered twice, it is still one notice."""
    provider = _sandbox()
    bill = provider.read_bill(payload["bill"])
    body, headers = provider.write_notice(bill, "paid", f"late-{bill.token}", now)
    return SignedNotice(bill.token, body, headers)


def _sandbox() -> SandboxProvider:
    provider = sandbox()
    if provider is None:
        raise NotFound
    return provider
