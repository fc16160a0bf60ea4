"""The people of the back office, for reading."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, func, select

from shop.crypto import token_hash
from shop.extensions import db
from shop.models import Login, Staff, StaffInvitation

SHOWN_MAX = 200
DEMO_ENDING = "@demo.test"

last_seen = select(func.max(Login.last_seen_at)).where(Login.staff_id == Staff.id).scalar_subquery()
open_invitation = exists().where(
    StaffInvitation.staff_id == Staff.id,
    StaffInvitation.used_at.is_(None),
    StaffInvitation.expires_at > bindparam("now"),
)
COLLEAGUES = (
    select(
        Staff.id,
        Staff.email,
        Staff.name,
        Staff.role,
        Staff.state,
        Staff.password_hash.is_not(None),
        open_invitation,
        last_seen,
    )
    .order_by(Staff.state, Staff.name, Staff.id)
    .limit(SHOWN_MAX)
)
INVITED = (
    select(Staff.name, Staff.email)
    .join(StaffInvitation, StaffInvitation.staff_id == Staff.id)
    .where(
        StaffInvitation.token_hash == bindparam("token_hash"),
        StaffInvitation.used_at.is_(None),
        StaffInvitation.expires_at > bindparam("now"),
        Staff.state == "active",
    )
)
NAMES = select(Staff.id, Staff.name).order_by(Staff.name, Staff.id).limit(SHOWN_MAX)
DEMO = (
    select(Staff.email).where(Staff.email.endswith(DEMO_ENDING), Staff.state == "active").order_by(Staff.id)
)


@dataclass(frozen=True)
class Colleague:
    """One line of the list.  ``has_password`` is False until the first link was used."""

    id: int
    email: str
    name: str
    role: str
    state: str
    has_password: bool
    is_invited: bool
    last_seen_at: datetime | None


@dataclass(frozen=True)
class Invited:
    """Whose link it is."""

    name: str
    email: str


def colleagues(now: datetime) -> list[Colleague]:
    """Everyone who has or had a login, those who may use it first."""
    rows = db.session.execute(COLLEAGUES, {"now": now})
    return [Colleague(*row[:5], bool(row[5]), bool(row[6]), row[7]) for row in rows]


def colleague_of(staff_id: int, now: datetime) -> Colleague | None:
    """One of them."""
    row = db.session.execute(COLLEAGUES.where(Staff.id == staff_id), {"now": now}).one_or_none()
    return Colleague(*row[:5], bool(row[5]), bool(row[6]), row[7]) if row else None


def invited_by(token: str, now: datetime) -> Invited | None:
    """For whom a one-time link still works; None when it was used or ran out."""
    row = db.session.execute(INVITED, {"token_hash": token_hash(token), "now": now}).one_or_none()
    return Invited(*row) if row else None


def staff_names() -> list[tuple[int, str]]:
    """Id and name of everyone, for a filter."""
    return [(row.id, row.name) for row in db.session.execute(NAMES)]


def demo_emails() -> list[str]:
    """The demo shop's logins, where it was loaded."""
    return list(db.session.scalars(DEMO))
