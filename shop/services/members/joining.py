"""What both ways of registering share: one verified phone becomes one member, with a points account."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite

from shop.books import devices, outbox
from shop.books.points import accounts
from shop.books.rulebooks import occasion_at
from shop.crypto import blind_index, seal
from shop.errors import MemberSuspended
from shop.extensions import db
from shop.models import Member, Referral
from shop.rules.engagement.referral import refusal_of


def insert_member(
    phone: str,
    name: str,
    password_hash: str | None,
    now: datetime,
    *,
    invited_by: str = "",
    device_token: str = "",
) -> int | None:
    """Write a new member inside the caller's transaction.  None when this phone is a member already.

    ``invited_by`` is the code of an invitation; an unknown one counts for nothing.  ``device_token`` is what the browser's
    cookie says, empty where there is no browser.

    ``phone`` is in international form (+86…).  Of many at the same moment exactly one gets an id.
    """
    row = {
        "phone_sealed": seal(phone),
        "phone_index": blind_index(phone),
        "phone_last4": phone[-4:],
        "password_hash": password_hash,
        "name": name,
        "tier_code": occasion_at(now).rulebook.tiers[0].code,
        "tier_since_at": now,
        "joined_at": now,
    }
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Member).values(row).on_conflict_do_nothing(index_elements=[Member.phone_index])
    member_id = db.session.execute(statement.returning(Member.id)).scalar_one_or_none()
    if member_id is None:
        return None
    accounts.open_account(member_id)
    if invited_by:
        _bind(member_id, invited_by, device_token, now)
    devices.note(member_id, device_token, now)
    outbox.put("member_registered", f"member-registered:{member_id}", now, {"member_id": member_id})
    return int(member_id)


def _bind(friend_id: int, code: str, device_token: str, now: datetime) -> None:
    """Remember who invited a newcomer, if that member is still one; and whether that counts."""
    referrer = select(Member.id).where(Member.invitation_code == code, Member.state == "active")
    referrer_id = db.session.scalar(referrer)
    if referrer_id is not None:
        is_same = devices.is_known(referrer_id, device_token)
        refusal = refusal_of(is_same_device=is_same, rule=occasion_at(now).rulebook.referral)
        row = {
            "referrer_id": referrer_id,
            "friend_id": friend_id,
            "bound_at": now,
            "state": "refused" if refusal else "registered",
            "refused_for": refusal,
        }
        db.session.execute(insert(Referral).values(row))


def active_member_id(phone: str) -> int | None:
    """The member of a phone; None when there is none.  Raises MemberSuspended when they may not come in."""
    found = db.session.execute(
        select(Member.id, Member.state).where(Member.phone_index == blind_index(phone))
    ).one_or_none()
    if found is None:
        return None
    if found.state != "active":
        raise MemberSuspended
    return int(found.id)
