"""The proofs of all books, for reading: the last result, and how far a running one is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from shop.extensions import db, table_of
from shop.models import BooksProof, Staff

EARLIER_SHOWN = 8
PROOFS = table_of(BooksProof)
FINISHED = (
    select(
        PROOFS.c.started_at,
        PROOFS.c.finished_at,
        PROOFS.c.rows_checked,
        PROOFS.c.broken,
        PROOFS.c.chain_entries,
        PROOFS.c.chain_hash,
        Staff.name.label("staff_name"),
    )
    .outerjoin(Staff, Staff.id == PROOFS.c.staff_id)
    .where(PROOFS.c.state == "finished")
    .order_by(PROOFS.c.id.desc())
    .limit(EARLIER_SHOWN)
)
FINDINGS = select(PROOFS.c.findings).where(PROOFS.c.state == "finished").order_by(PROOFS.c.id.desc()).limit(1)
RUNNING = select(PROOFS.c.started_at, PROOFS.c.step, PROOFS.c.steps, PROOFS.c.rows_checked).where(
    PROOFS.c.state == "running"
)


@dataclass(frozen=True)
class Proved:
    """A proof that was finished.  ``broken`` is how many invariants did not hold; ``staff_name`` None: by the clock."""

    started_at: datetime
    finished_at: datetime
    rows_checked: int
    broken: int
    chain_entries: int
    chain_hash: str
    staff_name: str | None


@dataclass(frozen=True)
class Underway:
    """A proof that runs: how many of its steps are done."""

    started_at: datetime
    step: int
    steps: int
    rows_checked: int

    @property
    def percent(self) -> int:
        return self.step * 100 // max(1, self.steps)


@dataclass(frozen=True)
class Found:
    """What the last proof found of one invariant.  ``offenders`` are the first rows that break it, as text."""

    name: str
    rows: int
    offenders: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ProofPage:
    """The last proofs, newest first, the findings of the newest, and the one that runs."""

    proofs: tuple[Proved, ...]
    findings: tuple[Found, ...]
    underway: Underway | None

    @property
    def last(self) -> Proved | None:
        return self.proofs[0] if self.proofs else None


def proof_page() -> ProofPage:
    """Everything about the proofs, in three statements."""
    findings = db.session.scalar(FINDINGS) or []
    running = db.session.execute(RUNNING).one_or_none()
    return ProofPage(
        proofs=tuple(_proved(row) for row in db.session.execute(FINISHED)),
        findings=tuple(_found(each) for each in findings),
        underway=Underway(*running) if running else None,
    )


def last_proof() -> Proved | None:
    """The newest proof that was finished."""
    row = db.session.execute(FINISHED.limit(1)).one_or_none()
    return _proved(row) if row else None


def _proved(row: Row[Any]) -> Proved:
    return Proved(**row._mapping)


def _found(document: dict[str, Any]) -> Found:
    offenders = tuple(tuple(offender) for offender in document["offenders"])
    return Found(document["name"], document["rows"], offenders)
