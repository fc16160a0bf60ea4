"""What the settings page shows of a member."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from shop.crypto import unseal
from shop.extensions import db
from shop.models import Member


@dataclass(frozen=True)
class Profile:
    """A member's own data, unsealed.  ``birthday_changed_on`` is the day of the last change."""

    name: str
    avatar: str
    phone: str
    birthday: date | None
    birthday_changed_on: date | None
    locale: str | None
    theme: str | None
    has_password: bool


PROFILE = select(
    Member.name,
    Member.avatar,
    Member.phone_sealed,
    Member.birthday_sealed,
    Member.birthday_changed_on,
    Member.locale,
    Member.theme,
    Member.password_hash.is_not(None).label("has_password"),
).where(Member.id == bindparam("member_id"))


def is_profile_complete(member_id: int) -> bool:
    """Whether a member has told both a name and a birthday."""
    row = db.session.execute(PROFILE, {"member_id": member_id}).one()
    return bool(row.name) and row.birthday_sealed is not None


def profile_of(member_id: int) -> Profile:
    """The profile of a member who exists."""
    row = db.session.execute(PROFILE, {"member_id": member_id}).one()
    return Profile(
        name=row.name,
        avatar=row.avatar,
        phone=unseal(row.phone_sealed),
        birthday=date.fromisoformat(unseal(row.birthday_sealed)) if row.birthday_sealed else None,
        birthday_changed_on=row.birthday_changed_on,
        locale=row.locale,
        theme=row.theme,
        has_password=bool(row.has_password),
    )
