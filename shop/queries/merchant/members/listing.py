"""The list of members: by phone, the last four digits, the beginning of the name, or the number of the account."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import phonenumbers
from sqlalchemy import ColumnElement, func, select

from shop.books.rulebooks import occasion_at
from shop.crypto import blind_index
from shop.extensions import db
from shop.models import Login, Lot, Member, PointsAccount, is_main_account

PAGE = 30
COUNTED_MAX = 10_000
SOON = timedelta(days=30)
QUERY_LENGTH_MAX = 40
ROW_ID_MAX = 2**31 - 1
LAST_DIGITS = 4

ROWS = (
    select(
        Member.id,
        Member.name,
        Member.avatar,
        Member.tier_code,
        Member.state,
        Member.phone_last4,
        Member.growth,
        Member.joined_at,
        PointsAccount.id.label("account_id"),
        PointsAccount.balance_points,
    )
    .join(PointsAccount, (PointsAccount.member_id == Member.id) & is_main_account)
    .order_by(Member.id.desc())
)


@dataclass(frozen=True)
class MemberRow:
    """One line of the list.  The phone shows its last four digits."""

    id: int
    name: str
    avatar: str
    tier_code: str
    state: str
    phone_last4: str
    growth: int
    joined_at: datetime
    balance_points: int
    expiring_points: int
    last_seen_at: datetime | None


@dataclass(frozen=True)
class Found:
    """A page of the list, newest members first; ``next_before`` continues it.  ``has_more``: that is not all."""

    rows: tuple[MemberRow, ...]
    next_before: int | None
    total: int
    has_more: bool = False


@dataclass(frozen=True)
class SearchFor:
    """What a search means: exactly one of a phone, four digits, an account's number, the beginning of a name."""

    phone: str = ""
    last_digits: str = ""
    member_id: int | None = None
    name: str = ""


def search_for(text: str) -> SearchFor:
    """Read what somebody typed.  ``#12`` is always an account's number."""
    plain = "".join(letter for letter in text if unicodedata.category(letter)[0] != "C").strip()[
        :QUERY_LENGTH_MAX
    ]
    digits = "".join(letter for letter in plain if letter not in " -+#\u00a0")
    if not (digits.isascii() and digits.isdigit()):
        return SearchFor(name=plain)
    if plain.startswith("#"):
        return SearchFor(member_id=min(int(digits), ROW_ID_MAX))
    if phone := _phone(plain):
        return SearchFor(phone=phone)
    if len(digits) == LAST_DIGITS:
        return SearchFor(last_digits=digits)
    return SearchFor(member_id=min(int(digits), ROW_ID_MAX))


def find_members(
    wanted: SearchFor, *, tier: str = "", state: str = "", before: int | None = None, now: datetime
) -> Found:
    """A page of members, in four statements however many there are."""
    conditions = [*_search(wanted), *_filters(tier, state)]
    total = _count(conditions)
    if before is not None:
        conditions.append(Member.id < before)
    rows = db.session.execute(ROWS.where(*conditions).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    expiring = _expiring([row.account_id for row in shown], now)
    seen = _last_seen([row.id for row in shown])
    members = tuple(
        MemberRow(*row[:8], row.balance_points, expiring.get(row.account_id, 0), seen.get(row.id))
        for row in shown
    )
    return Found(
        members, members[-1].id if len(rows) > PAGE else None, min(total, COUNTED_MAX), total > COUNTED_MAX
    )


def _count(conditions: Sequence[ColumnElement[bool]]) -> int:
    """How many there are, as far as it is worth counting: one more than that says that there are more."""
    some = select(Member.id).where(*conditions).limit(COUNTED_MAX + 1).subquery()
    return int(db.session.scalar(select(func.count()).select_from(some)) or 0)


def tier_names(now: datetime) -> dict[str, str]:
    """The tiers of the rulebook in force: code and name, lowest first."""
    return {tier.code: tier.name for tier in occasion_at(now).rulebook.tiers}


def _phone(text: str) -> str:
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number) or len(str(number.national_number)) <= LAST_DIGITS:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _search(wanted: SearchFor) -> list[ColumnElement[bool]]:
    if wanted.phone:
        return [Member.phone_index == blind_index(wanted.phone)]
    if wanted.last_digits:
        ends_so = Member.phone_last4 == wanted.last_digits
        is_number = not wanted.last_digits.startswith("0")
        return [ends_so | (Member.id == int(wanted.last_digits)) if is_number else ends_so]
    if wanted.member_id is not None:
        return [Member.id == wanted.member_id]
    return [Member.name.startswith(wanted.name, autoescape=True)] if wanted.name else []


def _filters(tier: str, state: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if tier:
        conditions.append(Member.tier_code == tier)
    if state:
        conditions.append(Member.state == state)
    return conditions


def _expiring(account_ids: Sequence[int], now: datetime) -> dict[int, int]:
    """Points that lapse within thirty days, by account."""
    statement = (
        select(Lot.account_id, func.sum(Lot.remaining_points))
        .where(
            Lot.account_id.in_(account_ids),
            Lot.remaining_points > 0,
            Lot.expires_at > now,
            Lot.expires_at <= now + SOON,
        )
        .group_by(Lot.account_id)
    )
    return {row[0]: int(row[1]) for row in db.session.execute(statement)}


def _last_seen(member_ids: Sequence[int]) -> dict[int, datetime]:
    statement = (
        select(Login.member_id, func.max(Login.last_seen_at))
        .where(Login.member_id.in_(member_ids))
        .group_by(Login.member_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement) if row[0] is not None}
