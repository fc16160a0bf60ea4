"""Registering with a password."""

from datetime import datetime

from shop.books.logins import open_login
from shop.errors import PasswordTooCommon, PhoneTaken
from shop.services.members.attempts import REGISTRATION_OF_PLACE, count_attempts
from shop.services.members.joining import insert_member
from shop.services.members.passwords import hash_password, is_too_common
from shop.transaction import transaction


def register(
    phone: str,
    password: str,
    *,
    name: str,
    place: str,
    device: str,
    now: datetime,
    invited_by: str = "",
    device_token: str = "",
) -> str:
    """Make a member of a phone, and log them in on this device.  Returns the token of the login.

    ``phone`` is in international form, ``place`` the network address that asks, ``device`` the name of the browser and
    ``device_token`` what its cookie says.  One phone is one member: a second
    registration, even at the same moment, raises PhoneTaken and changes nothing.  Raises PasswordTooCommon,
    TooManyRequests.
    """
    if is_too_common(password):
        raise PasswordTooCommon
    with transaction():
        refusal = count_attempts(((REGISTRATION_OF_PLACE, place),), now)
    if refusal:
        raise refusal
    password_hash = hash_password(
        password
    )  # takes its time: outside, so that nobody waits for the write lock
    with transaction():
        member_id = insert_member(
            phone, name, password_hash, now, invited_by=invited_by, device_token=device_token
        )
        if member_id is None:
            raise PhoneTaken
        return open_login(now, device, member_id=member_id)
