"""A merchant changes a member's points by hand: with a reason and a name."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.books import audit, outbox
from shop.books.points import accounts, entries
from shop.books.points.entries import Line
from shop.books.rulebooks import Occasion, occasion_at
from shop.errors import InvalidInput, KeyReused, NotFound
from shop.extensions import db
from shop.models import PointsAccount, PointsEntry
from shop.rules.reasons import because
from shop.rules.rulebook import SourceClass
from shop.transaction import transaction

POINTS_MAX = 1_000_000
REASON_LENGTH_MAX = 200


@dataclass(frozen=True)
class Adjustment:
    """The entry that was written, and the balance after it."""

    entry_id: int
    points: int
    balance_after_points: int


def adjust_points(
    member_id: int,
    points: int,
    *,
    reason: str,
    staff_id: int | None,
    key: str,
    now: datetime,
    source_class: SourceClass = "grant",
) -> Adjustment:
    """Give (``points`` above 0) or take points by hand; the source class decides the expiry of what is given.

    The same ``key`` again changes nothing and returns the first adjustment.  Raises InvalidInput, NotFound,
    InsufficientPoints when more is taken than there is, and KeyReused when the key came with another request.
    """
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH_MAX or points == 0 or abs(points) > POINTS_MAX:
        raise InvalidInput
    with transaction() as session:
        if session.scalar(select(PointsAccount.id).where(PointsAccount.member_id == member_id)) is None:
            raise NotFound
        before = accounts.lock(member_id).balance_points
        reference = f"adjust:{key}"
        if first := _booked(reference, member_id, points, reason):
            return first
        line = Line(
            kind="adjust",
            program_account="adjusted",
            reference=reference,
            reasons=(because("adjusted", reason=reason),),
            source_class=source_class,
            staff_id=staff_id,
        )
        entry_id = _move(member_id, points, line, source_class, occasion_at(now))
        after = accounts.lock(member_id).balance_points
        outbox.put("points_adjusted", f"points_adjusted:{entry_id}", now, {"entry_id": entry_id})
        audit.record(
            staff_id=staff_id,
            action="points.adjust",
            subject=f"member:{member_id}",
            now=now,
            before={"balance_points": before},
            after={"balance_points": after, "points": points, "entry_id": entry_id},
            reason=reason,
        )
    return Adjustment(entry_id, points, after)


def _move(member_id: int, points: int, line: Line, source_class: SourceClass, occasion: Occasion) -> int:
    if points < 0:
        return entries.redeem(member_id, -points, line, occasion)
    return entries.earn(
        member_id,
        points,
        source_class=source_class,
        reference=line.reference,
        occasion=occasion,
        reasons=line.reasons,
        kind=line.kind,
        program_account=line.program_account,
        staff_id=line.staff_id,
    )


def _booked(reference: str, member_id: int, points: int, reason: str) -> Adjustment | None:
    """The adjustment already booked under this reference; refused when it was another one."""
    statement = (
        select(
            PointsEntry.id,
            PointsEntry.points,
            PointsEntry.balance_after_points,
            PointsEntry.reasons,
            PointsAccount.member_id,
        )
        .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
        .where(PointsEntry.reference == reference)
    )
    row = db.session.execute(statement).one_or_none()
    if row is None:
        return None
    told = row.reasons[0]["params"]["reason"]
    if (row.member_id, row.points, told) != (member_id, points, reason):
        raise KeyReused
    return Adjustment(row.id, row.points, row.balance_after_points)
