"""What a member changes about themselves: name, picture, birthday, language, colours, password."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select, update

from shop.books import logins, outbox
from shop.books.rulebooks import occasion_at
from shop.books.tiers.birthdays import index_of
from shop.crypto import seal
from shop.errors import BirthdayFixed, InvalidInput, PasswordTooCommon, WrongPassword
from shop.extensions import db
from shop.models import Member
from shop.rules.engagement.profile import APART, FIXED_CHOICES, asked_for
from shop.services.members.attempts import PASSWORD_OF_MEMBER, count_attempts
from shop.services.members.passwords import hash_password, is_too_common, password_matches
from shop.transaction import transaction

ANSWER_MAX = 40
LEAP_DAY = (2, 29)


def change_profile(member_id: int, *, name: str, avatar: str) -> None:
    """Set the name that the shop calls a member, and the picture beside it."""
    _set(member_id, name=name, avatar=avatar)


def choose_language(member_id: int, locale: str) -> None:
    """Remember the language of pages and texts for a member."""
    _set(member_id, locale=locale)


def choose_theme(member_id: int, theme: str | None) -> None:
    """Remember light or dark; None follows the device."""
    _set(member_id, theme=theme)


def set_birthday(member_id: int, birthday: date, *, today: date, now: datetime) -> None:
    """Set the birthday, once in twelve months, because gifts hang on it.  Raises BirthdayFixed when it is too early."""
    with transaction() as session:
        member = session.get_one(Member, member_id, with_for_update=True)
        if member.birthday_changed_on and today < _a_year_after(member.birthday_changed_on):
            raise BirthdayFixed(_a_year_after(member.birthday_changed_on))
        member.birthday_sealed = seal(birthday.isoformat())
        member.birthday_index = index_of(birthday)
        member.birthday_changed_on = today
        outbox.put_once(
            "profile_changed", f"profile_changed:{member_id}:{today}", now, {"member_id": member_id}
        )


def tell_more(member_id: int, answers: Mapping[str, str], now: datetime) -> None:
    """Keep what a member tells about themselves beside name and birthday; an empty answer takes one back.

    Only what the rulebook in force asks for is kept; what it asked before stays as it is.  Raises InvalidInput.
    """
    rule = occasion_at(now).rulebook.profile
    offered = {**FIXED_CHOICES, **{each.code: each.choices for each in rule.own}}
    for code, answer in answers.items():
        is_asked = code in asked_for(rule) and code not in APART
        is_offered = not answer or code not in offered or answer in offered[code]
        if not is_asked or not is_offered or len(answer) > ANSWER_MAX:
            raise InvalidInput
    with transaction() as session:
        member = session.get_one(Member, member_id, with_for_update=True)
        told = {**member.profile, **answers}
        member.profile = {code: answer for code, answer in told.items() if answer}
        key = f"profile_changed:{member_id}:{now.isoformat()}"
        outbox.put_once("profile_changed", key, now, {"member_id": member_id})


def change_password(member_id: int, *, old: str, new: str, token: str, now: datetime) -> int:
    """Set a new password and end every login but the one of ``token``.  Returns how many ended.

    A member who has none yet (registered with a code) needs no old one.  Raises WrongPassword, PasswordTooCommon,
    TooManyRequests.
    """
    if is_too_common(new):
        raise PasswordTooCommon
    with transaction():
        refusal = count_attempts(((PASSWORD_OF_MEMBER, str(member_id)),), now)
    if refusal:
        raise refusal
    kept = db.session.scalar(select(Member.password_hash).where(Member.id == member_id))
    if kept is not None and not password_matches(kept, old):
        raise WrongPassword
    fresh = hash_password(new)
    with transaction() as session:
        statement = (
            update(Member)
            .where(Member.id == member_id, Member.password_hash.is_not_distinct_from(kept))
            .values(password_hash=fresh)
        )
        changed = session.execute(statement, execution_options={"synchronize_session": False})
        if not changed.rowcount:  # type: ignore[attr-defined]
            raise WrongPassword  # another device changed it meanwhile: the old one is no longer right
        return logins.end_others(token, now, member_id=member_id)


def _set(member_id: int, **values: object) -> None:
    with transaction() as session:
        session.execute(
            update(Member).where(Member.id == member_id).values(**values),
            execution_options={"synchronize_session": False},
        )


def _a_year_after(day: date) -> date:
    if (day.month, day.day) == LEAP_DAY:
        return date(day.year + 1, 3, 1)
    return day.replace(year=day.year + 1)
