"""One entry of the points book with everything that explains it: its lot, where it took from, where it went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from shop.extensions import db
from shop.models import Allocation, Lot, LotExtension, PointsEntry, RulebookVersion
from shop.queries.points.balance import last_day_before
from shop.queries.points.history import ENTRIES, EntryRow, told_by
from shop.rules.points.expiry import FROZEN

LINKED_MAX = 30
ENTRY = (
    ENTRIES.add_columns(
        PointsEntry.debt_points,
        PointsEntry.corrects_entry_id,
        RulebookVersion.effective_at.label("version_from"),
    )
    .join(RulebookVersion, RulebookVersion.id == PointsEntry.rulebook_version)
    .where(PointsEntry.id == bindparam("entry_id"))
)
OWN_LOT = select(
    Lot.id, Lot.points, Lot.remaining_points, Lot.held_points, Lot.available_at, Lot.expires_at
).where(Lot.entry_id == bindparam("entry_id"))
PUT_OFF = (
    select(
        LotExtension.reason,
        LotExtension.created_at,
        LotExtension.ended_at,
        LotExtension.ends_at,
        LotExtension.entry_id,
    )
    .where(LotExtension.lot_id == bindparam("lot_id"))
    .order_by(LotExtension.id.desc())
    .limit(LINKED_MAX)
)
Other = aliased(PointsEntry)
OTHER_COLUMNS = (
    Other.id,
    Other.kind,
    Other.points.label("entry_points"),
    Other.reference,
    Other.reasons,
    Other.occurred_at,
    Allocation.points,
    Lot.expires_at,
)
TAKEN_FROM = (  # the lots that an entry changed, each named by the entry that brought it
    select(*OTHER_COLUMNS)
    .select_from(Allocation)
    .join(Lot, Lot.id == Allocation.lot_id)
    .join(Other, Other.id == Lot.entry_id)
    .where(Allocation.entry_id == bindparam("entry_id"), Lot.entry_id != bindparam("entry_id"))
    .order_by(Lot.expires_at, Lot.id)
    .limit(LINKED_MAX)
)
SPENT_IN = (  # the entries that changed the lot which an entry brought
    select(*OTHER_COLUMNS)
    .select_from(Allocation)
    .join(Lot, Lot.id == Allocation.lot_id)
    .join(Other, Other.id == Allocation.entry_id)
    .where(Lot.entry_id == bindparam("entry_id"), Allocation.entry_id != bindparam("entry_id"))
    .order_by(Other.id)
    .limit(LINKED_MAX)
)
CORRECTED_BY = (
    select(PointsEntry.id, PointsEntry.kind, PointsEntry.points, PointsEntry.reference, PointsEntry.reasons,
           PointsEntry.occurred_at)
    .where(PointsEntry.corrects_entry_id == bindparam("entry_id"))
    .order_by(PointsEntry.id)
    .limit(LINKED_MAX)
)  # fmt: skip


@dataclass(frozen=True)
class PutOff:
    """A note about a lot's end: why it moved, when, and from which last day to which."""

    reason: str
    created_at: datetime
    from_on: date | None
    to_on: date | None
    entry_id: int | None


@dataclass(frozen=True)
class LotOfEntry:
    """The batch that an entry brought.  ``is_frozen``: it waits for a freeze to be lifted."""

    points: int
    remaining_points: int
    held_points: int
    available_at: datetime
    expires_at: datetime
    last_on: date | None
    is_frozen: bool
    put_off: tuple[PutOff, ...]


@dataclass(frozen=True)
class LinkedEntry:
    """Another entry, and how many points lie between the two.  It can be titled like any entry."""

    id: int
    kind: str
    points: int
    reference: str
    reasons: tuple[Mapping[str, Any], ...]
    occurred_at: datetime
    moved: int
    last_on: date | None = None


@dataclass(frozen=True)
class EntryDetail:
    """``taken_from`` lists what paid for it, ``spent_in`` what its own batch paid for, ``corrected_by`` its reversals."""

    entry: EntryRow
    version_from: datetime
    debt_points: int
    corrects_entry_id: int | None
    lot: LotOfEntry | None
    taken_from: tuple[LinkedEntry, ...]
    spent_in: tuple[LinkedEntry, ...]
    corrected_by: tuple[LinkedEntry, ...]


def entry_of_member(member_id: int, entry_id: int) -> EntryDetail | None:
    """The entry, if it is this member's; another member's does not exist."""
    row = db.session.execute(ENTRY, {"member_id": member_id, "entry_id": entry_id}).one_or_none()
    if row is None:
        return None
    return EntryDetail(
        entry=EntryRow(**told_by(row)),
        version_from=row.version_from,
        debt_points=row.debt_points,
        corrects_entry_id=row.corrects_entry_id,
        lot=_lot(entry_id),
        taken_from=_linked(TAKEN_FROM, entry_id),
        spent_in=_linked(SPENT_IN, entry_id),
        corrected_by=_corrections(entry_id),
    )


def _lot(entry_id: int) -> LotOfEntry | None:
    row = db.session.execute(OWN_LOT, {"entry_id": entry_id}).one_or_none()
    if row is None:
        return None
    return LotOfEntry(
        points=row.points,
        remaining_points=row.remaining_points,
        held_points=row.held_points,
        available_at=row.available_at,
        expires_at=row.expires_at,
        last_on=last_day_before(row.expires_at),
        is_frozen=row.available_at >= FROZEN,
        put_off=tuple(_put_off(note) for note in db.session.execute(PUT_OFF, {"lot_id": row.id})),
    )


def _put_off(note: Any) -> PutOff:
    from_on, to_on = last_day_before(note.ended_at), last_day_before(note.ends_at)
    return PutOff(note.reason, note.created_at, from_on, to_on, note.entry_id)


def _linked(statement: Any, entry_id: int) -> tuple[LinkedEntry, ...]:
    return tuple(
        LinkedEntry(
            id=row.id,
            kind=row.kind,
            points=row.entry_points,
            reference=row.reference,
            reasons=tuple(row.reasons),
            occurred_at=row.occurred_at,
            moved=row.points,
            last_on=last_day_before(row.expires_at),
        )
        for row in db.session.execute(statement, {"entry_id": entry_id})
    )


def _corrections(entry_id: int) -> tuple[LinkedEntry, ...]:
    rows = db.session.execute(CORRECTED_BY, {"entry_id": entry_id})
    return tuple(
        LinkedEntry(**{**row._mapping, "reasons": tuple(row.reasons)}, moved=row.points) for row in rows
    )
