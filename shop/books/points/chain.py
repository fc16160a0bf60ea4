"""The chain over the entries: batches, sealed behind the writers, each carrying the hash of the one before (D-6).

Writers know nothing of it, so it is never in anybody's way: ``next_link`` only reads, and ``append`` moves the head by a
guarded update, so that of two machines one is first and the other changes nothing.  Killed in between, nothing is lost:
the next run begins where the head stands.  ``ChainIsWhole`` walks the chain again and names the first entry that no longer
says what it said.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from shop.books.checking import Slice
from shop.books.points.seals import Seal, pack, seals_between, unpack
from shop.books.points.settling import HEADS, ONLY, Head
from shop.extensions import db, table_of
from shop.models import ChainLink, PointsEntry

FIRST_HASH = "0" * 64
ENTRIES_IN_A_LINK = 500
LINKS_IN_A_SLICE = 20
LINKS = table_of(ChainLink)
LAST_OF_NEXT = select(func.max(PointsEntry.id)).where(
    PointsEntry.id.in_(
        select(PointsEntry.id)
        .where(PointsEntry.id > bindparam("after"), PointsEntry.id <= bindparam("upto"))
        .order_by(PointsEntry.id)
        .limit(ENTRIES_IN_A_LINK)
    )
)
WAITING = select(func.count()).select_from(PointsEntry).where(PointsEntry.id > bindparam("after"))
NEW_LINK = insert(LINKS)
MOVE_HEAD = (
    update(HEADS)
    .where(HEADS.c.id == ONLY, HEADS.c.links == bindparam("before"), HEADS.c.hash == bindparam("joined"))
    .values(
        links=HEADS.c.links + 1,
        entries=HEADS.c.entries + bindparam("more"),
        last_entry_id=bindparam("last"),
        hash=bindparam("new_hash"),
    )
)
BATCH = select(LINKS).where(LINKS.c.id > bindparam("after")).order_by(LINKS.c.id).limit(LINKS_IN_A_SLICE)
LINK = select(LINKS).where(LINKS.c.id == bindparam("link"))
WHOLE = select(
    HEADS.c.links,
    HEADS.c.entries,
    HEADS.c.last_entry_id,
    HEADS.c.hash,
    select(func.coalesce(func.max(LINKS.c.id), 0)).scalar_subquery().label("last_link"),
    select(func.coalesce(func.sum(LINKS.c.entries), 0)).scalar_subquery().label("entries_of_links"),
).where(HEADS.c.id == ONLY)


@dataclass(frozen=True)
class NewLink:
    """The next link, worked out and not yet written: the head that it joins, and the seals of its entries."""

    joins: Head
    seals: tuple[Seal, ...]


def next_link(end: Head, settled: int) -> NewLink | None:
    """The next batch of entries up to ``settled``, sealed; None when none waits.  Reads only."""
    upto = db.session.scalar(LAST_OF_NEXT, {"after": end.last_entry_id, "upto": settled})
    if upto is None:
        return None
    return NewLink(end, tuple(seals_between(end.last_entry_id, int(upto))))


def append(link: NewLink, now: datetime) -> bool:
    """Write a link and move the head.  False when another machine was first: then nothing has changed."""
    end, seals = link.joins, pack(list(link.seals))
    new_hash = _hash(end.hash, seals)
    last_id = link.seals[-1].entry_id
    values = {
        "before": end.links,
        "joined": end.hash,
        "more": len(link.seals),
        "last": last_id,
        "new_hash": new_hash,
    }
    if db.session.execute(MOVE_HEAD, values).rowcount != 1:  # type: ignore[attr-defined]
        return False
    row = {
        "id": end.links + 1,
        "first_entry_id": link.seals[0].entry_id,
        "last_entry_id": last_id,
        "entries": len(link.seals),
        "seals": seals,
        "hash": new_hash,
        "made_at": now,
    }
    db.session.execute(NEW_LINK, row)
    return True


def waiting_entries(end: Head) -> int:
    """How many entries wait for their link."""
    return int(db.session.scalar(WAITING, {"after": end.last_entry_id}) or 0)


@dataclass(frozen=True)
class ChainIsWhole:
    """Every entry that was chained says what it said, none is missing, and none was slipped in."""

    name: str = "L3 the chain over the entries is whole: none changed, none removed, none slipped in"

    def look(self, after: int) -> Slice:
        """The links behind link ``after``.  The walk ends at the first break, which it names."""
        before = db.session.execute(LINK, {"link": after}).one_or_none() if after else None
        rows: list[Any] = list(db.session.execute(BATCH, {"after": after}))
        checked = 0
        for previous, link in pairwise([before, *rows]):
            if trouble := _trouble_of(link, previous, after):
                return Slice(checked, (trouble,))
            checked, after = checked + link.entries, link.id
        return _end_of_walk(checked, rows[-1] if rows else before, after)


def _trouble_of(link: Any, previous: Row[Any] | None, after: int) -> tuple[Any, ...] | None:
    """What is wrong with a link and its entries; None when nothing is."""
    if link.id != after + 1:
        return ("link", after + 1, "is missing")
    if link.hash != _hash(previous.hash if previous else FIRST_HASH, link.seals):
        return ("link", link.id, "is not what was written")
    told = unpack(link.seals)
    ends = (told[0].entry_id, told[-1].entry_id, len(told))
    if ends != (link.first_entry_id, link.last_entry_id, link.entries):
        return ("link", link.id, "does not name its own entries")
    found = seals_between(previous.last_entry_id if previous else 0, link.last_entry_id)
    return _first_difference(told, found, link.id)


def _first_difference(told: Sequence[Seal], found: Sequence[Seal], link_id: int) -> tuple[Any, ...] | None:
    was, now = ({seal.entry_id: seal.digest for seal in seals} for seals in (told, found))
    for entry_id in sorted(was.keys() | now.keys()):
        if entry_id not in now:
            return ("entry", entry_id, f"was removed (link {link_id})")
        if entry_id not in was:
            return ("entry", entry_id, f"was slipped in (link {link_id})")
        if was[entry_id] != now[entry_id]:
            return ("entry", entry_id, f"is not what was written (link {link_id})")
    return None


def _end_of_walk(checked: int, last: Any, after: int) -> Slice:
    """Go on while there are links; at the end, the head tells whether a tail was cut off or it was itself turned back."""
    end = db.session.execute(WHOLE).one()
    if end.last_link > after:
        return Slice(checked, next_after=after)
    walked = (after, last.last_entry_id, last.hash) if last else (0, 0, FIRST_HASH)
    if (end.links, end.last_entry_id, end.hash) != walked or end.entries != end.entries_of_links:
        return Slice(
            checked, (("link", after + 1, f"is missing: the chain should hold {end.entries} entries"),)
        )
    return Slice(checked)


def _hash(previous: str, seals: bytes) -> str:
    return hashlib.sha256(bytes.fromhex(previous) + seals).hexdigest()
