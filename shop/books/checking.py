"""How an invariant is proved: in slices that only read, one after another, so that nobody waits for a proof.

Most are a ``Check``: two SQL statements, one that counts what was looked at, one that finds what is wrong, in one slice.
What is long or needs more than SQL (the chain, values derived anew) is an ``Assertion`` with many slices.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import TextClause, text

from shop.extensions import db

OFFENDERS_SHOWN = 20
PATIENCE_MS = 300_000
UNESCAPED_COLON = re.compile(r"(?<!\\):")


@dataclass(frozen=True)
class Slice:
    """What a part of a proof found.  ``next_after`` is where the next part begins; None: this was the last."""

    rows_checked: int
    offenders: tuple[tuple[Any, ...], ...] = ()
    next_after: int | None = None


class Assertion(Protocol):
    """Something that must be true of the books."""

    @property
    def name(self) -> str:
        """The invariant, in words."""

    def look(self, after: int) -> Slice:
        """Look at the part that begins behind ``after`` (0: the first).  Reads only."""


@dataclass(frozen=True)
class Check:
    """One invariant: its name in words, how many rows it covers, and the rows that break it (none when all is well)."""

    name: str
    count_sql: str
    offenders_sql: str

    def look(self, after: int) -> Slice:
        """Everything at once: what one statement sees is one moment."""
        assert after == 0, "a check has one slice"
        rows = db.session.execute(_plain(self.offenders_sql)).fetchmany(OFFENDERS_SHOWN)
        counted = db.session.execute(_plain(self.count_sql)).scalar_one()
        return Slice(int(counted), tuple(tuple(row) for row in rows))


def _plain(sql: str) -> TextClause:
    """A statement without parameters: a colon in it is a colon."""
    return text(UNESCAPED_COLON.sub(r"\:", sql))


@dataclass(frozen=True)
class Finding:
    """What one check found: how many rows it looked at, and the first rows that break the invariant."""

    name: str
    rows_checked: int
    offenders: tuple[tuple[Any, ...], ...]


def run(assertions: Iterable[Assertion]) -> tuple[Finding, ...]:
    """Prove them in order, each to its end, reading only."""
    take_time()
    return tuple(_prove(each) for each in assertions)


def take_time() -> None:
    """Let the statements of this reading take minutes on PostgreSQL: a proof of millions of rows is no runaway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text(f"SET LOCAL statement_timeout = {PATIENCE_MS}"))


def _prove(assertion: Assertion) -> Finding:
    rows_checked, after = 0, 0
    offenders: tuple[tuple[Any, ...], ...] = ()
    while True:
        found = assertion.look(after)
        rows_checked += found.rows_checked
        offenders = first_of(offenders, found.offenders)
        if found.next_after is None:
            return Finding(assertion.name, rows_checked, offenders)
        after = found.next_after


def first_of(
    known: Sequence[tuple[Any, ...]], more: Sequence[tuple[Any, ...]]
) -> tuple[tuple[Any, ...], ...]:
    """The first offenders of several slices: as many as are shown."""
    return (*known, *more)[:OFFENDERS_SHOWN]
