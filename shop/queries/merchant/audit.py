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
TEXT_LENGTH_MAX = 200


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
        Change(name, *_told(old.get(name), new.get(name)))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    )


def _told(old: Any, new: Any) -> tuple[str | None, str | None]:
    """Both sides as text; of two lists (prizes, variants) only the entries that differ."""
    if isinstance(old, list) and isinstance(new, list):
        old, new = [each for each in old if each not in new], [each for each in new if each not in old]
    return _text(old), _text(new)


def _text(value: Any) -> str | None:
    if value is None or value == []:
        return None
    if isinstance(value, list):
        return "; ".join(_text(each) or "" for each in value)[:TEXT_LENGTH_MAX]
    if isinstance(value, dict):
        return _parts(value)
    return str(value)[:TEXT_LENGTH_MAX]


def _parts(value: JsonObject) -> str:
    """Pieces by order line are told as how many in all, anything else by its parts."""
    if value and all(isinstance(each, int) and name.isdigit() for name, each in value.items()):
        return str(sum(value.values()))
    return " / ".join(str(each) for each in value.values() if each not in (None, "", []))
