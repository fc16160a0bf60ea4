"""Writing derived values anew from the journals: the last resort after a break, and never done by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from shop.books import audit
from shop.books.rebuild import ALL_DERIVATIONS
from shop.books.rebuilding import Derivation
from shop.transaction import transaction

ROWS_TOLD = 10


@dataclass(frozen=True)
class PutRight:
    """How many rows of a kind were written anew."""

    name: str
    rows: int


def rebuild(now: datetime) -> tuple[PutRight, ...]:
    """Write what the journals say wherever something else is stored, and leave one row in the audit trail for each batch.

    Small transactions, one for each range of ids; a second run finds nothing to do.  What stands in a journal itself is
    never changed.
    """
    return tuple(
        PutRight(derivation.name, sum(_batches(derivation, now)))
        for derivation in ALL_DERIVATIONS
        if not derivation.is_final
    )


def _batches(derivation: Derivation, now: datetime) -> Iterator[int]:
    after = 0
    while (upto := derivation.end_of_slice(after)) is not None:
        if derivation.find(after, upto):
            yield _put_right(derivation, after, upto, now)
        after = upto


def _put_right(derivation: Derivation, after: int, upto: int, now: datetime) -> int:
    with transaction():
        rows = derivation.put_right(after, upto)
        if rows:
            told = "; ".join(" ".join(row) for row in rows[:ROWS_TOLD])
            audit.record(
                staff_id=None,
                action="books.rebuild",
                subject="books",
                now=now,
                after={"kind": derivation.name, "rows": len(rows)},
                reason=told[:300],
            )
    return len(rows)
