"""Passwords of members and staff, hashed with Argon2id (m = 19 MiB, t = 2, p = 1)."""

from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from shop.crypto import new_token

COMMON = Path(__file__).with_name("common_passwords.txt")
RUN = "0123456789" * 2 + "abcdefghijklmnopqrstuvwxyz"

STRONG = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_password(password: str) -> str:
    """Hash a password for keeping."""
    return _hasher().hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether a password is right.  Takes as long for an unknown person as for a known one."""
    try:
        _hasher().verify(password_hash or _unknown(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def _hasher() -> PasswordHasher:
    return QUICK if current_app.testing else STRONG


def _unknown() -> str:
    """A hash that no password has, made once: an unknown person must cost one verification, like a known one."""
    return _hash_of_nobody(current_app.testing)


@cache
def _hash_of_nobody(_quick: bool) -> str:
    return _hasher().hash(new_token())


def is_too_common(password: str) -> bool:
    """Whether a password is among those that are tried first: on the list, one character, or a plain run."""
    low = password.casefold()
    return low in _common_passwords() or len(set(low)) == 1 or low in RUN or low in RUN[::-1]


@cache
def _common_passwords() -> frozenset[str]:
    return frozenset(COMMON.read_text().split())
