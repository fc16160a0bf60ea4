"""The outbox: what happened, written in the transaction in which it happened, told afterwards by the worker."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shop.extensions import db, table_of
from shop.models import OutboxEvent, OutboxReceipt
from shop.models.columns import JsonObject

LEASE = timedelta(seconds=60)
TRIES_MAX = 12
QUIET = {"synchronize_session": False}
NEW_EVENT = insert(table_of(OutboxEvent))
NEW_RECEIPT = insert(table_of(OutboxReceipt))
RECEIPT = select(OutboxReceipt.event_id).where(
    OutboxReceipt.event_id == bindparam("event"), OutboxReceipt.reaction == bindparam("by")
)
DUE = (
    select(OutboxEvent.id)
    .where(
        OutboxEvent.state == "queued",
        OutboxEvent.run_at <= bindparam("now"),
        (OutboxEvent.leased_until_at.is_(None)) | (OutboxEvent.leased_until_at <= bindparam("now")),
    )
    .order_by(OutboxEvent.run_at, OutboxEvent.id)
    .limit(bindparam("most"))
)
CLAIM = (
    update(OutboxEvent)
    .where(OutboxEvent.id.in_(DUE.with_for_update(skip_locked=True)))
    .values(leased_until_at=bindparam("lease_ends_at"), tries=OutboxEvent.tries + 1)
    .returning(OutboxEvent.id, OutboxEvent.kind, OutboxEvent.payload)
)


def put(kind: str, key: str, now: datetime, payload: JsonObject, *, run_at: datetime | None = None) -> None:
    """Write an event.  ``key`` is unique: the same thing happens once.  ``run_at`` later than now: a reminder."""
    db.session.execute(NEW_EVENT, _row(kind, key, now, payload, run_at or now))


def put_once(kind: str, key: str, now: datetime, payload: JsonObject) -> None:
    """Write an event that several may come to write at one moment: the first does."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(table_of(OutboxEvent)).values(_row(kind, key, now, payload, now))
    db.session.execute(row.on_conflict_do_nothing(index_elements=["key"]))


def put_all(kinds: Sequence[str], noun_id: int, now: datetime, payload: JsonObject) -> None:
    """Write what happened to one thing at one moment, in this order; each key is the kind and the thing's id."""
    db.session.execute(NEW_EVENT, [_row(kind, f"{kind}:{noun_id}", now, payload, now) for kind in kinds])


def _row(kind: str, key: str, now: datetime, payload: JsonObject, run_at: datetime) -> JsonObject:
    return {
        "kind": kind,
        "key": key,
        "payload": payload,
        "state": "queued",
        "created_at": now,
        "run_at": run_at,
    }


def is_known(key: str) -> bool:
    """Whether an event was written under this key before."""
    return db.session.scalar(select(OutboxEvent.id).where(OutboxEvent.key == key)) is not None


def is_anything_due(now: datetime) -> bool:
    """Whether an event waits for a worker.  Only reads: a shop at rest takes no write lock."""
    return db.session.scalar(DUE, {"now": now, "most": 1}) is not None


def claim(now: datetime, limit: int) -> list[tuple[int, str, JsonObject]]:
    """Lease due events to this worker for a minute: (id, kind, payload).  A worker that dies loses only its lease."""
    values = {"now": now, "most": limit, "lease_ends_at": now + LEASE}
    rows = db.session.execute(CLAIM, values, execution_options=QUIET).all()
    return sorted((row.id, row.kind, row.payload) for row in rows)


def has_run(event_id: int, reaction: str) -> bool:
    """Whether a reaction to an event is already written down."""
    return db.session.scalar(RECEIPT, {"event": event_id, "by": reaction}) is not None


def write_receipt(event_id: int, reaction: str, now: datetime) -> None:
    """Write down that a reaction ran, in its own transaction: a second worker fails on the primary key."""
    db.session.execute(NEW_RECEIPT, {"event_id": event_id, "reaction": reaction, "at": now})


def finish(event_id: int, now: datetime) -> None:
    """All reactions to an event have run."""
    _set(event_id, state="done", done_at=now, leased_until_at=None, last_error=None)


def postpone(event_id: int, now: datetime, error: str) -> None:
    """A reaction failed: try again later, each time twice as late; give up (dead) after the last try."""
    tries = db.session.scalar(
        select(OutboxEvent.tries).where(OutboxEvent.id == bindparam("event")), {"event": event_id}
    )
    tries = tries or 1
    state = "dead" if tries >= TRIES_MAX else "queued"
    later = now + timedelta(seconds=min(3600, 2**tries))
    _set(event_id, state=state, run_at=later, leased_until_at=None, last_error=error[:300])


def _set(event_id: int, **values: object) -> None:
    db.session.execute(
        update(OutboxEvent).where(OutboxEvent.id == event_id).values(**values), execution_options=QUIET
    )
