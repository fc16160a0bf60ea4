"""The built-in provider for development, demonstration and tests: a real redirect-and-notice provider without money.

Its cashier page (``blueprints/sandbox_pay.py``) knows only the signed bill in its address.  What the person chooses
there comes to us as a signed notice at the same address, and through the same checks, as a real provider's.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from shop.adapters.payments import signing
from shop.adapters.payments.base import Bill, CashBack, Notice
from shop.errors import NoticeRefused

CASHIER_PATH = "/sandbox-pay"
TIMESTAMP_HEADER, SIGNATURE_HEADER = "X-Sandbox-Timestamp", "X-Sandbox-Signature"
BILL, NOTICE = "bill", "notice"
KINDS = ("paid", "failed")
TEXTS = ("notice_id", "kind", "token", "order_number", "currency", "reference")
TEXT_MAX = 80

log = logging.getLogger(__name__)


class SandboxProvider:
    name = "sandbox"

    def __init__(self, key: str) -> None:
        self._key = key
        self.refunded: dict[str, CashBack] = {}

    def start(self, bill: Bill) -> str:
        """The sandbox's cashier page; the bill travels in the address, signed."""
        document = asdict(bill) | {"pay_by_at": bill.pay_by_at.isoformat()}
        return f"{CASHIER_PATH}?{urlencode({'bill': signing.pack(self._key, BILL, document)})}"

    def verify_notice(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice:
        """Read a notice of the sandbox.  Raises NoticeRefused: wrong signature, older than 300 s, or malformed."""
        timestamp = headers.get(TIMESTAMP_HEADER, "")
        signing.require_signature(self._key, NOTICE, timestamp, body, headers.get(SIGNATURE_HEADER, ""))
        signing.require_fresh(timestamp, now)
        return _notice(_document(body))

    def refund(self, cash_back: CashBack) -> None:
        """Nothing was taken, so nothing is sent; the reference is remembered, a repeat changes nothing."""
        self.refunded.setdefault(cash_back.reference, cash_back)
        log.info("sandbox refund %s of %d cents", cash_back.reference, cash_back.amount_cents)

    # What follows is the provider's own side, for its cashier page.

    def read_bill(self, packed: str) -> Bill:
        """The bill in a cashier address.  Raises NoticeRefused when it was changed."""
        document = signing.unpack(self._key, BILL, packed)
        return Bill(**{**document, "pay_by_at": datetime.fromisoformat(document["pay_by_at"])})

    def write_notice(
        self, bill: Bill, kind: str, notice_id: str, now: datetime
    ) -> tuple[bytes, dict[str, str]]:
        """Body and headers of the notice that tells the shop what the person chose."""
        document = {
            "notice_id": notice_id,
            "kind": kind,
            "token": bill.token,
            "order_number": bill.order_number,
            "amount_cents": bill.amount_cents,
            "currency": bill.currency,
            "reference": f"SB{notice_id[:20]}",
        }
        body = json.dumps(document).encode()
        timestamp = str(int(now.timestamp()))
        signature = signing.sign(self._key, NOTICE, timestamp, body)
        return body, {TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: signature}


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError as error:
        raise NoticeRefused from error
    if not isinstance(document, dict):
        raise NoticeRefused
    return document


def _notice(document: dict[str, Any]) -> Notice:
    texts = {name: document.get(name) for name in TEXTS}
    amount = document.get("amount_cents")
    well_formed = all(isinstance(text, str) and 0 < len(text) <= TEXT_MAX for text in texts.values())
    if not well_formed or type(amount) is not int or texts["kind"] not in KINDS:
        raise NoticeRefused
    return Notice(provider=SandboxProvider.name, amount_cents=amount, **texts)  # type: ignore[arg-type]
