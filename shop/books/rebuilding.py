"""Values that are derived and stored: derived once more from the journals, and compared with what is stored (L8).

A ``Derivation`` names the stored columns and says how to find, for a range of ids, the rows that differ from what the
journals say.  It only reads, slice by slice; ``put_right`` writes the derived values, and is never called by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, Table, func, insert, select, text, update

from shop.books.checking import Slice
from shop.extensions import db

IDS_IN_A_SLICE = 5_000
Found = Sequence[Sequence[Any]]
Find = Callable[[int, int], Found]


@dataclass(frozen=True)
class Derivation:
    """``columns`` of ``table``, each row named by ``keys``, follow from the journals.

    ``find(after, upto)`` answers with the rows that differ: the keys, then for each column the stored and the derived
    value; a stored None is a row that is missing.  Slices are ranges of ``along`` of the table ``walk``.
    ``is_final`` values stand in a journal and cannot be put right, only shown.
    """

    name: str
    table: Table
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    find: Find
    walk: Table
    within: str
    is_final: bool = False

    def look(self, after: int) -> Slice:
        """The rows of the next range of ids that differ."""
        upto = self.end_of_slice(after)
        if upto is None:
            return Slice(0)
        range_of_ids = self.table.c[self.within].between(after + 1, upto)
        rows = db.session.scalar(select(func.count()).select_from(self.table).where(range_of_ids)) or 0
        told = tuple(self._told(row) for row in self.find(after, upto))
        return Slice(rows, told, next_after=upto)

    def end_of_slice(self, after: int) -> int | None:
        """The last id of the slice that begins behind ``after``; None at the end."""
        ids = (
            select(self.walk.c.id)
            .where(self.walk.c.id > after)
            .order_by(self.walk.c.id)
            .limit(IDS_IN_A_SLICE)
        )
        last: int | None = db.session.scalar(select(func.max(ids.subquery().c.id)))
        return last

    def put_right(self, after: int, upto: int) -> list[tuple[Any, ...]]:
        """Write what the journals say into the rows that differ.  Returns these, as ``look`` tells them."""
        assert not self.is_final, "a journal is not rewritten"
        self._keep_writers_out()
        return [self._put_right(row) for row in self.find(after, upto)]

    def _keep_writers_out(self) -> None:
        """SQLite's writers follow one another anyway; on PostgreSQL they wait for these few milliseconds."""
        if db.session.get_bind().dialect.name == "postgresql":
            db.session.execute(text(f"LOCK TABLE {self.table.name} IN EXCLUSIVE MODE"))

    def _put_right(self, row: Sequence[Any]) -> tuple[Any, ...]:
        keys = {name: self._as_stored(name, value) for name, value in zip(self.keys, row, strict=False)}
        derived = dict(zip(self.columns, row[len(self.keys) + 1 :: 2], strict=True))
        this_row = [self.table.c[name] == value for name, value in keys.items()]
        changed = db.session.execute(update(self.table).where(*this_row).values(derived))
        if changed.rowcount == 0:  # type: ignore[attr-defined]
            db.session.execute(insert(self.table).values(keys | derived))
        return self._told(row)

    def _as_stored(self, name: str, value: Any) -> Any:
        is_day = isinstance(self.table.c[name].type, Date) and isinstance(value, str)
        return date.fromisoformat(value) if is_day else value

    def _told(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """A difference as people read it: which row, then each column that differs, stored and derived."""
        count = len(self.keys)
        pairs = zip(self.columns, row[count::2], row[count + 1 :: 2], strict=True)
        differing = tuple(
            f"{name}: {stored} stored, {derived} derived"
            for name, stored, derived in pairs
            if stored != derived
        )
        return (*(str(key) for key in row[:count]), *differing)


def by_sql(sql: str) -> Find:
    """Find the rows that differ by one statement with ``:after`` and ``:upto``; what it sees is one moment.

    PostgreSQL adds whole numbers up to a decimal: it is made whole again.
    """

    def find(after: int, upto: int) -> Found:
        rows = db.session.execute(text(sql), {"after": after, "upto": upto})
        return [[int(value) if isinstance(value, Decimal) else value for value in row] for row in rows]

    return find
