"""What the steps of an import share: its move from state to state, and its progress."""

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from shop.books.import_rows import unsealed_rows
from shop.errors import ImportMoved, NotFound
from shop.extensions import db
from shop.models import Import, ImportFault
from shop.rules.merchant.import_states import IMPORT_TRANSITIONS, states_before
from shop.transaction import transaction

QUIET = {"synchronize_session": False}
SMALL_ROWS = 2000
"""Up to so many rows are worked on while the merchant waits; more are left to the worker."""

QUICK_PURCHASES = 100


class Stopped(Exception):
    """The import was cancelled while it was being worked on."""


@dataclass(frozen=True)
class Brought:
    """An import as it stands, read for working on it."""

    id: int
    kind: str
    state: str
    source: str
    booking_key: str
    digest: str
    fields: tuple[str, ...]
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    existing: str
    whole_only: bool
    rows_good: int
    rows_bad: int
    rows_done: int
    points_total: int
    staff_id: int | None
    file_name: str

    @property
    def is_small(self) -> bool:
        return len(self.rows) <= SMALL_ROWS

    @property
    def is_quick(self) -> bool:
        """Whether it is loaded while the merchant waits: purchases are decided one by one, that takes longer."""
        return len(self.rows) <= (QUICK_PURCHASES if self.kind == "purchases" else SMALL_ROWS)


def brought(import_id: int) -> Brought:
    """Read an import with its rows (none once they are forgotten).  Raises NotFound."""
    row = db.session.execute(select(Import).where(Import.id == import_id)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return Brought(
        id=row.id,
        kind=row.kind,
        state=row.state,
        source=row.source,
        booking_key=row.booking_key,
        digest=row.digest,
        fields=tuple(row.columns),
        headers=tuple(row.headers),
        rows=unsealed_rows(row.rows_sealed) if row.rows_sealed else (),
        existing=row.existing,
        whole_only=row.whole_only,
        rows_good=row.rows_good,
        rows_bad=row.rows_bad,
        rows_done=row.rows_done,
        points_total=row.points_total,
        staff_id=row.staff_id,
        file_name=row.file_name,
    )


def move(import_id: int, event: str, **values: object) -> None:
    """Move an import by an event, with what changes besides.  Raises ImportMoved when it is not there any more."""
    before = states_before(event)
    after = {IMPORT_TRANSITIONS[state, event] for state in before}
    assert len(after) == 1, "an event leads to one state"
    statement = (
        update(Import)
        .where(Import.id == import_id, Import.state.in_(before))
        .values(state=after.pop(), **values)
    )
    if db.session.execute(statement, execution_options=QUIET).rowcount == 0:  # type: ignore[attr-defined]
        raise ImportMoved


def write_progress(import_id: int, done: int) -> None:
    """Say how far the work is.  Raises Stopped when somebody has cancelled it."""
    statement = (
        update(Import)
        .where(Import.id == import_id, Import.state.in_(("checking", "loading")))
        .values(rows_done=done)
    )
    with transaction() as session:
        changed = session.execute(statement, execution_options=QUIET).rowcount  # type: ignore[attr-defined]
    if changed == 0:
        raise Stopped


def forget_faults(import_id: int) -> None:
    """A new check writes a new report."""
    db.session.execute(delete(ImportFault).where(ImportFault.import_id == import_id), execution_options=QUIET)
