"""The rulebook is written as a draft and published as the next version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from shop.books import audit, outbox
from shop.books.rulebooks import lock_publication, occasion_at, publish
from shop.errors import DraftMissing, PublicationTooEarly, RulebookRefused
from shop.extensions import db
from shop.models import OutboxEvent, RulebookDraft, RulebookVersion
from shop.rules.rulebook import (
    DEFAULT_RULEBOOK,
    Rulebook,
    RulebookInvalid,
    changes_between,
    parse_rulebook,
    rulebook_document,
)
from shop.transaction import transaction

THE_DRAFT = 1
NOTE_LENGTH_MAX = 200
QUIET = {"synchronize_session": False}


@dataclass(frozen=True)
class Publication:
    """Who publishes, when, from when on, and the key under which a repeat is known."""

    effective_at: datetime
    staff_id: int | None
    note: str
    now: datetime
    key: str

    @property
    def event_key(self) -> str:
        return f"rulebook_published:{self.key}"


def publish_rulebook(
    document: Mapping[str, object],
    *,
    effective_at: datetime | None,
    staff_id: int | None,
    note: str,
    now: datetime,
    key: str,
) -> int:
    """Publish a document as the next version, in force from ``effective_at`` (None: at once).  Returns the version.

    The draft ends with it.  The same ``key`` again publishes nothing and returns the first version.  Raises
    RulebookRefused with every fault, and PublicationTooEarly for a moment that has passed.
    """
    rulebook = _sound(document)
    publication = Publication(effective_at or now, staff_id, note.strip()[:NOTE_LENGTH_MAX], now, key)
    with transaction():
        lock_publication()
        return _published_before(publication) or _publish(rulebook, publication)


def publish_draft(
    *, effective_at: datetime | None, staff_id: int | None, note: str, now: datetime, key: str
) -> int:
    """Publish the draft as it stands, like :func:`publish_rulebook`.  Raises DraftMissing when there is none."""
    publication = Publication(effective_at or now, staff_id, note.strip()[:NOTE_LENGTH_MAX], now, key)
    with transaction() as session:
        lock_publication()
        if version := _published_before(publication):
            return version
        document = session.scalar(select(RulebookDraft.document))
        if document is None:
            raise DraftMissing
        return _publish(_sound(document), publication)


def _published_before(publication: Publication) -> int | None:
    """The version that the same key published, if it did."""
    statement = select(OutboxEvent.payload).where(OutboxEvent.key == publication.event_key)
    payload = db.session.scalar(statement)
    return int(payload["version"]) if payload else None


def _publish(rulebook: Rulebook, publication: Publication) -> int:
    if publication.effective_at < publication.now:
        raise PublicationTooEarly
    now, starts_at = publication.now, publication.effective_at
    before, after = _differences(rulebook, now)
    version = publish(
        rulebook, effective_at=starts_at, staff_id=publication.staff_id, note=publication.note, now=now
    )
    db.session.execute(delete(RulebookDraft), execution_options=QUIET)
    outbox.put("rulebook_published", publication.event_key, now, {"version": version})
    audit.record(
        staff_id=publication.staff_id,
        action="rulebook.publish",
        subject=f"rulebook:{version}",
        now=now,
        before=before,
        after={**after, "effective_at": starts_at.isoformat()},
        reason=publication.note,
    )
    return version


def install_default_rulebook(now: datetime) -> int | None:
    """Publish the default rulebook when there is none yet.  Returns its version, or None when nothing was to do."""
    with transaction() as session:
        lock_publication()
        if session.scalar(select(RulebookVersion.id).limit(1)) is not None:
            return None
        return publish(DEFAULT_RULEBOOK, effective_at=now, staff_id=None, note="", now=now)


def save_draft(document: Mapping[str, Any], *, staff_id: int | None, now: datetime) -> None:
    """Keep the one draft.  It may have faults; only publication asks for a sound document."""
    values = {"document": dict(document), "updated_at": now, "updated_by_staff_id": staff_id}
    with transaction() as session:
        lock_publication()
        changed = session.execute(
            update(RulebookDraft).where(RulebookDraft.id == THE_DRAFT).values(values), execution_options=QUIET
        )
        if changed.rowcount == 0:  # type: ignore[attr-defined]
            session.execute(insert(RulebookDraft).values(id=THE_DRAFT, **values))
        audit.record(
            staff_id=staff_id, action="rulebook.save_draft", subject="rulebook:draft", now=now, reason=""
        )


def discard_draft(*, staff_id: int | None, now: datetime) -> None:
    """Throw the draft away.  Without one nothing happens."""
    with transaction() as session:
        gone = session.execute(delete(RulebookDraft), execution_options=QUIET)
        if gone.rowcount:  # type: ignore[attr-defined]
            audit.record(
                staff_id=staff_id, action="rulebook.discard_draft", subject="rulebook:draft", now=now
            )


def _sound(document: Mapping[str, object]) -> Rulebook:
    try:
        return parse_rulebook(document)
    except RulebookInvalid as invalid:
        raise RulebookRefused(invalid.faults) from invalid


def _differences(rulebook: Rulebook, now: datetime) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """What the audit row shows: the values that change, before and after; the whole document for the first version."""
    if (
        db.session.scalar(select(RulebookVersion.id).where(RulebookVersion.effective_at <= now).limit(1))
        is None
    ):
        return None, rulebook_document(rulebook)
    changes = changes_between(occasion_at(now).rulebook, rulebook)
    return {change.path: change.old for change in changes}, {change.path: change.new for change in changes}
