"""The audit trail, for reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from shop.books.audit import first_broken, is_sound
from shop.extensions import db
from shop.models import AuditEntry, Staff
from shop.models.columns import JsonObject

PAGE = 40


@dataclass(frozen=True)
class Change:
    """One value that was changed; None where there was none."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Deed:
    """One row of the trail.  ``is_sound``: what stands there is what was written."""

    id: int
    at: datetime
    staff_name: str | None
    action: str
    subject: str
    changes: tuple[Change, ...]
    reason: str
    is_sound: bool


@dataclass(frozen=True)
class Deeds:
    """A page of the trail, newest first; ``next_before`` continues it."""

    rows: tuple[Deed, ...]
    next_before: int | None


def verify_chain() -> tuple[int, int | None]:
    """How many rows of the chain are sound, and the id of the first broken one."""
    return first_broken()


def deeds(
    *,
    before: int | None = None,
    staff_id: int | None = None,
    actions: Sequence[str] = (),
    subject: str = "",
    limit: int = PAGE,
) -> Deeds:
    """What was done, newest first.  Each filter narrows the list; ``before`` is the last id already shown."""
    statement = select(AuditEntry, Staff.name).outerjoin(Staff, Staff.id == AuditEntry.staff_id)
    if before is not None:
        statement = statement.where(AuditEntry.id < before)
    if staff_id is not None:
        statement = statement.where(AuditEntry.staff_id == staff_id)
    if actions:
        statement = statement.where(AuditEntry.action.in_(actions))
    if subject:
        statement = statement.where(AuditEntry.subject == subject)
    rows = db.session.execute(statement.order_by(AuditEntry.id.desc()).limit(limit + 1)).all()
    shown = tuple(_deed(entry, name) for entry, name in rows[:limit])
    return Deeds(shown, shown[-1].id if len(rows) > limit else None)


def _deed(entry: AuditEntry, staff_name: str | None) -> Deed:
    return Deed(
        id=entry.id,
        at=entry.at,
        staff_name=staff_name,
        action=entry.action,
        subject=entry.subject,
        changes=changes_of(entry.before, entry.after),
        reason=entry.reason,
        is_sound=is_sound(entry),
    )


def changes_of(before: JsonObject | None, after: JsonObject | None) -> tuple[Change, ...]:
    """The values that differ, in the order in which they were written."""
    old, new = before or {}, after or {}
    return tuple(
        Change(name, _text(old.get(name)), _text(new.get(name)))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)[:200]
