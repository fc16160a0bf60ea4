"""Logins: rows that a cookie names, so that a login can be ended from anywhere."""

from datetime import datetime, timedelta

from sqlalchemy import insert, update

from shop.crypto import new_token, token_hash
from shop.extensions import db
from shop.models import Login

MEMBER_LOGIN = timedelta(days=90)
STAFF_LOGIN = timedelta(hours=12)
QUIET = {"synchronize_session": False}


def open_login(
    now: datetime, device: str, *, member_id: int | None = None, staff_id: int | None = None
) -> str:
    """Open a login and return its token, which only the cookie will know."""
    token = new_token()
    lasts = MEMBER_LOGIN if member_id else STAFF_LOGIN
    row = {"token_hash": token_hash(token), "device": device, "created_at": now, "last_seen_at": now}
    db.session.execute(
        insert(Login).values(**row, ends_at=now + lasts, member_id=member_id, staff_id=staff_id)
    )
    return token


def seen(login_id: int, now: datetime) -> None:
    """Write down that a login was used just now.  An earlier moment changes nothing."""
    statement = update(Login).where(Login.id == login_id, Login.last_seen_at < now).values(last_seen_at=now)
    db.session.execute(statement, execution_options=QUIET)


def end(token: str, now: datetime) -> None:
    """End one login.  A repeat changes nothing."""
    _revoke(Login.token_hash == token_hash(token), now=now)


def end_others(
    token: str, now: datetime, *, member_id: int | None = None, staff_id: int | None = None
) -> int:
    """End all other logins of the same person.  Returns how many."""
    owner = Login.member_id == member_id if member_id else Login.staff_id == staff_id
    return _revoke(owner, Login.token_hash != token_hash(token), now=now)


def end_one(login_id: int, member_id: int, now: datetime) -> bool:
    """End one device of a member.  False when there is no such living login of theirs."""
    return _revoke(Login.id == login_id, Login.member_id == member_id, now=now) == 1


def end_all_of_member(member_id: int, now: datetime) -> int:
    """End every login of a member: the account became part of another."""
    return _revoke(Login.member_id == member_id, now=now)


def end_all_of_staff(staff_id: int, now: datetime) -> int:
    """End every login of a member of staff: at a new password, role or when disabled."""
    return _revoke(Login.staff_id == staff_id, now=now)


def _revoke(*which: object, now: datetime) -> int:
    statement = update(Login).where(*which, Login.revoked_at.is_(None)).values(revoked_at=now)  # type: ignore[arg-type]
    return int(db.session.execute(statement, execution_options=QUIET).rowcount)  # type: ignore[attr-defined]
