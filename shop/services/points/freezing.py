"""Staff freeze a member's points with a reason and a day to look again, and let them go on."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import select

from shop.books import audit, outbox
from shop.books.points import accounts, freezes
from shop.books.points.freezes import Freeze
from shop.books.rulebooks import occasion_at
from shop.errors import FrozenAlready, InvalidInput, NotFound
from shop.extensions import db
from shop.models import PointsAccount
from shop.transaction import transaction

__all__ = ["REVIEW_DAYS_MAX", "Freeze", "freeze_points", "thaw_points"]

REASON_LENGTH_MAX = 200
REVIEW_DAYS_MAX = 180


def freeze_points(member_id: int, what: Freeze, now: datetime) -> int:
    """Freeze spending, earning or both.  Returns the freeze's id.

    What is earned meanwhile waits as pending points; nothing lapses.  Raises InvalidInput, NotFound, and FrozenAlready
    while a freeze is open: a repeat changes nothing.
    """
    with transaction():
        occasion = occasion_at(now)
        latest = occasion.today + timedelta(days=REVIEW_DAYS_MAX)
        if not _is_reason(what.reason) or not (what.freezes_spending or what.freezes_earning):
            raise InvalidInput
        if not occasion.today < what.review_on <= latest:
            raise InvalidInput
        _lock(member_id)
        if freezes.is_open(member_id):
            raise FrozenAlready
        freeze_id = freezes.freeze(member_id, what, occasion)
        payload = {
            "member_id": member_id,
            "reason": what.reason,
            "review_on": what.review_on.isoformat(),
        }
        outbox.put("points_frozen", f"points_frozen:{freeze_id}", now, payload)
        after = {**asdict(what), "review_on": what.review_on.isoformat()}
        audit.record(
            staff_id=what.staff_id,
            action="points.freeze",
            subject=f"member:{member_id}",
            now=now,
            after={name: after[name] for name in ("freezes_spending", "freezes_earning", "review_on")},
            reason=what.reason,
        )
    return freeze_id


def thaw_points(member_id: int, *, reason: str, staff_id: int, now: datetime) -> bool:
    """End the open freeze.  False when there is none: a repeat changes nothing.  Raises InvalidInput, NotFound."""
    if not _is_reason(reason):
        raise InvalidInput
    with transaction():
        _lock(member_id)
        freeze_id = freezes.thaw(member_id, reason.strip(), staff_id, occasion_at(now))
        if freeze_id is None:
            return False
        payload = {"member_id": member_id, "freeze_id": freeze_id}
        outbox.put("points_thawed", f"points_thawed:{freeze_id}", now, payload)
        audit.record(
            staff_id=staff_id,
            action="points.thaw",
            subject=f"member:{member_id}",
            now=now,
            reason=reason.strip(),
        )
    return True


def _lock(member_id: int) -> None:
    if db.session.scalar(select(PointsAccount.id).where(PointsAccount.member_id == member_id)) is None:
        raise NotFound
    accounts.lock(member_id)


def _is_reason(reason: str) -> bool:
    return 0 < len(reason.strip()) <= REASON_LENGTH_MAX
