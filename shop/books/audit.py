"""The audit trail of the back office: append-only, each row chained to the one before by its hash (A2, A3)."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, text

from shop.extensions import db, table_of
from shop.models import AuditEntry
from shop.models.columns import JsonObject

FIRST_HASH = "0" * 64
CHAIN_LOCK = 7_202_611  # any number that no other advisory lock uses
BATCH = select(AuditEntry).where(AuditEntry.id > bindparam("last_id")).order_by(AuditEntry.id).limit(500)
NEW_ROW = insert(table_of(AuditEntry))


def record(
    *,
    staff_id: int | None,
    action: str,
    subject: str,
    now: datetime,
    before: JsonObject | None = None,
    after: JsonObject | None = None,
    reason: str = "",
) -> None:
    """Write who did what, in the same transaction as the deed.  Call it last: the chain's end is one hot place."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})
    last = db.session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)) or FIRST_HASH
    row: dict[str, Any] = {
        "at": now,
        "staff_id": staff_id,
        "action": action,
        "subject": subject,
        "before": before,
        "after": after,
        "reason": reason,
    }
    db.session.execute(NEW_ROW, {**row, "previous_hash": last, "hash": _hash(last, row)})


def first_broken() -> tuple[int, int | None]:
    """Walk the chain.  Returns how many rows are sound, and the id of the first broken row, or None."""
    sound, last = 0, FIRST_HASH
    for entry in _all():
        if entry.previous_hash != last or entry.hash != _hash(last, _row_of(entry)):
            return sound, entry.id
        sound, last = sound + 1, entry.hash
    return sound, None


def is_sound(entry: AuditEntry) -> bool:
    """Whether a row still is what was written.  That none is missing before it, only the whole chain can tell."""
    return entry.hash == _hash(entry.previous_hash, _row_of(entry))


def _all() -> Iterator[AuditEntry]:
    """The whole chain, first row to last, in batches: the walk may stop anywhere and leaves no cursor open."""
    last_id = 0
    while rows := db.session.scalars(BATCH, {"last_id": last_id}).all():
        yield from rows
        last_id = rows[-1].id


def _row_of(entry: AuditEntry) -> dict[str, Any]:
    names = ("at", "staff_id", "action", "subject", "before", "after", "reason")
    return {name: getattr(entry, name) for name in names}


def _hash(previous: str, row: dict[str, Any]) -> str:
    plain = {**row, "at": row["at"].astimezone(UTC).isoformat()}  # a moment may be told in any zone
    body = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()
