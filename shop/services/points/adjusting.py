"""A merchant changes a member's points by hand: with a reason and a name, above a limit with a second person (E20)."""

from datetime import date, datetime

from shop.adapters.attachments import keep_attachment
from shop.books import approvals, audit
from shop.books.points.adjustments import (
    Adjustment,
    Wish,
    book,
    booked_before,
    check_wish,
    needs_second_person,
)
from shop.books.rulebooks import occasion_at
from shop.errors import SecondPersonNeeded
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.rulebook import SourceClass
from shop.transaction import transaction

__all__ = ["Adjustment", "adjust_points", "ask_to_adjust_points"]


def adjust_points(
    member_id: int,
    points: int,
    *,
    reason: str,
    staff_id: int | None,
    key: str,
    now: datetime,
    source_class: SourceClass = "grant",
    expires_on: date | None = None,
    attachment: bytes | None = None,
    points_kind: str = MAIN_KIND,
) -> Adjustment:
    """Give (``points`` above 0) or take points by hand; the source class decides the expiry of what is given.

    ``expires_on`` is a last day instead of the class's; ``attachment`` a picture or PDF that shows why.  The same ``key``
    again changes nothing and returns the first adjustment.  Raises InvalidInput, NotFound, InsufficientPoints when more
    is taken than there is, KeyReused when the key came with another request, SecondPersonNeeded above the rulebook's
    limit, and AttachmentRefused.
    """
    kept = keep_attachment(attachment)
    wish = Wish(member_id, points, reason.strip(), source_class, expires_on, kept, staff_id, key, points_kind)
    with transaction():
        if first := booked_before(wish):
            return first
        if needs_second_person(points, occasion_at(now)):
            raise SecondPersonNeeded
        return book(wish, now)


def ask_to_adjust_points(
    member_id: int,
    points: int,
    *,
    reason: str,
    staff_id: int,
    key: str,
    now: datetime,
    source_class: SourceClass = "grant",
    expires_on: date | None = None,
    attachment: bytes | None = None,
    points_kind: str = MAIN_KIND,
) -> int:
    """Ask for a second person to adjust points.  Nothing moves before.  Returns the approval; a repeat the first one."""
    kept = keep_attachment(attachment)
    wish = Wish(member_id, points, reason.strip(), source_class, expires_on, kept, staff_id, key, points_kind)
    with transaction():
        check_wish(wish, occasion_at(now))
        is_first = not approvals.is_known("adjustment", key)
        asked = approvals.ask(
            "adjustment", f"member:{member_id}", wish.to_payload(),
            key=key, reason=wish.reason, staff_id=staff_id, now=now,
        )  # fmt: skip
        if is_first:
            audit.record(
                staff_id=staff_id,
                action="approval.ask",
                subject=f"approval:{asked}",
                now=now,
                reason=wish.reason,
            )
        return asked
