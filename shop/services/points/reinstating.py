"""Points that lapsed are given back by hand: with a reason, once for each lapse, never more than lapsed."""

from datetime import datetime

from sqlalchemy import bindparam, select

from shop.books import audit, outbox
from shop.books.points import accounts, entries
from shop.books.points.entries import Line
from shop.books.rulebooks import occasion_at
from shop.errors import InvalidInput, NotFound, ReinstatedAlready
from shop.extensions import db
from shop.models import PointsAccount, PointsEntry
from shop.rules.points.expiry import end_after
from shop.rules.reasons import because
from shop.transaction import transaction

REASON_LENGTH_MAX = 200
DAYS_MAX = 365
LAPSE = (
    select(PointsEntry.points, PointsEntry.source_class, PointsAccount.kind)
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .where(
        PointsEntry.id == bindparam("entry_id"),
        PointsEntry.kind == "expire",
        PointsAccount.member_id == bindparam("member_id"),
    )
)
DONE = select(PointsEntry.id, PointsEntry.points, PointsEntry.reasons).where(
    PointsEntry.reference == bindparam("reference")
)


def reinstate_points(
    member_id: int, entry_id: int, points: int, *, days: int, reason: str, staff_id: int, now: datetime
) -> int:
    """Open a new lot of ``points`` that lapsed in this entry, for ``days`` more days.  Returns the new entry.

    The same wish again answers with the first entry; another one raises ReinstatedAlready.  Raises InvalidInput for
    more than lapsed, and NotFound for an entry that is no lapse of this member.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_LENGTH_MAX or not 1 <= days <= DAYS_MAX:
        raise InvalidInput
    with transaction():
        lapse = db.session.execute(LAPSE, {"entry_id": entry_id, "member_id": member_id}).one_or_none()
        if lapse is None:
            raise NotFound
        accounts.lock(member_id)
        reference = f"reinstate:{entry_id}"
        if first := _done(reference, points, reason):
            return first
        if not 0 < points <= -lapse.points:
            raise InvalidInput
        occasion = occasion_at(now)
        line = Line(
            "grant",
            "expired",
            reference,
            (because("reinstated", reason=reason, lapsed_points=-lapse.points),),
            source_class=lapse.source_class,
            corrects_entry_id=entry_id,
            staff_id=staff_id,
        )
        ends = end_after(days, occasion.today, occasion.zone)
        new_entry = entries.earn(member_id, points, line, occasion, expires_at=ends, points_kind=lapse.kind)
        outbox.put("points_reinstated", f"points_reinstated:{new_entry}", now, {"entry_id": new_entry})
        audit.record(
            staff_id=staff_id,
            action="points.reinstate",
            subject=f"member:{member_id}",
            now=now,
            after={"points": points, "entry_id": new_entry},
            reason=reason,
        )
    return new_entry


def _done(reference: str, points: int, reason: str) -> int | None:
    row = db.session.execute(DONE, {"reference": reference}).one_or_none()
    if row is None:
        return None
    if (row.points, row.reasons[0]["params"]["reason"]) != (points, reason):
        raise ReinstatedAlready
    return int(row.id)
