"""Staff give a tier for a time, with a reason and an end; and take it back."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from shop.books import audit
from shop.books.rulebooks import occasion_at
from shop.books.tiers import history, measures
from shop.books.tiers.history import Note, Standing
from shop.errors import InvalidInput, KeyReused, NotFound, TierHeldAlready
from shop.rules.points.expiry import start_of_day
from shop.rules.points.tiers import Move, after_gift, position_of
from shop.transaction import transaction

REASON_LENGTH_MAX = 200
YEARS_MAX = timedelta(days=3660)


def grant_tier(
    member_id: int, code: str, *, until_on: date, reason: str, staff_id: int, key: str, now: datetime
) -> int:
    """Give a member a tier to the end of a day, in the audit trail.  Returns the change.

    The same ``key`` again changes nothing and returns the first change; with another tier or day it is KeyReused.  A
    granted tier may be granted on, to a later day.  Raises InvalidInput, NotFound, TierHeldAlready.
    """
    reason = _sound(reason)
    reference = f"tier-grant:{key}"
    with transaction():
        occasion = occasion_at(now)
        until_at = start_of_day(until_on + timedelta(days=1), occasion.zone)
        if first := history.known(reference):
            if (first.member_id, first.to_code, first.until_at) != (member_id, code, until_at):
                raise KeyReused
            return first.change_id
        standing, place = history.lock(member_id, occasion), position_of(code, occasion.rulebook)
        if standing is None or place < 0:
            raise NotFound
        if not occasion.today <= until_on <= occasion.today + YEARS_MAX:
            raise InvalidInput
        held = standing.held
        goes_on = held.code == code and held.until_at is not None and held.until_at < until_at
        if position_of(held.code, occasion.rulebook) >= place and not goes_on:
            raise TierHeldAlready(occasion.rulebook.tier(held.code).name)
        move = Move(tier=occasion.rulebook.tiers[place], why="granted", until_at=until_at)
        note = Note(reference=reference, staff_id=staff_id, reason=reason)
        change_id = history.write(standing, move, occasion, note)
        _record("member.grant_tier", standing, move, staff_id, reason, now)
    return change_id


def withdraw_tier(member_id: int, *, reason: str, staff_id: int, now: datetime) -> None:
    """End a granted tier before its day: the member stands where purchases have led.  A repeat changes nothing.

    Raises InvalidInput without a reason, NotFound.
    """
    reason = _sound(reason)
    with transaction():
        occasion = occasion_at(now)
        standing = history.lock(member_id, occasion)
        if standing is None:
            raise NotFound
        if standing.held.why != "granted":
            return
        earned = history.earned_before(member_id, occasion)
        bought = [gift for gift in history.gifts_at(member_id, now) if gift.why == "bought"]
        amounts = measures.amounts_of(member_id, occasion.rulebook)
        move = after_gift(earned, bought, amounts, occasion.rulebook, now, occasion.zone)
        move = replace(move, why="withdrawn")
        history.write(standing, move, occasion, Note(staff_id=staff_id, reason=reason))
        _record("member.withdraw_tier", standing, move, staff_id, reason, now)


def _sound(reason: str) -> str:
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH_MAX:
        raise InvalidInput
    return reason


def _record(action: str, standing: Standing, move: Move, staff_id: int, reason: str, now: datetime) -> None:
    def told(code: str, until_at: datetime | None) -> dict[str, Any]:
        return {"tier": code, "tier_until_at": until_at.isoformat() if until_at else None}

    audit.record(
        staff_id=staff_id,
        action=action,
        subject=f"member:{standing.member_id}",
        now=now,
        before=told(standing.held.code, standing.held.until_at),
        after=told(move.tier.code, move.until_at),
        reason=reason,
    )
