"""Awards by threshold of the month: they stand while the month's purchases, less what went back, still reach it (E04).

Callers hold the lock of the member's account, and have counted what goes back: whichever purchase of the month it is of.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from shop.books.points import entries
from shop.books.points.entries import Line
from shop.books.rulebooks import occasion_under
from shop.extensions import db, table_of
from shop.models import MonthReversal, PointsEntry, Purchase
from shop.rules.points.award_documents import awards_from_documents
from shop.rules.points.earning import Award
from shop.rules.points.reversing import Standing, month_points_to_take_back
from shop.rules.reasons import Reason, because

QUIET = {"synchronize_session": False}
OF_PURCHASE = select(Purchase.member_id, Purchase.paid_on).where(Purchase.id == bindparam("purchase_id"))
OF_MONTH = (
    select(
        Purchase.id,
        Purchase.member_id,
        Purchase.order_id,
        Purchase.awards,
        Purchase.rulebook_version,
        Purchase.credited_at,
        (Purchase.cents - Purchase.refunded_cents).label("left_cents"),
    )
    .where(
        Purchase.member_id == bindparam("member_id"),
        Purchase.paid_on.between(bindparam("first"), bindparam("last")),
    )
    .order_by(Purchase.id)
)
CREDITED = select(PointsEntry.id, PointsEntry.points, PointsEntry.reference).where(
    PointsEntry.purchase_id == bindparam("purchase_id"), PointsEntry.kind == "earn"
)
TAKEN = (
    select(MonthReversal.award, func.sum(MonthReversal.points), func.max(MonthReversal.entry_id))
    .where(MonthReversal.purchase_id == bindparam("purchase_id"))
    .group_by(MonthReversal.award, MonthReversal.entry_id.is_(None))
)
LEFT_OUT = (
    select(MonthReversal.award, MonthReversal.points, MonthReversal.reason)
    .where(MonthReversal.purchase_id == bindparam("purchase_id"), MonthReversal.entry_id.is_(None))
    .order_by(MonthReversal.id)
)
BOOKED = select(PointsEntry.points).where(PointsEntry.id == bindparam("entry_id"))
NEW = insert(table_of(MonthReversal)).returning(table_of(MonthReversal).c.id)
LET_GO = update(MonthReversal).where(MonthReversal.id == bindparam("of_reversal"))


@dataclass(frozen=True)
class Fallen:
    """An award that the month no longer carries: so many points of it are void now.  ``purchase`` is its row."""

    purchase: Any
    number: int
    award: Award
    entry_id: int | None
    points: int
    reason: Reason


def take_back(purchase_id: int, cause: str, now: datetime, *, waive: bool | None = None) -> int:
    """After a return of this purchase, take back the awards of its month that are reached no more.  Returns the points.

    Once for each ``cause``, the reference of the return.  What the member does not have any more becomes debt, or is let
    go: when ``waive`` says so, or with None the rules under which the award was made.
    """
    fallen = fallen_by(purchase_id, 0)
    for each in fallen:
        _take_back(each, cause, now, waive=waive)
    return sum(each.points for each in fallen)


def fallen_by(purchase_id: int, cents_back: int) -> list[Fallen]:
    """The awards of the purchase's month that fall when so many cents more of it go back."""
    purchase = db.session.execute(OF_PURCHASE, {"purchase_id": purchase_id}).one()
    first, last = _month_of(purchase.paid_on)
    values = {"member_id": purchase.member_id, "first": first, "last": last}
    rows = db.session.execute(OF_MONTH, values).all()
    left_cents = sum(row.left_cents for row in rows) - cents_back
    return [each for row in rows for each in _fallen(row, left_cents)]


def left_out(purchase_id: int) -> dict[int, tuple[int, tuple[Reason, ...]]]:
    """By the number of the award: the points that are void before it was credited, and why."""
    found: dict[int, tuple[int, tuple[Reason, ...]]] = {}
    for row in db.session.execute(LEFT_OUT, {"purchase_id": purchase_id}):
        points, reasons = found.get(row.award, (0, ()))
        found[row.award] = (points + row.points, (*reasons, Reason.from_document(row.reason)))
    return found


def without_fallen(
    purchase_id: int, awards: Sequence[Award], left: Sequence[int]
) -> tuple[tuple[Award, ...], tuple[int, ...]]:
    """Awards that are about to be credited, and what is left of each, less what is void already."""
    void = left_out(purchase_id)
    if not void:
        return tuple(awards), tuple(left)
    kept, rest = [], []
    for number, (award, points) in enumerate(zip(awards, left, strict=True), start=1):
        gone, reasons = void.get(number, (0, ()))
        kept.append(replace(award, points=award.points - gone, reasons=(*award.reasons, *reasons)))
        rest.append(max(0, points - gone))
    return tuple(kept), tuple(rest)


def _fallen(row: Any, left_cents: int) -> list[Fallen]:
    numbered = [
        (number, award)
        for number, award in enumerate(awards_from_documents(row.awards).awards, start=1)
        if award.threshold is not None and award.threshold.of == "month"
    ]
    if not numbered:
        return []
    credited = _credited(row.id)
    taken = {(number, entry_id): int(points) for number, points, entry_id in _taken(row.id)}
    standings = []
    for number, award in numbered:
        entry_id, points = credited.get(number, (None, 0 if row.credited_at else award.points))
        before = taken.get((number, entry_id), 0)
        standings.append(Standing(award.points, points, before, award.shares, award.threshold))
    back = month_points_to_take_back(standings, left_cents)
    return [
        Fallen(
            row, number, award, credited.get(number, (None, 0))[0], points, _why(award, points, left_cents)
        )
        for (number, award), points in zip(numbered, back, strict=True)
        if points
    ]


def _credited(purchase_id: int) -> dict[int, tuple[int, int]]:
    """The entries that a purchase earned, by the number of their award."""
    rows = db.session.execute(CREDITED, {"purchase_id": purchase_id})
    return {int(row.reference.rpartition(":")[2]): (row.id, row.points) for row in rows}


def _taken(purchase_id: int) -> Sequence[Any]:
    return db.session.execute(TAKEN, {"purchase_id": purchase_id}).all()


def _why(award: Award, points: int, left_cents: int) -> Reason:
    assert award.threshold is not None, "only awards by threshold fall"
    name = next((each.params["name"] for each in award.reasons if "name" in each.params), award.rule or "")
    cents = award.threshold.cents
    return because("month_below", name=name, cents=cents, left_cents=max(0, left_cents), points=points)


def _take_back(fallen: Fallen, cause: str, now: datetime, *, waive: bool | None) -> None:
    row = {
        "purchase_id": fallen.purchase.id,
        "award": fallen.number,
        "cause": cause,
        "entry_id": fallen.entry_id,
        "points": fallen.points,
        "waived_points": 0,
        "reason": fallen.reason.to_document(),
        "at": now,
    }
    reversal_id = db.session.execute(NEW, row).scalar_one()
    if fallen.entry_id is None:
        return
    taken = _claw(fallen, fallen.entry_id, cause, now, waive=waive)
    if taken < fallen.points:
        values = {"waived_points": fallen.points - taken}
        db.session.execute(LET_GO.values(values), {"of_reversal": reversal_id}, execution_options=QUIET)


def _claw(fallen: Fallen, award_entry_id: int, cause: str, now: datetime, *, waive: bool | None) -> int:
    """Book it.  Returns what the balance gave and what became debt."""
    purchase = fallen.purchase
    under = occasion_under(purchase.rulebook_version, now)
    line = Line(
        "claw_back",
        "clawed_back",
        f"{cause}:month:{purchase.id}:{fallen.number}",
        (fallen.reason,),
        source_class="purchase",
        order_id=purchase.order_id,
        corrects_entry_id=award_entry_id,
        purchase_id=purchase.id,
    )
    waives = under.rulebook.returns.shortage == "waive" if waive is None else waive
    own = frozenset({award_entry_id})
    entry_id = entries.claw_back(purchase.member_id, fallen.points, line, own, under, waive=waives)
    return -int(db.session.scalar(BOOKED, {"entry_id": entry_id}) or 0)


def _month_of(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
