"""The rulebook in force, its versions, and the draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from shop.books.rulebooks import occasion_at, rulebook_of
from shop.extensions import db
from shop.models import RulebookDraft, RulebookVersion, Staff
from shop.rules.faults import Fault
from shop.rules.rulebook import (
    DEFAULT_RULEBOOK,
    OPTIONAL_SECTIONS,
    Rule,
    Rulebook,
    RulebookInvalid,
    parse_rulebook,
    rulebook_document,
)
from shop.rules.rulebook.shapes import FAULTY, record_of

RULE = record_of(Rule)
VERSIONS = (
    select(
        RulebookVersion.id,
        RulebookVersion.note,
        RulebookVersion.effective_at,
        RulebookVersion.published_at,
        Staff.name.label("staff_name"),
        RulebookVersion.document,
        RulebookVersion.withdrawn_at,
    )
    .outerjoin(Staff, Staff.id == RulebookVersion.published_by_staff_id)
    .order_by(RulebookVersion.effective_at, RulebookVersion.id)
)
DRAFT = select(RulebookDraft.document, RulebookDraft.updated_at, Staff.name.label("staff_name")).outerjoin(
    Staff, Staff.id == RulebookDraft.updated_by_staff_id
)


@dataclass(frozen=True)
class PublishedRulebook:
    """A version.  It is in force from ``effective_at`` until ``until_at`` (None: nothing follows it yet).

    ``before`` is the rulebook that it followed.
    """

    version: int
    note: str
    effective_at: datetime
    until_at: datetime | None
    published_at: datetime
    staff_name: str | None
    rulebook: Rulebook
    before: Rulebook | None
    state: str
    withdrawn_at: datetime | None = None

    @property
    def is_in_force(self) -> bool:
        return self.state == "in_force"


@dataclass(frozen=True)
class Draft:
    """The draft; ``rulebook`` is None while it has faults."""

    document: Mapping[str, Any]
    updated_at: datetime
    staff_name: str | None
    rulebook: Rulebook | None
    faults: tuple[Fault, ...]


def rulebook_in_force(now: datetime) -> Rulebook:
    """The rulebook of this moment.  Raises LookupError when none was ever published."""
    return occasion_at(now).rulebook


def listens_to(event: str, now: datetime) -> bool:
    """Whether some rule in force rewards an event: what nobody listens to need not be written down."""
    return any(rule.event == event for rule in rulebook_in_force(now).rules)


def rulebook_versions(now: datetime) -> tuple[PublishedRulebook, ...]:
    """Every version, the latest to take effect first; ``state`` is scheduled, in_force, past or withdrawn."""
    rows = db.session.execute(VERSIONS).all()
    counting = [row for row in rows if row.withdrawn_at is None]
    started = [(row.effective_at, row.id) for row in counting if row.effective_at <= now]
    current = max(started, default=None)
    published = []
    before: Rulebook | None = None
    for row in rows:
        rulebook = rulebook_of(row.document)
        later = (
            each.effective_at
            for each in counting
            if (each.effective_at, each.id) > (row.effective_at, row.id)
        )
        until_at = None if row.withdrawn_at else next(later, None)
        published.append(_published(row, rulebook, before, until_at, _state(row, current)))
        before = before if row.withdrawn_at else rulebook
    return tuple(reversed(published))


def rulebook_version(version: int, now: datetime) -> PublishedRulebook | None:
    """One version; None when there is no such number."""
    return next((each for each in rulebook_versions(now) if each.version == version), None)


def rulebook_draft() -> Draft | None:
    """The draft that is being written, if any."""
    row = db.session.execute(DRAFT).one_or_none()
    if row is None:
        return None
    faults = faults_of(row.document)
    rulebook = None if faults else parse_rulebook(row.document)
    return Draft(row.document, row.updated_at, row.staff_name, rulebook, faults)


def document_of(rulebook: Rulebook) -> dict[str, Any]:
    """The document from which a draft starts."""
    return rulebook_document(rulebook)


def complete_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """A draft with the sections that came after it was written, as they stand when nobody has said anything."""
    later = {
        name: value
        for name, value in rulebook_document(DEFAULT_RULEBOOK).items()
        if name in OPTIONAL_SECTIONS
    }
    return {**later, **document}


def document_to_edit(now: datetime) -> dict[str, Any]:
    """The draft, or the version in force when there is none.  Raises LookupError when none was ever published."""
    found = rulebook_draft()
    document = found.document if found else rulebook_document(rulebook_in_force(now))
    return complete_document(document)


def rules_to_edit(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rules of a document as far as a form can show them; a program may have kept others in the draft."""
    rules = document["rules"]
    if not isinstance(rules, list):
        return []
    return [rule for rule in rules if isinstance(rule, dict) and RULE.read(rule, "", []) is not FAULTY]


def rulebook_of_document(document: Mapping[str, Any]) -> Rulebook | None:
    """The rulebook of a document that was kept; None when it is not sound any more."""
    return None if faults_of(document) else parse_rulebook(document)


def rules_of(document: Mapping[str, Any]) -> list[Rule]:
    """The same rules, read."""
    return [RULE.read(rule, "", []) for rule in rules_to_edit(document)]


def faults_of(document: Mapping[str, Any]) -> tuple[Fault, ...]:
    """What is wrong with a document; nothing when it could be published."""
    try:
        parse_rulebook(document)
    except RulebookInvalid as invalid:
        return invalid.faults
    return ()


def _state(row: Any, current: tuple[datetime, int] | None) -> str:
    if row.withdrawn_at is not None:
        return "withdrawn"
    place = (row.effective_at, row.id)
    if place == current:
        return "in_force"
    return "scheduled" if current is None or place > current else "past"


def _published(
    row: Any, rulebook: Rulebook, before: Rulebook | None, until_at: datetime | None, state: str
) -> PublishedRulebook:
    return PublishedRulebook(
        version=row.id,
        note=row.note,
        effective_at=row.effective_at,
        until_at=until_at,
        published_at=row.published_at,
        staff_name=row.staff_name,
        rulebook=rulebook,
        before=before,
        state=state,
        withdrawn_at=row.withdrawn_at,
    )
