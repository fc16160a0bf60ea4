"""The history of tiers: each change of a member's tier or term is a row with its numbers; the member repeats the last one.

Every function that decides locks the member's row first; where points move as well, the points account is locked before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from shop.books import outbox
from shop.books.rulebooks import Occasion, occasion_under
from shop.books.tiers import measures
from shop.extensions import db, table_of
from shop.models import Member, TierChange
from shop.rules.points.tiers import Decided, Held, Move, last_day_of, needed_for

QUIET = {"synchronize_session": False}
NUMBERS = (
    TierChange.id,
    TierChange.to_code,
    TierChange.why,
    TierChange.until_at,
    TierChange.counted_from_at,
    TierChange.amount,
    TierChange.rulebook_version,
)
LOCKED = (
    select(Member.tier_code, Member.tier_since_at, Member.state)
    .where(Member.id == bindparam("member_id"))
    .with_for_update()
)
MINE = TierChange.member_id == bindparam("member_id")
LAST = select(*NUMBERS).where(MINE).order_by(TierChange.id.desc()).limit(1)
LAST_EARNED = (
    select(*NUMBERS)
    .where(MINE, TierChange.why.not_in(("bought", "granted")))
    .order_by(TierChange.id.desc())
    .limit(1)
)
FIRST = select(TierChange.from_code).where(MINE).order_by(TierChange.id).limit(1)
withdrawn = (
    select(func.max(TierChange.id))
    .where(MINE, TierChange.why == "withdrawn")
    .correlate(None)
    .scalar_subquery()
)
GIFTS = select(*NUMBERS).where(
    MINE,
    TierChange.why.in_(("bought", "granted")),
    TierChange.until_at > bindparam("at"),
    (TierChange.why == "bought") | (TierChange.id > func.coalesce(withdrawn, 0)),
)
BY_REFERENCE = select(
    TierChange.id, TierChange.member_id, TierChange.to_code, TierChange.until_at, TierChange.entry_id
).where(TierChange.reference == bindparam("reference"))
NEW_ROW = insert(table_of(TierChange)).returning(table_of(TierChange).c.id)


@dataclass(frozen=True)
class Standing:
    """How a member stands, under a lock, and how that was decided: by which change (0: by joining)."""

    member_id: int
    change_id: int
    since_at: datetime
    state: str
    decided: Decided

    @property
    def held(self) -> Held:
        return self.decided.held


@dataclass(frozen=True)
class Known:
    """A change that is written already under a reference."""

    change_id: int
    member_id: int
    to_code: str
    until_at: datetime | None
    entry_id: int | None


@dataclass(frozen=True, kw_only=True)
class Note:
    """What a change says besides its numbers: its reference, the entry that paid for it, who did it and why."""

    reference: str | None = None
    entry_id: int | None = None
    staff_id: int | None = None
    reason: str = ""


NOTHING_MORE = Note()


def lock(member_id: int, occasion: Occasion) -> Standing | None:
    """Lock a member's row and read how the tier is held.  None for nobody."""
    member = db.session.execute(LOCKED, {"member_id": member_id}).one_or_none()
    if member is None:
        return None
    last = db.session.execute(LAST, {"member_id": member_id}).one_or_none()
    decided = _decided(member_id, last, member.tier_code, occasion)
    return Standing(member_id, last.id if last else 0, member.tier_since_at, member.state, decided)


def decided_for(member_id: int, tier_code: str, occasion: Occasion) -> Decided:
    """How a member holds the tier, for a page that shows it; nothing is locked."""
    last = db.session.execute(LAST, {"member_id": member_id}).one_or_none()
    return _decided(member_id, last, tier_code, occasion)


def earned_before(member_id: int, occasion: Occasion) -> Decided:
    """How the member held a tier before anything was bought or granted."""
    named = {"member_id": member_id}
    last = db.session.execute(LAST_EARNED, named).one_or_none()
    code = db.session.scalar(FIRST, named) or occasion.rulebook.tiers[0].code
    return _decided(member_id, last, code, occasion)


def gifts_at(member_id: int, at: datetime) -> list[Held]:
    """Bought and granted tiers that run on after a moment and were not withdrawn."""
    rows = db.session.execute(GIFTS, {"member_id": member_id, "at": at})
    return [Held(code=row.to_code, why=row.why, until_at=row.until_at) for row in rows]


def known(reference: str) -> Known | None:
    """The change written before under a reference, if any."""
    row = db.session.execute(BY_REFERENCE, {"reference": reference}).one_or_none()
    return None if row is None else Known(row.id, row.member_id, row.to_code, row.until_at, row.entry_id)


def write(standing: Standing, move: Move, occasion: Occasion, note: Note = NOTHING_MORE) -> int:
    """Write a change, put the member on it, and let the outbox tell.  The member's row is locked.  Returns the change."""
    policy = occasion.rulebook.tier_policy
    is_measured = move.amount is not None
    row: dict[str, Any] = {
        "member_id": standing.member_id,
        "from_code": standing.held.code,
        "to_code": move.tier.code,
        "why": move.why,
        "at": occasion.now,
        "until_at": move.until_at,
        "measure": policy.measure if is_measured else None,
        "amount": move.amount,
        "needed": needed_for(move.tier, policy) if is_measured else None,
        "counted_from_at": move.counted_from_at,
        "rulebook_version": occasion.version,
        "reference": note.reference,
        "entry_id": note.entry_id,
        "staff_id": note.staff_id,
        "reason": note.reason,
    }
    change_id = int(db.session.execute(NEW_ROW, row).scalar_one())
    stays = move.tier.code == standing.held.code
    values = {
        "tier_code": move.tier.code,
        "tier_until_at": move.until_at,
        "tier_since_at": standing.since_at if stays else occasion.now,
    }
    mine = update(Member).where(Member.id == standing.member_id)
    db.session.execute(mine.values(values), execution_options=QUIET)
    payload = {
        "change_id": change_id,
        "member_id": standing.member_id,
        "tier_code": move.tier.code,
        "tier_name": move.tier.name,
        "why": move.why,
        "until_on": last_day_of(move.until_at, occasion.zone).isoformat() if move.until_at else None,
    }
    outbox.put("tier_changed", f"tier_changed:{change_id}", occasion.now, payload)
    return change_id


def members_with_terms(
    at: datetime, after: tuple[datetime, int], limit: int
) -> Sequence[tuple[datetime, int]]:
    """Members whose term ends up to a moment, soonest first, behind the last one seen: (end, member)."""
    last_end, last_id = after
    statement = (
        select(Member.tier_until_at, Member.id)
        .where(
            Member.tier_until_at.is_not(None),
            Member.tier_until_at <= at,
            (Member.tier_until_at > last_end) | ((Member.tier_until_at == last_end) & (Member.id > last_id)),
        )
        .order_by(Member.tier_until_at, Member.id)
        .limit(limit)
    )
    return [(ended_at, member_id) for ended_at, member_id in db.session.execute(statement) if ended_at]


def _decided(member_id: int, row: Any, code: str, occasion: Occasion) -> Decided:
    """What a row of the history decided; for none, the tier on which the member joined."""
    if row is None:
        return Decided(Held(code=code), occasion.rulebook, measures.amounts_of(member_id, occasion.rulebook))
    held = Held(
        code=row.to_code,
        why=row.why,
        until_at=row.until_at,
        counted_from_at=row.counted_from_at,
        amount=row.amount,
    )
    under = occasion.rulebook
    if row.rulebook_version not in (None, occasion.version):
        under = occasion_under(row.rulebook_version, occasion.now).rulebook
    return Decided(held, under, measures.amounts_of(member_id, under))
