"""By the clock: terms of tiers end, members hear of it ahead, and everyone moves when the rules do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Row, String, cast, exists, func, select

from shop.books import outbox
from shop.books.rulebooks import Occasion, occasion_at
from shop.books.tiers import history, marks, measures
from shop.books.tiers.history import Standing
from shop.extensions import db
from shop.models import Member, OutboxEvent, RulebookVersion, TierChange
from shop.rules.points.tiers import (
    GIFTS,
    Move,
    after_gift,
    climb,
    give_term,
    last_day_of,
    needed_for,
    needs_term,
    position_of,
    review,
    review_due_at,
    review_span,
    span_now,
    tier_for,
)
from shop.transaction import transaction

BATCH = 200
BATCHES_MAX = 50
TERMS_MAX = 24
"""A worker that was away for years catches up by so many terms of a member in one go; the rest the next time."""
OVERLAP = timedelta(minutes=10)
"""Entries are written a little later than they say; those of the last minutes are looked at twice."""
KEY = "tier_ending:"


def review_tiers(now: datetime) -> int:
    """Look at every tier whose term is over: keep it for another, or let it fall.  Returns how many changed.

    Each in a transaction of its own, as of the moment at which it was due: a late worker decides like a punctual one.
    Safe to run twice and on two machines.
    """
    reviewed, after = 0, (measures.EVER, 0)
    if not _has_rules():
        return 0
    while batch := history.members_with_terms(now, after, BATCH):
        for _end, member_id in batch:
            reviewed += _review(member_id, now)
        after = batch[-1]
    return reviewed


def remind_of_terms(now: datetime) -> int:
    """Tell each member whose tier ends within the rulebook's days, and who would lose it, what is missing.

    Once for each term, however often this runs.  Returns how many are new.
    """
    if not _has_rules():
        return 0
    occasion = occasion_at(now)
    told, last_id = 0, 0
    while rows := _ending(occasion, last_id):
        for row in rows:
            told += _remind(row.id, occasion)
        last_id = rows[-1].id
    return told


def follow_the_ladder(now: datetime) -> int:
    """After new rules took effect, lift whoever has reached more by them, and give terms where tiers now have some.

    Nobody falls by a change of rules.  Returns how many changed.  Goes on where it was cut off.
    """
    if not _has_rules():
        return 0
    changed = 0
    for _batch in range(BATCHES_MAX):
        occasion = occasion_at(now)
        mark = marks.of("ladder")
        if mark.version == occasion.version and mark.member_id == marks.ALL:
            break
        last_id = mark.member_id if mark.version == occasion.version else 0
        rows = db.session.execute(
            select(Member.id, Member.tier_code, Member.tier_until_at)
            .where(Member.id > last_id)
            .order_by(Member.id)
            .limit(BATCH)
        ).all()
        changed += sum(_move_up(member_id, now) for member_id in _moved_by_rules(rows, occasion))
        upto = rows[-1].id if len(rows) == BATCH else marks.ALL
        with transaction():
            marks.put("ladder", version=occasion.version, member_id=upto, at=now)
    return changed


def follow_earnings(now: datetime) -> int:
    """Where points earned are the measure, lift whoever earned some since the last time.  Returns how many changed."""
    if not _has_rules():
        return 0
    occasion = occasion_at(now)
    if occasion.rulebook.tier_policy.measure != "points":
        return 0
    since = marks.of("earnings").at - OVERLAP
    changed = sum(_move_up(member_id, now) for member_id in measures.earned_since(since, occasion))
    with transaction():
        marks.put("earnings", version=occasion.version, member_id=0, at=now)
    return changed


def _has_rules() -> bool:
    return db.session.scalar(select(RulebookVersion.id).limit(1)) is not None


def _review(member_id: int, now: datetime) -> bool:
    """Every review that is due for a member, one after another, and what today's window has reached on top."""
    with transaction():
        occasion = occasion_at(now)
        changed = False
        for _term in range(TERMS_MAX):
            standing = history.lock(member_id, occasion)
            if standing is None or not _review_one(standing, occasion):
                break
            changed = True
        if changed and (standing := history.lock(member_id, occasion)):
            amounts = measures.amounts_of(member_id, occasion.rulebook)
            if move := climb(standing.held, amounts, occasion.rulebook, now, occasion.zone):
                history.write(standing, move, occasion)
    return changed


def _review_one(standing: Standing, occasion: Occasion) -> bool:
    """One review, under the rules of the moment at which it was due.  False when none is due."""
    due_at = review_due_at(standing.held, occasion.rulebook.tier_policy, occasion.zone)
    if due_at > occasion.now:
        return False
    then = occasion_at(due_at)
    move = _verdict(standing, then)
    if move is None:
        return False
    history.write(standing, move, then)
    return True


def _verdict(standing: Standing, then: Occasion) -> Move | None:
    """What becomes of the tier at a moment, which may lie ahead: then it is what would be if nothing else happened."""
    amounts = measures.amounts_of(standing.member_id, then.rulebook)
    gifts = history.gifts_at(standing.member_id, then.now)
    if standing.held.why not in GIFTS:
        return review(standing.held, gifts, amounts, then.rulebook, then.zone)
    earned = history.earned_before(standing.member_id, then)
    return after_gift(earned, gifts, amounts, then.rulebook, then.now, then.zone)


def _ending(occasion: Occasion, last_id: int) -> Sequence[Row[int]]:
    """Members whose term ends soon and who were not told yet: each term is a row of the history."""
    term = (
        select(func.max(TierChange.id))
        .where(TierChange.member_id == Member.id)
        .correlate(Member)
        .scalar_subquery()
    )
    ahead = timedelta(days=occasion.rulebook.tier_policy.notice_days)
    statement = (
        select(Member.id)
        .where(
            Member.tier_until_at > occasion.now,
            Member.tier_until_at <= occasion.now + ahead,
            Member.id > last_id,
            Member.state == "active",
            ~exists().where(OutboxEvent.key == KEY + cast(term, String)).correlate(Member),
        )
        .order_by(Member.id)
        .limit(BATCH)
    )
    return db.session.execute(statement).all()


def _remind(member_id: int, occasion: Occasion) -> bool:
    """Tell a member what is missing; nothing where the tier would be kept as things stand."""
    with transaction():
        standing = history.lock(member_id, occasion)
        if standing is None or (until_at := standing.held.until_at) is None:
            return False
        key = f"{KEY}{standing.change_id}"
        if outbox.is_known(key):
            return False
        held, rulebook, zone = standing.held, occasion.rulebook, occasion.zone
        due_at = review_due_at(held, rulebook.tier_policy, zone)
        move = _verdict(standing, replace(occasion, now=due_at))
        place = position_of(held.code, rulebook)
        if move is None or position_of(move.tier.code, rulebook) >= place:
            return False
        tier = rulebook.tiers[place]
        is_gift = held.why in GIFTS
        amount = measures.amounts_of(member_id, rulebook)(review_span(held, rulebook.tier_policy, zone))
        payload = {
            "member_id": member_id,
            "tier_name": tier.name,
            "measure": "gift" if is_gift else rulebook.tier_policy.measure,
            "missing": max(0, needed_for(tier, rulebook.tier_policy) - amount),
            "until_on": last_day_of(until_at, zone).isoformat(),
            "due_on": last_day_of(due_at, zone).isoformat(),
            "change_id": standing.change_id,
        }
        outbox.put("tier_ending", key, occasion.now, payload)
    return True


def _moved_by_rules(rows: Sequence[Row[int, str, datetime | None]], occasion: Occasion) -> list[int]:
    """Those of a batch who have reached more than they hold, or hold what the ladder or the terms no longer know."""
    rulebook = occasion.rulebook
    span = span_now(rulebook, occasion.now, occasion.zone)
    measure = rulebook.tier_policy.measure
    amounts = measures.amounts_for([row.id for row in rows], measure, span) if rows else {}
    return [
        row.id
        for row in rows
        if position_of(tier_for(amounts.get(row.id, 0), rulebook).code, rulebook)
        > position_of(row.tier_code, rulebook)
        or needs_term(row.tier_code, row.tier_until_at, rulebook)
    ]


def _move_up(member_id: int, now: datetime) -> bool:
    with transaction():
        occasion = occasion_at(now)
        standing = history.lock(member_id, occasion)
        if standing is None:
            return False
        rulebook, zone = occasion.rulebook, occasion.zone
        amounts = measures.amounts_of(member_id, rulebook)
        move = climb(standing.held, amounts, rulebook, now, zone) or give_term(
            standing.held, amounts, rulebook, now, zone
        )
        if move is None:
            return False
        history.write(standing, move, occasion)
    return True
