"""Working off the outbox: claim what is due, run each reaction once, and write down that it ran."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shop.books import outbox
from shop.models.columns import JsonObject
from shop.transaction import alongside, transaction

BATCH = 20


@dataclass(frozen=True)
class Due:
    """An event leased to this worker."""

    id: int
    kind: str
    payload: JsonObject


def claim_due_events(now: datetime, limit: int = BATCH) -> list[Due]:
    """Lease due events for a minute.  A worker that is killed loses only the lease: another one claims them again."""
    if not outbox.is_anything_due(now):
        return []
    with transaction():
        return [Due(*row) for row in outbox.claim(now, limit)]


def run_once(event: Due, reaction: str, deed: Callable[[], None], now: datetime) -> bool:
    """Run a reaction unless its receipt exists.  Its writes and the receipt are one commit.  False on a repeat."""
    if outbox.has_run(event.id, reaction):
        return False
    with alongside(lambda: outbox.write_receipt(event.id, reaction, now)):
        deed()
    return True


def finish_event(event: Due, now: datetime) -> None:
    """All reactions have run."""
    with transaction():
        outbox.finish(event.id, now)


def postpone_event(event: Due, now: datetime, error: str) -> None:
    """A reaction failed: the event comes back later; reactions that did run are not repeated."""
    with transaction():
        outbox.postpone(event.id, now, error)
