"""How an invariant is proved: two SQL statements, one that counts what was looked at, one that finds what is wrong."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from shop.extensions import db

OFFENDERS_SHOWN = 20


@dataclass(frozen=True)
class Check:
    """One invariant: its name in words, how many rows it covers, and the rows that break it (none when all is well)."""

    name: str
    count_sql: str
    offenders_sql: str


@dataclass(frozen=True)
class Finding:
    """What one check found: how many rows it looked at, and the first rows that break the invariant."""

    name: str
    rows_checked: int
    offenders: tuple[tuple[Any, ...], ...]


def run(checks: tuple[Check, ...]) -> tuple[Finding, ...]:
    """Run checks in order, reading only."""
    return tuple(_run_one(check) for check in checks)


def _run_one(check: Check) -> Finding:
    rows = db.session.execute(text(check.offenders_sql)).fetchmany(OFFENDERS_SHOWN)
    counted = db.session.execute(text(check.count_sql)).scalar_one()
    return Finding(check.name, int(counted), tuple(tuple(row) for row in rows))
