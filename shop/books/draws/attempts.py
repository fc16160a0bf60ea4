"""Attempts: one row for each try, with all that is needed to recompute its result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from shop.books.rulebooks import Occasion
from shop.extensions import db, table_of
from shop.models import Draw, DrawAttempt, Prize
from shop.models.columns import JsonObject
from shop.rules.engagement.draw import Odds

QUIET = {"synchronize_session": False}
BY_KEY = select(DrawAttempt.id, DrawAttempt.draw_id).where(DrawAttempt.idempotency_key == bindparam("key"))
CLAIM = (
    update(DrawAttempt)
    .where(
        DrawAttempt.id == bindparam("attempt"),
        DrawAttempt.claim_state == "waiting",
        DrawAttempt.claim_by_at > bindparam("moment"),
    )
    .values(claim_state="claimed", order_id=bindparam("claimed_order"))
)
FORFEIT = (
    update(DrawAttempt)
    .where(DrawAttempt.claim_state == "waiting", DrawAttempt.claim_by_at <= bindparam("moment"))
    .values(claim_state="forfeited")
)
NEW_ATTEMPT = insert(table_of(DrawAttempt)).returning(table_of(DrawAttempt).c.id)


@dataclass(frozen=True)
class Payment:
    """How an attempt was paid: free, ticket or points."""

    paid_with: str
    points: int


@dataclass(frozen=True)
class Fall:
    """How the number fell: the attempt's place in the day, the member's text, the roll, and the odds it met."""

    counter: int
    text: str
    roll: int
    odds: JsonObject


def by_key(key: str) -> tuple[int, int] | None:
    """The attempt (id, draw) that was made under a key, if any."""
    row = db.session.execute(BY_KEY, {"key": key}).one_or_none()
    return (row.id, row.draw_id) if row else None


def odds_document(prizes: Sequence[Prize], chances: Sequence[Odds], won: Prize) -> JsonObject:
    """The odds as they were, and the prize as it was named: later edits change neither."""
    titles = {prize.id: prize.title for prize in prizes}
    return {
        "prizes": [
            {"id": each.prize_id, "title": titles[each.prize_id], "parts": each.parts} for each in chances
        ],
        "won": {"title": won.title, "kind": won.kind, "points": won.points, "picture": won.picture},
    }


def record(
    draw: Draw,
    member_id: int,
    key: str,
    payment: Payment,
    fall: Fall,
    prize: Prize,
    claim_by_at: datetime | None,
    occasion: Occasion,
) -> int:
    """Write an attempt.  A second one under the same key fails on the database's constraint.  Returns its id."""
    row = {
        "draw_id": draw.id,
        "member_id": member_id,
        "day": occasion.today,
        "counter": fall.counter,
        "member_text": fall.text,
        "roll": fall.roll,
        "odds": fall.odds,
        "prize_id": prize.id,
        "paid_with": payment.paid_with,
        "price_points": payment.points,
        "draw_revision": draw.revision,
        "rulebook_version": occasion.version,
        "idempotency_key": key,
        "claim_state": "waiting" if claim_by_at else "none",
        "claim_by_at": claim_by_at,
        "at": occasion.now,
    }
    return int(db.session.execute(NEW_ATTEMPT, row).scalar_one())


def mark_claimed(attempt_id: int, order_id: int, now: datetime) -> bool:
    """A waiting prize becomes an order.  False when it was claimed or forfeited before."""
    values = {"attempt": attempt_id, "claimed_order": order_id, "moment": now}
    return bool(db.session.execute(CLAIM, values, execution_options=QUIET).rowcount)  # type: ignore[attr-defined]


def forfeit_overdue(now: datetime) -> int:
    """Prizes that nobody claimed in time are forfeited.  Returns how many."""
    changed = db.session.execute(FORFEIT, {"moment": now}, execution_options=QUIET)
    return int(changed.rowcount)  # type: ignore[attr-defined]
