"""A second person decides what somebody asked for: it is then done exactly once, with the same checks as if done now."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from shop.books import approvals, audit
from shop.books.approvals import Asked
from shop.books.points.adjustments import Wish, book
from shop.books.publications import Publication, make_version
from shop.books.rulebooks import lock_publication
from shop.errors import InvalidInput, RulebookRefused
from shop.rules.rulebook import RulebookInvalid, parse_rulebook
from shop.transaction import transaction

REASON_LENGTH_MAX = 200


def approve(approval_id: int, *, staff_id: int, reason: str, now: datetime) -> Mapping[str, Any]:
    """Do what was asked for, and return what came of it (``version`` or ``entry_id``).

    Raises NotFound, ApprovalOfOwn, NotAllowed, ApprovalDecided on a repeat, and whatever the deed itself refuses: then
    nothing was done, and it goes on waiting.
    """
    with transaction():
        lock_publication()
        asked = approvals.take_up(approval_id, now)
        approvals.admit(asked, staff_id)
        result = DEEDS[asked.kind](asked, now)
        approvals.decide(
            approval_id, "approved", staff_id=staff_id, reason=reason.strip(), now=now, result=result
        )
        _record(asked, "approval.approve", staff_id, reason, now)
        return result


def refuse(approval_id: int, *, staff_id: int, reason: str, now: datetime) -> None:
    """Say no, and why.  Raises NotFound, ApprovalOfOwn, NotAllowed, ApprovalDecided, and InvalidInput without a reason."""
    if not 0 < len(reason.strip()) <= REASON_LENGTH_MAX:
        raise InvalidInput
    with transaction():
        asked = approvals.take_up(approval_id, now)
        approvals.admit(asked, staff_id)
        approvals.decide(approval_id, "refused", staff_id=staff_id, reason=reason.strip(), now=now)
        _record(asked, "approval.refuse", staff_id, reason, now)


def withdraw(approval_id: int, *, staff_id: int, now: datetime) -> None:
    """Take back what one asked for oneself, or what the command line asked for.  Raises NotFound and ApprovalDecided."""
    with transaction():
        asked = approvals.take_up(approval_id, now)
        if asked.asked_by_staff_id not in (None, staff_id):
            raise InvalidInput
        approvals.decide(approval_id, "withdrawn", staff_id=staff_id, reason="", now=now)
        _record(asked, "approval.withdraw", staff_id, "", now)


def expire_approvals(now: datetime) -> int:
    """End what nobody decided within two weeks.  Returns how many."""
    with transaction():
        return approvals.expire(now)


def _publish(asked: Asked, now: datetime) -> dict[str, Any]:
    moment = asked.payload["effective_at"]
    publication = Publication(
        effective_at=datetime.fromisoformat(moment) if moment else None,
        staff_id=asked.asked_by_staff_id,
        note=asked.reason,
        now=now,
        key=f"approval:{asked.id}",
    )
    try:
        rulebook = parse_rulebook(asked.payload["document"])
    except RulebookInvalid as invalid:  # asked for before an upgrade that checks more
        raise RulebookRefused(invalid.faults) from invalid
    return {"version": make_version(rulebook, publication)}


def _adjust(asked: Asked, now: datetime) -> dict[str, Any]:
    done = book(Wish.from_payload(asked.payload), now)
    return {"entry_id": done.entry_id, "points": done.points}


DEEDS: Mapping[str, Callable[[Asked, datetime], dict[str, Any]]] = {
    "publication": _publish,
    "adjustment": _adjust,
    "grant": _adjust,
}


def _record(asked: Asked, action: str, staff_id: int, reason: str, now: datetime) -> None:
    audit.record(
        staff_id=staff_id, action=action, subject=f"approval:{asked.id}", now=now, reason=reason.strip()
    )
