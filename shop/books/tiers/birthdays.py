"""Who has birthday: found by a keyed hash of month and day, so that nobody's birthday is unsealed to look for today's."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import String, bindparam, cast, exists, or_, select, update

from shop.books.rulebooks import Occasion
from shop.crypto import blind_index, unseal
from shop.extensions import db
from shop.models import Member, PointsEntry
from shop.rules.points.birthdays import BirthdayKey, birthday_key, keys_of_day
from shop.rules.points.expiry import start_of_day

QUIET = {"synchronize_session": False}
GIFT = "birthday:"
UNKNOWN = (
    select(Member.id, Member.birthday_sealed)
    .where(Member.birthday_sealed.is_not(None), Member.birthday_index.is_(None))
    .order_by(Member.id)
    .limit(bindparam("limit"))
)
SET_INDEX = (
    update(Member)
    .where(Member.id == bindparam("of_member"), Member.birthday_index.is_(None))
    .values(birthday_index=bindparam("found"))
)
CELEBRATING = (
    select(Member.id)
    .where(
        Member.birthday_index.in_(bindparam("keys", expanding=True)),
        Member.tier_code.in_(bindparam("codes", expanding=True)),
        Member.state == "active",
        Member.joined_at < bindparam("day_starts_at"),
        or_(Member.birthday_changed_on.is_(None), Member.birthday_changed_on < bindparam("day")),
        ~exists().where(
            PointsEntry.reference == GIFT + cast(Member.id, String) + ":" + bindparam("year", type_=String)
        ),
    )
    .order_by(Member.id)
)


def index_of(birthday: date) -> str:
    """What the database keeps of a birthday to find it by: a keyed hash of its month and day."""
    return _hashed(birthday_key(birthday))


def fill_missing(limit: int) -> int:
    """Give an index to birthdays that were sealed before there was one.  Returns how many."""
    rows = db.session.execute(UNKNOWN, {"limit": limit}).all()
    for member_id, sealed in rows:
        assert sealed is not None, "only sealed birthdays are asked for"
        values = {"of_member": member_id, "found": index_of(date.fromisoformat(unseal(sealed)))}
        db.session.execute(SET_INDEX, values, execution_options=QUIET)
    return len(rows)


def celebrating(day: date, codes: Sequence[str], occasion: Occasion) -> Sequence[int]:
    """Members of these tiers whose birthday is this day, told before it came, who had no gift of the year yet."""
    values = {
        "keys": [_hashed(key) for key in keys_of_day(day)],
        "codes": list(codes),
        "day": day,
        "day_starts_at": start_of_day(day, occasion.zone),
        "year": str(day.year),
    }
    return db.session.scalars(CELEBRATING, values).all()


def reference_of(member_id: int, year: int) -> str:
    """The name of the entry that is the gift of a year: there is one."""
    return f"{GIFT}{member_id}:{year}"


def _hashed(key: BirthdayKey) -> str:
    return blind_index(f"birthday:{key[0]:02d}-{key[1]:02d}")
