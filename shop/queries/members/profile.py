"""What the settings page shows of a member, and how full the profile is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from shop.books.points.facts import facts_of
from shop.books.rulebooks import occasion_at
from shop.crypto import unseal
from shop.extensions import db
from shop.models import Deed, Member
from shop.rules.engagement.profile import APART, FIXED_CHOICES, asked_for, is_full, missing_from
from shop.rules.points.earning import evaluate
from shop.rules.points.occurrences import Occurrence
from shop.rules.rulebook import Rulebook

COMPLETED = "profile_completed"


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
    more: Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """Something that the shop asks for.  ``name`` is the shop's own; None: ``code`` has words.  No choices: free text."""

    code: str
    name: str | None
    choices: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class Progress:
    """How full a profile is: ``asked`` in all, ``missing`` of them, and what a full one earns (0: nothing, or paid)."""

    asked: tuple[Asked, ...]
    missing: tuple[Asked, ...]
    points: int
    is_paid: bool

    @property
    def more(self) -> tuple[Asked, ...]:
        """What stands in the form: name and birthday have forms of their own."""
        return tuple(each for each in self.asked if each.code not in APART)

    @property
    def percent(self) -> int:
        return 100 - len(self.missing) * 100 // len(self.asked) if self.asked else 0


PROFILE = select(
    Member.name,
    Member.avatar,
    Member.phone_sealed,
    Member.birthday_sealed,
    Member.birthday_changed_on,
    Member.locale,
    Member.theme,
    Member.password_hash.is_not(None).label("has_password"),
    Member.profile,
).where(Member.id == bindparam("member_id"))


PAID = select(Deed.id).where(Deed.event == COMPLETED, Deed.key == bindparam("key"))


def is_profile_complete(member_id: int, now: datetime) -> bool:
    """Whether a member has told everything that the rulebook in force asks for."""
    row = db.session.execute(PROFILE, {"member_id": member_id}).one()
    return is_full(_filled(row), occasion_at(now).rulebook.profile)


def profile_progress(member_id: int, now: datetime) -> Progress:
    """What the shop asks of a member, what is missing, and what filling it earns."""
    occasion = occasion_at(now)
    row = db.session.execute(PROFILE, {"member_id": member_id}).one()
    filled = _filled(row)
    asked = tuple(_asked(code, filled, occasion.rulebook) for code in asked_for(occasion.rulebook.profile))
    missing = missing_from(filled, occasion.rulebook.profile)
    is_paid = db.session.scalar(PAID, {"key": f"member:{member_id}"}) is not None
    points = 0
    if not is_paid and any(rule.event == COMPLETED for rule in occasion.rulebook.rules):
        facts = facts_of(member_id, occasion, event=COMPLETED)
        occurrence = Occurrence(event=COMPLETED, at=now, zone=occasion.zone, member=facts)
        points = sum(award.points for award in evaluate(occurrence, occasion.rulebook).awards)
    return Progress(asked, tuple(each for each in asked if each.code in missing), points, is_paid)


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
        more=dict(row.profile),
    )


def _filled(row: Any) -> dict[str, str]:
    """Everything that a member has told, by its code."""
    return {**row.profile, "name": row.name, "birthday": row.birthday_sealed or ""}


def _asked(code: str, filled: Mapping[str, str], rulebook: Rulebook) -> Asked:
    own = next((each for each in rulebook.profile.own if each.code == code), None)
    choices = own.choices if own else FIXED_CHOICES.get(code, ())
    return Asked(code, own.name if own else None, choices, "" if code in APART else filled.get(code, ""))
