"""The book of packs for newcomers: one for each phone, whatever becomes of the account."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from shop.extensions import db, table_of
from shop.models import NewcomerPack

PACKS = table_of(NewcomerPack)


def claim(phone_index: str, member_id: int, now: datetime) -> bool:
    """Write an empty pack for a phone.  False when it has had one: of many at the same moment one gets it."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {
        "phone_index": phone_index,
        "member_id": member_id,
        "coupons": [],
        "tickets": 0,
        "missing": [],
        "given_at": now,
    }
    statement = dialect.insert(PACKS).values(row).on_conflict_do_nothing(index_elements=["phone_index"])
    return db.session.execute(statement.returning(PACKS.c.member_id)).scalar_one_or_none() is not None


def fill(phone_index: str, *, coupons: list[str], tickets: int, missing: list[str]) -> None:
    """Write down what the pack held.  ``missing`` is what had run out: ``coupon:<code>`` or ``tickets``."""
    statement = update(PACKS).where(PACKS.c.phone_index == phone_index)
    db.session.execute(statement.values(coupons=coupons, tickets=tickets, missing=missing))
