"""How far entries may be chained: up to which id no transaction can still bring one.

On SQLite writers follow one another, so ids become visible in their order and everything that is visible is settled.

On PostgreSQL they do not: entry 5 may be committed after entry 6, and a link that ends at 6 would never hold 5.  So the
highest visible id is **marked**, together with the number of the transaction that writes the mark.  Whoever still carries
a smaller id had locked an account, and so had a number of its own, before the marked entry was committed: its number is
below the mark's.  Once every transaction up to the mark's number has ended, nothing can come before the marked entry any
more.  Nobody waits for this: the mark stands in the chain's head, and the next run looks again.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, text, update

from shop.extensions import db, table_of
from shop.models import ChainHead, PointsEntry

ONLY = 1
HEADS = table_of(ChainHead)
HEAD = select(
    HEADS.c.links,
    HEADS.c.entries,
    HEADS.c.last_entry_id,
    HEADS.c.hash,
    HEADS.c.mark_entry_id,
    HEADS.c.mark_transaction,
).where(HEADS.c.id == ONLY)
NEWEST = select(func.coalesce(func.max(PointsEntry.id), 0))
IN_FLIGHT = text(
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
)
MARK = (
    update(HEADS)
    .where(HEADS.c.last_entry_id == bindparam("chained"), HEADS.c.mark_entry_id == bindparam("seen"))
    .values(mark_entry_id=bindparam("newest"), mark_transaction=text("pg_current_xact_id()::text::bigint"))
)


@dataclass(frozen=True)
class Head:
    """The end of the chain, and the mark up to which it may grow once the mark's transaction is the past."""

    links: int
    entries: int
    last_entry_id: int
    hash: str
    mark_entry_id: int
    mark_transaction: int | None


def head() -> Head:
    """The end of the chain as it stands now."""
    row = db.session.execute(HEAD).one()
    return Head(*row)


def newest_entry_id() -> int:
    """The highest entry that can be seen; 0 in an empty book."""
    return int(db.session.scalar(NEWEST) or 0)


def settled_entry_id(end: Head) -> int:
    """The id up to which every entry that will ever be is visible now."""
    if not _is_postgres():
        return newest_entry_id()
    if end.mark_transaction is None or not _is_past(end.mark_transaction):
        return end.last_entry_id
    return end.mark_entry_id


def wants_mark(end: Head, newest: int) -> bool:
    """Whether entries wait and no mark leads to them: none was written, it is used up, or it will never be the past."""
    if not _is_postgres() or newest <= end.last_entry_id:
        return False
    if end.mark_transaction is None or end.mark_entry_id <= end.last_entry_id:
        return True
    return _is_of_another_cluster(end.mark_transaction)


def mark(end: Head, newest: int) -> bool:
    """Write the mark.  ``newest`` was read before this transaction wrote anything.  False: another was first."""
    values = {"chained": end.last_entry_id, "seen": end.mark_entry_id, "newest": newest}
    return bool(db.session.execute(MARK, values).rowcount)  # type: ignore[attr-defined]


def _is_past(transaction: int) -> bool:
    """Whether this transaction and every one that began before it have ended."""
    oldest_running, _next = db.session.execute(IN_FLIGHT).one()
    return int(oldest_running) > transaction


def _is_of_another_cluster(transaction: int) -> bool:
    """A restored copy counts its transactions anew: a mark from the future would wait for ever."""
    _oldest, next_transaction = db.session.execute(IN_FLIGHT).one()
    return int(next_transaction) <= transaction


def _is_postgres() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"
