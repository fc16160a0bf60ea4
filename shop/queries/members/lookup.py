"""A member as a till knows them: by number or by phone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from shop.books.rulebooks import occasion_at
from shop.crypto import blind_index, unseal
from shop.extensions import db
from shop.models import Member

FOUND = select(
    Member.id,
    Member.name,
    Member.phone_sealed,
    Member.state,
    Member.tier_code,
    Member.growth,
    Member.joined_at,
).where(Member.state != "closed")


@dataclass(frozen=True)
class FoundMember:
    """A member who has not left.  ``phone`` is in international form."""

    id: int
    name: str
    phone: str
    state: str
    tier_code: str
    tier_name: str
    growth: int
    joined_at: datetime


def member_by_id(member_id: int, now: datetime) -> FoundMember | None:
    """The member of a number."""
    return _found(Member.id == member_id, now)


def member_by_phone(phone: str, now: datetime) -> FoundMember | None:
    """The member of a phone in international form."""
    return _found(Member.phone_index == blind_index(phone), now)


def _found(condition: ColumnElement[bool], now: datetime) -> FoundMember | None:
    row = db.session.execute(FOUND.where(condition)).one_or_none()
    if row is None:
        return None
    return FoundMember(
        id=row.id,
        name=row.name,
        phone=unseal(row.phone_sealed),
        state=row.state,
        tier_code=row.tier_code,
        tier_name=occasion_at(now).rulebook.tier(row.tier_code).name,
        growth=row.growth,
        joined_at=row.joined_at,
    )
