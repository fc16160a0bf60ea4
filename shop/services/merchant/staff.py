"""The people of the back office: who joins, with which role, and who no longer may.  Each change is audited."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from shop.books import audit, logins
from shop.crypto import new_token, token_hash
from shop.errors import InvalidInput, LastOwner, NotFound, StaffEmailTaken
from shop.extensions import db
from shop.models import Staff, StaffInvitation
from shop.models.merchant.staff import ROLES
from shop.transaction import transaction

INVITATION_LASTS = timedelta(hours=48)
QUIET = {"synchronize_session": False}


@dataclass(frozen=True)
class Invitation:
    """A one-time link's token.  It is told once; the database keeps only its hash."""

    staff_id: int
    token: str
    expires_at: datetime


@dataclass(frozen=True)
class _Person:
    role: str
    state: str
    is_last_owner: bool


def create_staff(email: str, name: str, role: str, *, by_staff_id: int | None, now: datetime) -> Invitation:
    """Add a member of staff and make the link by which they set a password, good for 48 hours.

    ``by_staff_id`` is None on the command line.  Raises InvalidInput for an unknown role, StaffEmailTaken.
    """
    _check_role(role)
    email = email.strip().lower()
    row = {"email": email, "name": name.strip() or email.partition("@")[0][:40], "role": role}
    try:
        with transaction():
            statement = insert(Staff).values(**row, created_at=now).returning(Staff.id)
            staff_id = int(db.session.execute(statement).scalar_one())
            invitation = _invite(staff_id, now)
            audit.record(
                staff_id=by_staff_id, action="staff.create", subject=f"staff:{staff_id}", now=now, after=row
            )
    except IntegrityError as error:
        if db.session.scalar(select(Staff.id).where(Staff.email == email)) is None:
            raise
        raise StaffEmailTaken from error
    return invitation


def invite_again(staff_id: int, *, by_staff_id: int | None, now: datetime) -> Invitation:
    """Make a new one-time link, also for a forgotten password; links made before end.  Raises NotFound."""
    with transaction():
        person = _locked(staff_id)
        if person.state != "active":
            raise NotFound
        invitation = _invite(staff_id, now)
        audit.record(staff_id=by_staff_id, action="staff.invite", subject=f"staff:{staff_id}", now=now)
    return invitation


def invite_by_email(email: str, *, now: datetime) -> Invitation:
    """A new one-time link for whoever has this email, asked for on the command line.  Raises NotFound."""
    with transaction():
        statement = select(Staff.id).where(Staff.email == email.strip().lower(), Staff.state == "active")
        staff_id = db.session.scalar(statement)
        if staff_id is None:
            raise NotFound
        invitation = _invite(staff_id, now)
        audit.record(staff_id=None, action="staff.invite", subject=f"staff:{staff_id}", now=now)
    return invitation


def change_role(staff_id: int, role: str, *, by_staff_id: int, now: datetime) -> None:
    """Give another role; the person logs in again.  A repeat changes nothing.

    Raises InvalidInput, NotFound, and LastOwner when nobody would be left who may do everything.
    """
    _check_role(role)
    with transaction():
        person = _locked(staff_id)
        if person.role == role:
            return
        if person.is_last_owner:
            raise LastOwner
        _set(staff_id, role=role)
        logins.end_all_of_staff(staff_id, now)
        audit.record(
            staff_id=by_staff_id,
            action="staff.change_role",
            subject=f"staff:{staff_id}",
            now=now,
            before={"role": person.role},
            after={"role": role},
        )


def disable_staff(staff_id: int, *, by_staff_id: int, now: datetime) -> None:
    """Close the back office to someone at once: logins and open links end.  A repeat changes nothing.

    Raises NotFound, LastOwner.
    """
    with transaction():
        person = _locked(staff_id)
        if person.state == "disabled":
            return
        if person.is_last_owner:
            raise LastOwner
        _set(staff_id, state="disabled")
        logins.end_all_of_staff(staff_id, now)
        _end_invitations(staff_id, now)
        _record_state(staff_id, by_staff_id, person.state, "disabled", now)


def enable_staff(staff_id: int, *, by_staff_id: int, now: datetime) -> None:
    """Open the back office to someone again, with the role and password of before.  Raises NotFound."""
    with transaction():
        person = _locked(staff_id)
        if person.state == "active":
            return
        _set(staff_id, state="active")
        _record_state(staff_id, by_staff_id, person.state, "active", now)


def choose_language(staff_id: int, locale: str, *, now: datetime) -> None:
    """The language in which this person reads the back office."""
    with transaction():
        before = db.session.scalar(select(Staff.locale).where(Staff.id == staff_id))
        _set(staff_id, locale=locale)
        audit.record(
            staff_id=staff_id,
            action="staff.choose_language",
            subject=f"staff:{staff_id}",
            now=now,
            before={"locale": before},
            after={"locale": locale},
        )


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise InvalidInput


def _locked(staff_id: int) -> _Person:
    """The person, locked together with all owners in the order of their ids: two cannot remove each other at once."""
    is_owner = (Staff.role == "owner") & (Staff.state == "active")
    rows = db.session.execute(
        select(Staff.id, Staff.role, Staff.state)
        .where((Staff.id == staff_id) | is_owner)
        .order_by(Staff.id)
        .with_for_update()
    ).all()
    others = [row.id for row in rows if row.id != staff_id]
    for row in rows:
        if row.id == staff_id:
            return _Person(row.role, row.state, is_last_owner=row.role == "owner" and not others)
    raise NotFound


def _set(staff_id: int, **values: str) -> None:
    db.session.execute(update(Staff).where(Staff.id == staff_id).values(**values), execution_options=QUIET)


def _invite(staff_id: int, now: datetime) -> Invitation:
    _end_invitations(staff_id, now)
    token, expires_at = new_token(), now + INVITATION_LASTS
    db.session.execute(
        insert(StaffInvitation).values(
            staff_id=staff_id, token_hash=token_hash(token), created_at=now, expires_at=expires_at
        )
    )
    return Invitation(staff_id, token, expires_at)


def _end_invitations(staff_id: int, now: datetime) -> None:
    unused = StaffInvitation.used_at.is_(None) & (StaffInvitation.expires_at > now)
    db.session.execute(
        update(StaffInvitation).where(StaffInvitation.staff_id == staff_id, unused).values(expires_at=now),
        execution_options=QUIET,
    )


def _record_state(staff_id: int, by_staff_id: int, before: str, after: str, now: datetime) -> None:
    audit.record(
        staff_id=by_staff_id,
        action="staff.disable" if after == "disabled" else "staff.enable",
        subject=f"staff:{staff_id}",
        now=now,
        before={"state": before},
        after={"state": after},
    )
