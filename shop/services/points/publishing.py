"""The rulebook is written as a draft and published as the next version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from shop.books import approvals, audit
from shop.books.publications import Publication, check_moment, make_version, published_before, withdraw
from shop.books.rulebooks import lock_publication, occasion_at, publish
from shop.errors import ApprovalWaiting, DraftMissing, RulebookRefused, SecondPersonNeeded
from shop.extensions import db
from shop.models import RulebookDraft, RulebookVersion
from shop.rules.rulebook import (
    DEFAULT_RULEBOOK,
    Rulebook,
    RulebookInvalid,
    parse_rulebook,
    rulebook_document,
)
from shop.transaction import transaction

THE_DRAFT = 1
NOTE_LENGTH_MAX = 200
QUIET = {"synchronize_session": False}


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

    A draft of the same content ends with it.  The same ``key`` again publishes nothing and returns the first version.
    Raises RulebookRefused with every fault, PublicationTooEarly for a moment that has passed, NoticeTooShort when
    members lose by it and the moment is too near, and SecondPersonNeeded when the rules ask for one.
    """
    rulebook = _sound(document)
    publication = Publication(effective_at, staff_id, _short(note), now, key)
    with transaction():
        lock_publication()
        if version := published_before(key):
            return version
        _refuse_alone(now)
        return make_version(rulebook, publication)


def publish_draft(
    *, effective_at: datetime | None, staff_id: int | None, note: str, now: datetime, key: str
) -> int:
    """Publish the draft as it stands, like :func:`publish_rulebook`.  Raises DraftMissing when there is none."""
    with transaction():
        lock_publication()
        if version := published_before(key):
            return version
        rulebook = _sound(_draft())
        _refuse_alone(now)
        return make_version(rulebook, Publication(effective_at, staff_id, _short(note), now, key))


def ask_to_publish_draft(
    *, effective_at: datetime | None, staff_id: int, note: str, now: datetime, key: str
) -> int:
    """Ask for a second person to publish the draft as it stands now.  Returns the approval.

    The draft stays and may go on; what was asked for does not follow it.  The same ``key`` again returns the first.
    Refuses like :func:`publish_draft`, so that nobody approves what could not be published; raises ApprovalWaiting
    while another publication waits.
    """
    with transaction():
        lock_publication()
        rulebook = _sound(_draft())
        check_moment(rulebook, Publication(effective_at, staff_id, _short(note), now, key))
        payload = {
            "document": rulebook_document(rulebook),
            "effective_at": effective_at.isoformat() if effective_at else None,
        }
        is_first = not approvals.is_known("publication", key)
        if is_first and approvals.is_waiting("publication"):
            raise ApprovalWaiting
        asked = approvals.ask(
            "publication", "rulebook:0", payload, key=key, reason=_short(note), staff_id=staff_id, now=now
        )
        if is_first:
            audit.record(
                staff_id=staff_id, action="approval.ask", subject=f"approval:{asked}", now=now, reason=note
            )
        return asked


def withdraw_version(version: int, *, staff_id: int, reason: str, now: datetime) -> bool:
    """Take back a version before it starts; members who were told of it are told so.  False on a repeat.

    Raises NotFound, VersionStarted and LaterVersionScheduled.
    """
    with transaction():
        lock_publication()
        return withdraw(version, staff_id=staff_id, reason=_short(reason), now=now)


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


def _refuse_alone(now: datetime) -> None:
    """Raises SecondPersonNeeded when the rules in force ask for one; a shop without rules has nobody to ask."""
    try:
        needed = occasion_at(now).rulebook.publishing.second_person
    except LookupError:
        return
    if needed:
        raise SecondPersonNeeded


def _draft() -> Mapping[str, object]:
    document: Mapping[str, object] | None = db.session.scalar(select(RulebookDraft.document))
    if document is None:
        raise DraftMissing
    return document


def _sound(document: Mapping[str, object]) -> Rulebook:
    try:
        return parse_rulebook(document)
    except RulebookInvalid as invalid:
        raise RulebookRefused(invalid.faults) from invalid


def _short(text: str) -> str:
    return text.strip()[:NOTE_LENGTH_MAX]
