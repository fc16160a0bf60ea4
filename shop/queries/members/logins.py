"""Logins: who a token belongs to, and on which devices a person is logged in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, select

from shop.crypto import token_hash
from shop.extensions import db
from shop.models import Login, Member, Staff


@dataclass(frozen=True)
class LoggedIn:
    """The owner of a living login: a member, or a member of staff."""

    login_id: int
    is_staff: bool
    owner_id: int
    name: str
    email: str
    role: str
    avatar: str
    locale: str | None
    theme: str | None
    tier_code: str
    last_seen_at: datetime


@dataclass(frozen=True)
class Device:
    """One line of the list of devices."""

    login_id: int
    device: str
    created_at: datetime
    last_seen_at: datetime


BY_TOKEN = (
    select(
        Login.id,
        Login.staff_id.is_not(None),
        func.coalesce(Login.member_id, Login.staff_id),
        func.coalesce(Member.name, Staff.name),
        func.coalesce(Staff.email, ""),
        func.coalesce(Staff.role, ""),
        func.coalesce(Member.avatar, ""),
        case((Login.staff_id.is_not(None), Staff.locale), else_=Member.locale),
        Member.theme,
        func.coalesce(Member.tier_code, ""),
        Login.last_seen_at,
    )
    .outerjoin(Member, Member.id == Login.member_id)
    .outerjoin(Staff, Staff.id == Login.staff_id)
    .where(
        Login.token_hash == bindparam("token_hash"),
        Login.revoked_at.is_(None),
        Login.ends_at > bindparam("now"),
        func.coalesce(Member.state, Staff.state) == "active",
    )
)

DEVICES = (
    select(Login.id, Login.device, Login.created_at, Login.last_seen_at)
    .where(
        Login.member_id == bindparam("member_id"),
        Login.revoked_at.is_(None),
        Login.ends_at > bindparam("now"),
    )
    .order_by(Login.last_seen_at.desc(), Login.id.desc())
    .limit(50)
)


def login_by_token(token: str, now: datetime) -> LoggedIn | None:
    """The living login that a cookie's token names, with its owner, in one query."""
    row = db.session.execute(BY_TOKEN, {"token_hash": token_hash(token), "now": now}).one_or_none()
    return LoggedIn(row[0], bool(row[1]), *row[2:]) if row else None


def devices_of(member_id: int, now: datetime) -> list[Device]:
    """Where a member is logged in, latest first."""
    return [Device(*row) for row in db.session.execute(DEVICES, {"member_id": member_id, "now": now})]
