"""Something else than a purchase happened that rules may reward: a review, a visit, an event of another program."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import aliased

from shop.books import outbox
from shop.books.points import accounts, awarding, entries
from shop.books.points.awarding import Source
from shop.books.points.deciding import decide
from shop.books.points.entries import Line
from shop.books.points.facts import facts_of
from shop.books.rulebooks import occasion_at
from shop.errors import InvalidInput, KeyReused, MemberSuspended, NotFound
from shop.extensions import db, table_of
from shop.models import Deed, Member, PointsAccount, PointsEntry
from shop.rules.points.award_documents import award_documents
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.occurrences import PURCHASE, SIGNED_IN, Occurrence
from shop.rules.reasons import Reason, because
from shop.transaction import transaction

QUIET = {"synchronize_session": False}
OWN_PATHS = frozenset({PURCHASE, SIGNED_IN})
"""Events that have services of their own: they cannot be reported as deeds."""
KNOWN = select(Deed.id, Deed.member_id, Deed.request_hash, Deed.awards, Deed.reversed_at).where(
    Deed.event == bindparam("event"), Deed.key == bindparam("key")
)
STATE = select(Member.state).where(Member.id == bindparam("member_id"))
Undone = aliased(PointsEntry)
EARNED = (
    select(
        PointsEntry.id,
        PointsEntry.points,
        PointsEntry.source_class,
        PointsAccount.kind,
        func.coalesce(func.sum(-Undone.points), 0).label("undone"),
    )
    .select_from(PointsEntry)
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .outerjoin(Undone, (Undone.corrects_entry_id == PointsEntry.id) & (Undone.kind == "claw_back"))
    .where(PointsEntry.reference.in_(bindparam("references", expanding=True)))
    .group_by(PointsEntry.id, PointsEntry.points, PointsEntry.source_class, PointsAccount.kind)
    .order_by(PointsEntry.id)
)


@dataclass(frozen=True, kw_only=True)
class ReportedDeed:
    """``event`` is what the rules listen to, ``key`` names this one among its kind, ``detail`` says more about it."""

    member_id: int
    event: str
    key: str
    detail: str | None = None


@dataclass(frozen=True)
class RecordedDeed:
    """A deed that is written down, and the points that it brought when it was."""

    deed_id: int
    points: int
    is_repeat: bool


def record_deed(reported: ReportedDeed, now: datetime) -> RecordedDeed:
    """Record what a member did and credit what the rules in force give for it; nothing, if no rule listens.

    The same event and key again changes nothing and answers as the first did; for another member or with another detail
    it raises KeyReused.  Raises InvalidInput for purchases and sign-ins, NotFound, MemberSuspended.
    """
    if reported.event in OWN_PATHS:
        raise InvalidInput
    request_hash = _hash_of(reported)
    with transaction() as session:
        state = session.scalar(STATE, {"member_id": reported.member_id})
        if state is None or state == "closed":
            raise NotFound
        accounts.lock(reported.member_id)
        if known := _known(reported, request_hash):
            return known
        if state != "active":
            raise MemberSuspended
        return _write(reported, request_hash, now)


def reverse_deed(event: str, key: str, reason: str | None, now: datetime) -> int:
    """Take back what a deed earned, because it was undone or abused.  Returns the points asked back.

    ``reason`` is in somebody's own words; None: the friend's order that it was for went back in full.  A repeat takes
    nothing more.  Raises NotFound.
    """
    with transaction() as session:
        deed = session.execute(KNOWN, {"event": event, "key": key}).one_or_none()
        if deed is None:
            raise NotFound
        accounts.lock(deed.member_id)
        deed = session.execute(KNOWN, {"event": event, "key": key}).one()
        if deed.reversed_at is not None:
            return 0
        session.execute(
            update(Deed).where(Deed.id == deed.id).values(reversed_at=now), execution_options=QUIET
        )
        return _take_back(deed, reason, now)


def _known(reported: ReportedDeed, request_hash: str) -> RecordedDeed | None:
    row = db.session.execute(KNOWN, {"event": reported.event, "key": reported.key}).one_or_none()
    if row is None:
        return None
    if row.request_hash != request_hash:
        raise KeyReused
    earned = db.session.execute(EARNED, {"references": _references(row)})
    return RecordedDeed(row.id, sum(each.points for each in earned if each.kind == MAIN_KIND), is_repeat=True)


def _references(deed: Any) -> list[str]:
    """Where the awards of a deed were booked, as far as a cap left any of them."""
    return [f"deed:{deed.id}:award:{number}" for number in range(1, len(deed.awards) + 1)]


def _write(reported: ReportedDeed, request_hash: str, now: datetime) -> RecordedDeed:
    occasion = occasion_at(now)
    facts = facts_of(reported.member_id, occasion, event=reported.event)
    occurrence = Occurrence(
        event=reported.event, at=now, zone=occasion.zone, detail=reported.detail, member=facts
    )
    awards = decide(reported.member_id, occurrence, f"deed:{reported.event}:{reported.key}", occasion)
    row = {
        "member_id": reported.member_id,
        "event": reported.event,
        "key": reported.key,
        "detail": reported.detail,
        "request_hash": request_hash,
        "awards": award_documents(awards),
        "at": now,
    }
    deed_id = int(db.session.execute(insert(table_of(Deed)).returning(table_of(Deed).c.id), row).scalar_one())
    source = Source(member_id=reported.member_id, reference=f"deed:{deed_id}", available_at=now)
    points = awarding.credit(awards.awards, [award.points for award in awards.awards], source, occasion)
    if points:
        payload = {"deed_id": deed_id, "event": reported.event, "points": points}
        outbox.put("deed_recorded", f"deed_recorded:{deed_id}", now, payload)
    return RecordedDeed(deed_id, points, is_repeat=False)


def _take_back(deed: Any, reason: str | None, now: datetime) -> int:
    occasion = occasion_at(now)
    rows = db.session.execute(EARNED, {"references": _references(deed)}).all()
    own = frozenset(row.id for row in rows)
    asked = 0
    for row in rows:
        left = row.points - int(row.undone)
        if left <= 0:
            continue
        line = Line(
            "claw_back",
            "clawed_back",
            f"deed:{deed.id}:reversal:{row.id}",
            (_why(left, reason),),
            source_class=row.source_class,
            corrects_entry_id=row.id,
        )
        waive = occasion.rulebook.returns.shortage == "waive"
        entries.claw_back(deed.member_id, left, line, own, occasion, waive=waive)
        asked += left if row.kind == MAIN_KIND else 0
    return asked


def _why(points: int, reason: str | None) -> Reason:
    if reason is None:
        return because("friends_order_returned", points=points)
    return because("deed_reversed", points=points, reason=reason[:200])


def _hash_of(reported: ReportedDeed) -> str:
    asked = [reported.member_id, reported.event, reported.key, reported.detail]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()
