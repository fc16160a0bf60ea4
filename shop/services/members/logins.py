"""Logging in with a password, logging out, and ending the logins of other devices."""

from datetime import datetime

from sqlalchemy import select

from shop.books import devices, logins
from shop.crypto import blind_index
from shop.errors import MemberSuspended, NotFound, WrongCredentials
from shop.extensions import db
from shop.models import Member
from shop.services.members.attempts import (
    LOGIN_OF_PHONE,
    LOGIN_OF_PHONE_DAILY,
    LOGIN_OF_PLACE,
    count_attempts,
)
from shop.services.members.passwords import password_matches
from shop.transaction import transaction


def log_in(
    phone: str, password: str, *, place: str, device: str, now: datetime, device_token: str = ""
) -> str:
    """Open a login for a phone and its password.  Returns the token that only the cookie will know.

    An unknown phone and a wrong password get the same answer after the same time: WrongCredentials.  Every try
    counts, also a refused one (TooManyRequests).  Raises MemberSuspended, only to who knows the password.
    """
    index = blind_index(phone)
    with transaction():
        refusal = count_attempts(
            ((LOGIN_OF_PHONE, index), (LOGIN_OF_PHONE_DAILY, index), (LOGIN_OF_PLACE, place)), now
        )
    if refusal:
        raise refusal
    member_id = _checked_member_id(index, password)
    with transaction():
        devices.note(member_id, device_token, now)
        return logins.open_login(now, device, member_id=member_id)


def _checked_member_id(index: str, password: str) -> int:
    """The comparison takes its time, so it stands outside the transactions: nobody waits for the write lock."""
    statement = select(Member.id, Member.password_hash, Member.state).where(Member.phone_index == index)
    found = db.session.execute(statement).one_or_none()
    if not password_matches(found.password_hash if found else None, password) or found is None:
        raise WrongCredentials
    if found.state != "active":
        raise MemberSuspended
    return int(found.id)


def log_out(token: str, now: datetime, *, member_id: int | None = None, device_token: str = "") -> None:
    """End this login, and remember in which browser it was.  A repeat changes nothing."""
    with transaction():
        if member_id:
            devices.note(member_id, device_token, now)
        logins.end(token, now)


def note_visit(login_id: int, now: datetime) -> None:
    """Write down that this device was used just now, for the list of devices."""
    with transaction():
        logins.seen(login_id, now)


def end_device(member_id: int, login_id: int, now: datetime) -> None:
    """End the login of one device.  Raises NotFound when it is not a living login of this member."""
    with transaction():
        if not logins.end_one(login_id, member_id, now):
            raise NotFound


def end_other_devices(member_id: int, token: str, now: datetime) -> int:
    """End all logins of this member but the one that asks.  Returns how many."""
    with transaction():
        return logins.end_others(token, now, member_id=member_id)
