"""Logging in, registering and proving a large redemption with a code of six digits that is sent to the phone."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from shop.adapters.messaging import messenger
from shop.adapters.messaging.base import TextMessage
from shop.books import devices, phone_codes
from shop.books.logins import open_login
from shop.crypto import blind_index, unseal
from shop.errors import NotFound, PhoneTaken, TransactionLost
from shop.extensions import db
from shop.models import LoginCode, Member
from shop.services.members.attempts import (
    CODE_OF_PHONE,
    CODE_OF_PHONE_DAILY,
    CODE_OF_PLACE,
    CODE_TRY_OF_PLACE,
    count_attempts,
)
from shop.services.members.joining import active_member_id, insert_member
from shop.transaction import transaction


def request_code(phone: str, *, place: str, now: datetime) -> int:
    """Make a code for a phone and let the worker send it.  Returns the code's id.

    Known and unknown phones get the same answer.  Once a minute and ten times a day for one phone; a try that is
    refused (TooManyRequests) counts as well.  The newest code of a phone is the one that works.
    """
    index = blind_index(phone)
    code_id = 0
    with transaction():
        refusal = count_attempts(
            ((CODE_OF_PHONE, index), (CODE_OF_PHONE_DAILY, index), (CODE_OF_PLACE, place)), now
        )
        if not refusal:
            code_id = phone_codes.write(phone, now)
    if refusal:
        raise refusal
    return code_id


def request_redemption_code(member_id: int, *, place: str, now: datetime) -> int:
    """Send a member a code that proves a large redemption.  Returns the code's id.

    Once a minute and ten times a day; a try that is refused (TooManyRequests) counts as well.  Raises NotFound.
    """
    code_id = 0
    with transaction() as session:
        sealed = session.scalar(
            select(Member.phone_sealed).where(Member.id == member_id, Member.state == "active")
        )
        if sealed is None:
            raise NotFound
        who = f"redemption:{member_id}"
        refusal = count_attempts(
            ((CODE_OF_PHONE, who), (CODE_OF_PHONE_DAILY, who), (CODE_OF_PLACE, place)), now
        )
        if not refusal:
            code_id = phone_codes.write(unseal(sealed), now, "redemption")
    if refusal:
        raise refusal
    return code_id


def send_code(code_id: int, phone_sealed: str, code_sealed: str, now: datetime) -> None:
    """Hand a code to the messenger, in the shop's language.  One that is over by now is not sent any more."""
    expires_at = db.session.scalar(select(LoginCode.expires_at).where(LoginCode.id == code_id))
    if expires_at is None or expires_at <= now:
        return
    text = _("验证码 %(code)s，10 分钟内有效。不要告诉别人。", code=unseal(code_sealed))
    messenger().send(TextMessage(phone=unseal(phone_sealed), text=text, key=f"login-code:{code_id}"))


def log_in_with_code(
    phone: str, code: str, *, name: str, place: str, device: str, now: datetime, device_token: str = ""
) -> str:
    """Open a login for a phone and the code that was sent to it; a new phone becomes a member called ``name``.

    Returns the token of the login.  A wrong code costs one of five tries, whoever asks; a code works once.  Raises
    WrongCode, MemberSuspended, TooManyRequests.
    """
    with transaction():
        refusal = count_attempts(((CODE_TRY_OF_PLACE, place),), now) or phone_codes.use(phone, code, now)
        if refusal is None:
            member_id = _member_of(phone, name, now)
            devices.note(member_id, device_token, now)
            return open_login(now, device, member_id=member_id)
    raise refusal


def register_with_code(
    phone: str,
    code: str,
    *,
    name: str,
    place: str,
    device: str,
    now: datetime,
    invited_by: str = "",
    device_token: str = "",
) -> str:
    """Make a member of a phone that shows the code sent to it, and log them in.  Returns the token of the login.

    Raises PhoneTaken when the phone is a member already (the code is used up all the same), WrongCode,
    TooManyRequests.
    """
    with transaction():
        refusal = count_attempts(((CODE_TRY_OF_PLACE, place),), now) or phone_codes.use(phone, code, now)
        if refusal is None:
            member_id = insert_member(
                phone, name, None, now, invited_by=invited_by, device_token=device_token
            )
            if member_id is not None:
                return open_login(now, device, member_id=member_id)
    raise refusal or PhoneTaken()


def _member_of(phone: str, name: str, now: datetime) -> int:
    """The member of a verified phone, made if need be."""
    member_id = active_member_id(phone) or insert_member(phone, name, None, now)
    if (
        member_id is None
    ):  # registered by someone else between the two: the repeat of the request finds the member
        raise TransactionLost
    return member_id
