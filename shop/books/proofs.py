"""The book of proofs: what was proved, when, how far a running proof is, and what it found.

A proof goes through every invariant, the chain, and every derived value, slice by slice.  It is written down between the
slices, so a killed worker goes on where it stood, and of two workers one moves the proof and the other changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shop.books.check import ALL_CHECKS
from shop.books.checking import Assertion, Check, first_of
from shop.books.points import chain, settling
from shop.books.points.chain import ChainIsWhole
from shop.books.rebuild import ALL_DERIVATIONS
from shop.extensions import db, table_of
from shop.models import BooksProof
from shop.models.columns import JsonObject

PROOFS = table_of(BooksProof)
ANCHORS = Check(
    "L3 the chain still passes through the ends that earlier proofs saw",
    "SELECT count(*) FROM books_proofs WHERE chain_links > 0",
    """SELECT p.id, p.chain_links FROM books_proofs p LEFT JOIN chain_links l ON l.id = p.chain_links
       WHERE p.chain_links > 0 AND (l.hash IS NULL OR l.hash <> p.chain_hash)""",
)
CHAIN: tuple[Assertion, ...] = (ChainIsWhole(), ANCHORS)
STEPS: tuple[Assertion, ...] = (*ALL_CHECKS, *CHAIN, *ALL_DERIVATIONS)
RUNNING = select(
    PROOFS.c.id,
    PROOFS.c.step,
    PROOFS.c.steps,
    PROOFS.c.after,
    PROOFS.c.rows_checked,
    PROOFS.c.findings,
    PROOFS.c.staff_id,
).where(PROOFS.c.state == "running")
ADVANCE = update(PROOFS).where(
    PROOFS.c.id == bindparam("of_proof"),
    PROOFS.c.state == "running",
    PROOFS.c.step == bindparam("from_step"),
    PROOFS.c.after == bindparam("from_after"),
)
GIVE_UP = update(PROOFS).where(PROOFS.c.state == "running").values(state="given_up")
LAST_STARTED = select(PROOFS.c.started_at).order_by(PROOFS.c.id.desc()).limit(1)


@dataclass(frozen=True)
class RunningProof:
    """Where a proof stands.  ``findings`` holds a document for each step that has begun."""

    id: int
    step: int
    steps: int
    after: int
    rows_checked: int
    findings: tuple[JsonObject, ...]
    staff_id: int | None

    @property
    def is_done(self) -> bool:
        return self.step >= self.steps

    @property
    def broken(self) -> tuple[str, ...]:
        """The names of what does not hold."""
        return tuple(each["name"] for each in self.findings if each["offenders"])


def running() -> RunningProof | None:
    """The proof that is under way, if any."""
    row = db.session.execute(RUNNING).one_or_none()
    if row is None:
        return None
    values = {**row._mapping, "findings": tuple(row.findings)}
    return RunningProof(**values)


def last_started_at() -> datetime | None:
    """When the latest proof was started."""
    return db.session.scalar(LAST_STARTED)


def start(staff_id: int | None, now: datetime) -> None:
    """Start a proof.  While one runs, this changes nothing: the database knows of one at a time."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"state": "running", "staff_id": staff_id, "started_at": now, "steps": len(STEPS)}
    db.session.execute(dialect.insert(PROOFS).values(row).on_conflict_do_nothing())


def give_up() -> None:
    """End the running proof without a result: its steps are not those of this version any more."""
    db.session.execute(GIVE_UP)


def next_slice(proof: RunningProof) -> RunningProof:
    """Look at the next slice.  Returns where the proof stands then; reads only."""
    step = STEPS[proof.step]
    found = step.look(proof.after)
    findings = _added(proof.findings, step.name, found.rows_checked, found.offenders, is_new=proof.after == 0)
    further = replace(proof, rows_checked=proof.rows_checked + found.rows_checked, findings=findings)
    if found.next_after is None:
        return replace(further, step=proof.step + 1, after=0)
    return replace(further, after=found.next_after)


def write_down(before: RunningProof, now_at: RunningProof) -> bool:
    """Keep how far a proof has come.  False when another worker has moved it meanwhile."""
    values = {
        "step": now_at.step,
        "after": now_at.after,
        "rows_checked": now_at.rows_checked,
        "broken": len(now_at.broken),
        "findings": list(now_at.findings),
    }
    place = {"of_proof": before.id, "from_step": before.step, "from_after": before.after}
    return bool(db.session.execute(ADVANCE.values(values), place).rowcount)  # type: ignore[attr-defined]


def finish(proof: RunningProof, now: datetime) -> JsonObject:
    """Close a proof with the end of the chain as it is now.  Returns what the audit trail keeps of it."""
    end = settling.head()
    values = {
        "state": "finished",
        "finished_at": now,
        "chain_links": end.links,
        "chain_entries": end.entries,
        "chain_hash": end.hash,
        "waiting_entries": chain.waiting_entries(end),
    }
    db.session.execute(update(PROOFS).where(PROOFS.c.id == proof.id).values(values))
    return {"checks": proof.steps, "broken": len(proof.broken), "chain_hash": end.hash}


def _added(
    findings: tuple[JsonObject, ...],
    name: str,
    rows: int,
    offenders: Sequence[tuple[Any, ...]],
    *,
    is_new: bool,
) -> tuple[JsonObject, ...]:
    """The findings with one more slice; offenders are kept as the text that people read."""
    told = [[str(part) for part in offender] for offender in offenders]
    if is_new:
        return (*findings, {"name": name, "rows": rows, "offenders": told})
    last = findings[-1]
    known = first_of(last["offenders"], told)  # type: ignore[arg-type]
    return (*findings[:-1], {"name": name, "rows": last["rows"] + rows, "offenders": list(known)})
