"""A seal: the id of an entry and a digest of everything that it says, in one canonical form on every database.

The form covers all columns of the entry, its allocations, and what the lot that it made was at birth.  The lot's end is
the one that its first note put off, or still its own.  What else may lawfully change is left out: a lot's remainder and
held part, which ``books/points/rebuild.py`` derives anew, and when it can be spent.  A value that is empty or a column's
plain default is not told, so that a column added later leaves the seals of older entries as they are.
"""

import hashlib
import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from shop.extensions import db, table_of
from shop.models import Allocation, Lot, LotExtension, PointsEntry

DIGEST_BYTES = 16
PACKED = struct.Struct(f">q{DIGEST_BYTES}s")
ENTRY_COLUMNS = tuple(table_of(PointsEntry).c)
DEFAULTS = {
    column.name: column.default.arg
    for column in ENTRY_COLUMNS
    if isinstance(column.default, ScalarElementColumnDefault)
}
AFTER: BindParameter[int] = bindparam("after")
UPTO: BindParameter[int] = bindparam("upto")
ENTRIES = (
    select(*ENTRY_COLUMNS).where(PointsEntry.id > AFTER, PointsEntry.id <= UPTO).order_by(PointsEntry.id)
)
ALLOCATIONS = (
    select(Allocation.entry_id, Allocation.id, Allocation.lot_id, Allocation.points)
    .where(Allocation.entry_id > AFTER, Allocation.entry_id <= UPTO)
    .order_by(Allocation.entry_id, Allocation.id)
)
FIRST_END = (
    select(LotExtension.ended_at)
    .where(LotExtension.lot_id == Lot.id)
    .order_by(LotExtension.id)
    .limit(1)
    .scalar_subquery()
)
LOTS = select(
    Lot.entry_id,
    Lot.id,
    Lot.account_id,
    Lot.points,
    Lot.source_class,
    Lot.credited_at,
    func.coalesce(FIRST_END, Lot.expires_at).label("ended_at"),
    Lot.rulebook_version,
).where(Lot.entry_id > AFTER, Lot.entry_id <= UPTO)


@dataclass(frozen=True)
class Seal:
    """The seal of one entry."""

    entry_id: int
    digest: bytes


def seals_between(after: int, upto: int) -> list[Seal]:
    """The seals of the entries ``after < id <= upto`` as they stand in the database now, in the order of their ids."""
    values = {"after": after, "upto": upto}
    moved: dict[int, list[list[int]]] = {}
    for entry_id, *allocation in db.session.execute(ALLOCATIONS, values):
        moved.setdefault(entry_id, []).append(allocation)
    lots = {row.entry_id: row._mapping for row in db.session.execute(LOTS, values)}
    return [
        Seal(row.id, _digest(row._mapping, moved.get(row.id, []), lots.get(row.id)))
        for row in db.session.execute(ENTRIES, values)
    ]


def pack(seals: list[Seal]) -> bytes:
    """Seals as a link keeps them: 24 bytes each."""
    return b"".join(PACKED.pack(seal.entry_id, seal.digest) for seal in seals)


def unpack(packed: bytes) -> list[Seal]:
    """The seals that a link keeps.  What is no whole number of seals loses its end, and then fits no hash."""
    whole = len(packed) - len(packed) % PACKED.size
    return [Seal(*parts) for parts in PACKED.iter_unpack(packed[:whole])]


def _digest(entry: Mapping[Any, Any], moved: list[list[int]], lot: Mapping[Any, Any] | None) -> bytes:
    said: dict[str, Any] = dict(_told(entry))
    if moved:
        said["allocations"] = moved
    if lot is not None:
        said["lot"] = dict(_told(lot))
    body = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(body.encode()).digest()[:DIGEST_BYTES]


def _told(values: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if value is not None and value != DEFAULTS.get(name):
            yield str(name), _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
