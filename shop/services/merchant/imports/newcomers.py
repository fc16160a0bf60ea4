"""New members of an import: what is slow about them is done before anybody is locked out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from shop.books.points.bulk import open_accounts
from shop.books.rulebooks import Occasion
from shop.crypto import blind_index, seal
from shop.errors import ImportChanged
from shop.extensions import db, table_of
from shop.models import Member
from shop.rules.merchant.importing import MemberRow
from shop.rules.points.expiry import start_of_day
from shop.rules.points.tiers import tier_for
from shop.services.merchant.imports.checking import STEP_ROWS, Checked, Watch, known_members

MEMBERS = table_of(Member)
NEW_MEMBERS = insert(MEMBERS).returning(MEMBERS.c.id, MEMBERS.c.phone_index)
NOON = timedelta(hours=12)


@dataclass(frozen=True)
class Newcomer:
    """A member to be: the first row that brings them, and their row in the table of members."""

    number: int
    phone: str
    values: dict[str, Any]

    @property
    def growth(self) -> int:
        return int(self.values["growth"])


def prepare_newcomers(checked: Checked, occasion: Occasion, watch: Watch) -> list[Newcomer]:
    """One for each phone that is not here yet, sealed."""
    merged: dict[str, MemberRow] = {}
    for row in cast("Sequence[MemberRow]", checked.good):
        if row.phone not in checked.known:
            merged[row.phone] = _merged(merged[row.phone], row) if row.phone in merged else row
    newcomers = []
    for place, row in enumerate(merged.values(), 1):
        newcomers.append(Newcomer(row.number, row.phone, _values(row, occasion)))
        if place % STEP_ROWS == 0:
            watch(place)
    return newcomers


def write_newcomers(newcomers: Sequence[Newcomer]) -> dict[str, int]:
    """Make them members, with an account each; by phone.  Raises ImportChanged when one of them was quicker."""
    if not newcomers:
        return {}
    if known_members(each.phone for each in newcomers):
        raise ImportChanged
    try:
        rows = db.session.execute(NEW_MEMBERS, [each.values for each in newcomers]).all()
    except IntegrityError as error:  # one of them registered at this very moment
        raise ImportChanged from error
    by_index = {row.phone_index: row.id for row in rows}
    open_accounts(list(by_index.values()))
    return {each.phone: by_index[each.values["phone_index"]] for each in newcomers}


def _merged(first: MemberRow, other: MemberRow) -> MemberRow:
    """What the first row leaves out, a later one may say."""
    return replace(
        first,
        name=first.name or other.name,
        birthday=first.birthday or other.birthday,
        tier_code=first.tier_code or other.tier_code,
        growth=other.growth if first.growth is None else first.growth,
        joined_on=first.joined_on or other.joined_on,
    )


def _values(row: MemberRow, occasion: Occasion) -> dict[str, Any]:
    tiers = {tier.code: tier for tier in occasion.rulebook.tiers}
    growth = row.growth
    if growth is None:
        growth = tiers[row.tier_code].growth_from if row.tier_code else 0
    return {
        "phone_sealed": seal(row.phone),
        "phone_index": blind_index(row.phone),
        "phone_last4": row.phone[-4:],
        "password_hash": None,
        "name": row.name or _("拾友 %(last)s", last=row.phone[-4:]),
        "birthday_sealed": seal(row.birthday.isoformat()) if row.birthday else None,
        "tier_code": row.tier_code or tier_for(growth, occasion.rulebook).code,
        "tier_since_at": occasion.now,
        "growth": growth,
        "joined_at": _joined_at(row, occasion),
    }


def _joined_at(row: MemberRow, occasion: Occasion) -> datetime:
    if row.joined_on is None:
        return occasion.now
    return min(occasion.now, start_of_day(row.joined_on, occasion.zone) + NOON)
