"""Codes of six digits that are sent to a phone: ten minutes, five tries, one use; the newest of a purpose counts.

A code that was sent for logging in opens nothing else, and the other way round.
"""

import secrets
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Literal

from sqlalchemy import insert, select, update

from shop.books import outbox
from shop.crypto import blind_index, seal
from shop.errors import WrongCode
from shop.extensions import db
from shop.models import LoginCode

Purpose = Literal["login", "redemption"]
CODE_LASTS = timedelta(minutes=10)
DIGITS = 6
QUIET = {"synchronize_session": False}


def write(phone: str, now: datetime, purpose: Purpose = "login") -> int:
    """Make a code and let the worker send it.  Returns its id."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row = {
        "phone_index": _index_of(phone, purpose),
        "code_hash": _hash_of(phone, code, purpose),
        "created_at": now,
        "expires_at": now + CODE_LASTS,
    }
    code_id = int(db.session.execute(insert(LoginCode).values(row).returning(LoginCode.id)).scalar_one())
    payload = {"phone_sealed": seal(phone), "code_sealed": seal(code), "code_id": code_id}
    outbox.put("login_code_requested", f"login-code:{code_id}", now, payload)
    return code_id


def use(phone: str, code: str, now: datetime, purpose: Purpose = "login") -> WrongCode | None:
    """Take one try of the newest code; the row decides among parallel tries.  Returns what to raise.

    A wrong try stays counted only when the caller commits, and raises afterwards.
    """
    newest = (
        select(LoginCode.id)
        .where(LoginCode.phone_index == _index_of(phone, purpose))
        .order_by(LoginCode.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        update(LoginCode)
        .where(
            LoginCode.id == newest,
            LoginCode.used_at.is_(None),
            LoginCode.expires_at > now,
            LoginCode.tries_left > 0,
        )
        .values(tries_left=LoginCode.tries_left - 1)
        .returning(LoginCode.id, LoginCode.code_hash, LoginCode.tries_left)
    )
    row = db.session.execute(statement, execution_options=QUIET).one_or_none()
    if row is None:
        return WrongCode()
    if not compare_digest(row.code_hash, _hash_of(phone, code, purpose)):
        return WrongCode(row.tries_left)
    used = update(LoginCode).where(LoginCode.id == row.id).values(used_at=now)
    db.session.execute(used, execution_options=QUIET)
    return None


def _index_of(phone: str, purpose: Purpose) -> str:
    return blind_index(phone if purpose == "login" else f"{purpose}:{phone}")


def _hash_of(phone: str, code: str, purpose: Purpose) -> str:
    """Keyed, because six digits could be guessed from a plain hash."""
    return blind_index(f"{purpose}-code:{phone}:{code}")
