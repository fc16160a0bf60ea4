"""Signatures of the sandbox provider: HMAC-SHA256 over purpose, timestamp and body, as real providers do it."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from shop.errors import NoticeRefused

AGE_MAX = timedelta(seconds=300)
TIMESTAMP_DIGITS_MAX = 12
BODY_BYTES_MAX = 4096


def sign(key: str, purpose: str, timestamp: str, body: bytes) -> str:
    """64 hex digits that only the holder of the key can make."""
    text = b"\n".join((purpose.encode(), timestamp.encode(), body))
    return hmac.new(key.encode(), text, hashlib.sha256).hexdigest()


def require_signature(key: str, purpose: str, timestamp: str, body: bytes, signature: str) -> None:
    """Raises NoticeRefused unless the signature is right; compared in constant time."""
    expected = sign(key, purpose, timestamp, body)
    if len(body) > BODY_BYTES_MAX or not hmac.compare_digest(expected.encode(), signature.encode()):
        raise NoticeRefused


def require_fresh(timestamp: str, now: datetime) -> None:
    """Raises NoticeRefused unless the timestamp (seconds) is within five minutes of now."""
    digits = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= TIMESTAMP_DIGITS_MAX
    if not digits or abs(now - datetime.fromtimestamp(int(timestamp), UTC)) > AGE_MAX:
        raise NoticeRefused


def pack(key: str, purpose: str, document: dict[str, Any]) -> str:
    """A document that travels through the browser: readable by everyone, changeable by no one."""
    body = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    return f"{base64.urlsafe_b64encode(body).decode()}.{sign(key, purpose, '', body)}"


def unpack(key: str, purpose: str, packed: str) -> dict[str, Any]:
    """Read what ``pack`` made.  Raises NoticeRefused when it was changed."""
    encoded, _, signature = packed.partition(".")
    try:
        body = base64.b64decode(encoded, altchars=b"-_", validate=True)
    except ValueError as error:
        raise NoticeRefused from error
    require_signature(key, purpose, "", body, signature)
    document: dict[str, Any] = json.loads(body)
    return document
