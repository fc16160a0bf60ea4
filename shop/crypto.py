"""Sealing of personal data: AES-GCM per field with the key's id in front, and a keyed hash for look-ups.

The blind index lets the database find a phone number without knowing it.  Both keys are derived from ``DATA_KEY``.
"""

import base64
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

KEY_ID = "k1"
NONCE_BYTES = 12


def seal(text: str) -> str:
    """Encrypt a text.  The same text sealed twice gives two different results."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_derived(b"seal")).encrypt(nonce, text.encode(), KEY_ID.encode())
    return f"{KEY_ID}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def unseal(sealed: str) -> str:
    """Decrypt what ``seal`` made.  Raises cryptography's InvalidTag when it was changed."""
    key_id, _, body = sealed.partition(":")
    raw = base64.urlsafe_b64decode(body)
    return AESGCM(_derived(b"seal")).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], key_id.encode()).decode()


def blind_index(text: str) -> str:
    """A keyed hash for equality look-ups of sealed values."""
    return hmac.new(_derived(b"index"), text.encode(), hashlib.sha256).hexdigest()


def token_hash(token: str) -> str:
    """What the database keeps of a secret token: enough to recognise it, not to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A random token for cookies, links and idempotency keys (192 bits)."""
    return secrets.token_urlsafe(24)


def _derived(purpose: bytes) -> bytes:
    data_key: bytes = current_app.config["DATA_KEY"]
    return hmac.new(data_key, b"shifen:" + purpose, hashlib.sha256).digest()
