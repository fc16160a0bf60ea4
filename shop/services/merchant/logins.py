"""Logging in to the back office and out of it; the one-time link by which a member of staff sets a password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from shop.books import audit, logins, rate_limits
from shop.crypto import blind_index, token_hash
from shop.errors import InvitationEnded, PasswordTooCommon, StaffCredentialsWrong, TooManyRequests
from shop.extensions import db
from shop.models import Staff, StaffInvitation
from shop.services.members.passwords import hash_password, is_too_common, password_matches
from shop.transaction import transaction

WINDOW = timedelta(minutes=15)
TRIES_PER_EMAIL = 10
TRIES_PER_ADDRESS = 30
QUIET = {"synchronize_session": False}


@dataclass(frozen=True)
class StaffLogin:
    """A login that was opened: whose it is, and the token that only the cookie will know."""

    staff_id: int
    token: str


def log_in_staff(email: str, password: str, *, address: str, device: str, now: datetime) -> StaffLogin:
    """Open a login of twelve hours for the right email and password; successes and refusals go to the audit trail.

    The try is counted in a transaction of its own, which stays whatever happens next, and the slow hash is made before
    the second one begins, so that no writer waits for it.  An unknown email takes as long as a known one.  Raises
    TooManyRequests and StaffCredentialsWrong.
    """
    email = normal_email(email)
    _count_try(email, address, now)
    staff_id = _right_staff(email, password)
    with transaction() as session:
        known = session.scalar(select(Staff.id).where(Staff.email == email))
        still_active = staff_id is not None and session.scalar(
            select(Staff.id).where(Staff.id == staff_id, Staff.state == "active")
        )
        token = logins.open_login(now, device, staff_id=staff_id) if still_active else None
        audit.record(
            staff_id=known,
            action="staff.log_in" if token else "staff.log_in_refused",
            subject=f"staff:{known or 0}",
            now=now,
            after={"address": address},
        )
    if staff_id is None or token is None:
        raise StaffCredentialsWrong
    return StaffLogin(staff_id, token)


def log_out_staff(token: str, staff_id: int, now: datetime) -> None:
    """End this login.  A repeat ends nothing more."""
    with transaction():
        logins.end(token, now)
        audit.record(staff_id=staff_id, action="staff.log_out", subject=f"staff:{staff_id}", now=now)


def set_staff_password(invitation: str, password: str, *, device: str, now: datetime) -> StaffLogin:
    """Set a password by a one-time link and open a login; every older login of this person ends.

    Raises PasswordTooCommon, and InvitationEnded when the link was used, ran out, or never was.
    """
    if is_too_common(password):
        raise PasswordTooCommon
    password_hash = hash_password(password)
    with transaction() as session:
        used = session.execute(
            update(StaffInvitation)
            .where(
                StaffInvitation.token_hash == token_hash(invitation),
                StaffInvitation.used_at.is_(None),
                StaffInvitation.expires_at > now,
                StaffInvitation.staff_id.in_(select(Staff.id).where(Staff.state == "active")),
            )
            .values(used_at=now)
            .returning(StaffInvitation.staff_id),
            execution_options=QUIET,
        ).scalar_one_or_none()
        if used is None:
            raise InvitationEnded
        session.execute(
            update(Staff).where(Staff.id == used).values(password_hash=password_hash), execution_options=QUIET
        )
        logins.end_all_of_staff(used, now)
        token = logins.open_login(now, device, staff_id=used)
        audit.record(staff_id=used, action="staff.set_password", subject=f"staff:{used}", now=now)
    return StaffLogin(used, token)


def normal_email(email: str) -> str:
    """How an email is kept and looked up: without blanks around it, in small letters."""
    return email.strip().lower()


def _count_try(email: str, address: str, now: datetime) -> None:
    """Count this try for the email and for the address.  The first one over a limit is written to the audit trail."""
    with transaction() as session:
        by_email = rate_limits.count(f"staff-login:{blind_index(email)[:40]}", now, WINDOW)
        by_address = rate_limits.count(f"staff-login:{address[:60]}", now, WINDOW)
        if by_email == TRIES_PER_EMAIL + 1 or by_address == TRIES_PER_ADDRESS + 1:
            known = session.scalar(select(Staff.id).where(Staff.email == email))
            audit.record(
                staff_id=known,
                action="staff.log_in_blocked",
                subject=f"staff:{known or 0}",
                now=now,
                after={"address": address},
            )
    if by_email > TRIES_PER_EMAIL or by_address > TRIES_PER_ADDRESS:
        raise TooManyRequests(_seconds_left(now))


def _seconds_left(now: datetime) -> int:
    seconds = int(WINDOW.total_seconds())
    return seconds - int(now.timestamp()) % seconds


def _right_staff(email: str, password: str) -> int | None:
    """Whose email and password these are; None when they fit nobody who may log in."""
    statement = select(Staff.id, Staff.password_hash).where(Staff.email == email, Staff.state == "active")
    row = db.session.execute(statement).one_or_none()
    right = password_matches(row.password_hash if row else None, password)
    return int(row.id) if row and right else None
