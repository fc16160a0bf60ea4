"""Entries of the points book.  Points move here and nowhere else.

Every function locks the member's account, so two movements of one member never overlap; every reference is unique, so
the same thing cannot be booked twice: a second attempt fails on the database's constraint, and callers that expect
repeats look the reference up first with ``entry_of``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select

from shop.books.points import accounts, lots
from shop.books.points.accounts import LockedAccount
from shop.books.points.lots import NewLot
from shop.books.rulebooks import Occasion
from shop.extensions import db, table_of
from shop.models import Allocation, Lot, PointsEntry
from shop.rules.points.allocation import Take
from shop.rules.points.debt import cover_claw_back, repay_debt
from shop.rules.points.expiry import expires_at, expiry_of_return
from shop.rules.reasons import Reason, because
from shop.rules.rulebook import SourceClass

BY_REFERENCE = select(PointsEntry.id).where(PointsEntry.reference == bindparam("reference"))
TAKEN_BY = (  # what an entry took from each lot, less what its restorations put back
    select(Allocation.lot_id, func.sum(Allocation.points).label("points"), Lot.expires_at, Lot.source_class)
    .join(Lot, Lot.id == Allocation.lot_id)
    .join(PointsEntry, PointsEntry.id == Allocation.entry_id)
    .where(
        (PointsEntry.id == bindparam("entry_id"))
        | ((PointsEntry.corrects_entry_id == bindparam("entry_id")) & (Allocation.points > 0))
    )
    .group_by(Allocation.lot_id, Lot.expires_at, Lot.source_class, Lot.credited_at)
    .order_by(Lot.expires_at.desc(), Lot.credited_at.desc(), Allocation.lot_id.desc())
)
RETURNED_LATE = (
    select(func.sum(Lot.points))
    .join(PointsEntry, PointsEntry.id == Lot.entry_id)
    .where(PointsEntry.corrects_entry_id == bindparam("entry_id"))
)
NEW_ENTRY = insert(table_of(PointsEntry)).returning(table_of(PointsEntry).c.id)


@dataclass(frozen=True)
class Line:
    """What an entry says besides its points: kind, other side, reference and why."""

    kind: str
    program_account: str
    reference: str
    reasons: Sequence[Reason] = ()
    source_class: str | None = None
    order_id: int | None = None
    corrects_entry_id: int | None = None
    staff_id: int | None = None


@dataclass(frozen=True)
class Late:
    """Points to give back whose lots have expired: of the class and end of the one that expired last."""

    points: int
    source_class: str
    expires_at: datetime


def entry_of(reference: str) -> int | None:
    """The entry already booked under a reference, if any."""
    return db.session.scalar(BY_REFERENCE, {"reference": reference})


def earn(
    member_id: int,
    points: int,
    *,
    source_class: SourceClass,
    reference: str,
    occasion: Occasion,
    reasons: Sequence[Reason] = (),
    order_id: int | None = None,
    available_at: datetime | None = None,
    kind: str = "earn",
    program_account: str = "issued",
    staff_id: int | None = None,
    account: LockedAccount | None = None,
) -> int:
    """Credit points as a new lot whose expiry the rulebook's class decides.  Debt is filled first.  Returns the entry.

    ``kind`` and ``program_account`` differ for grants and adjustments.  ``available_at`` later than now: pending points.
    ``account``: from a caller that has locked it and moved nothing since.
    """
    assert points > 0, "an earning is positive"
    line = Line(kind, program_account, reference, reasons, source_class, order_id, None, staff_id)
    policy = occasion.rulebook.expiry.policy_for(source_class)
    lot = NewLot(
        points=points,
        source_class=source_class,
        credited_at=occasion.now,
        available_at=available_at or occasion.now,
        expires_at=expires_at(policy, occasion.now, occasion.zone),
        rulebook_version=occasion.version,
    )
    return _credit(account or accounts.lock(member_id), line, occasion, points, lot, ())


def redeem(member_id: int, points: int, line: Line, occasion: Occasion) -> int:
    """Spend points at once, soonest to expire first.  Raises InsufficientPoints.  Returns the entry."""
    return redeem_from(accounts.lock(member_id), points, line, occasion)


def redeem_from(account: LockedAccount, points: int, line: Line, occasion: Occasion) -> int:
    """``redeem`` for a caller that has locked the account and moved nothing since."""
    takes = _affordable(account, points, occasion.now)
    entry_id = _write(account, line, occasion, -points, balance=-points)
    lots.record_takes(entry_id, takes)
    return entry_id


def take_held(member_id: int, takes: tuple[Take, ...], line: Line, occasion: Occasion) -> int:
    """Spend points that a hold had set aside in these lots.  Only ``holds.capture`` calls this."""
    account = accounts.lock(member_id)
    points = sum(take.points for take in takes)
    entry_id = _write(account, line, occasion, -points, balance=-points, held=-points)
    lots.record_takes(entry_id, takes, were_held=True)
    return entry_id


def claw_back(
    member_id: int,
    points: int,
    line: Line,
    own_entries: frozenset[int],
    occasion: Occasion,
    *,
    waive: bool = False,
) -> int | None:
    """Take earned points back after a refund; what the lots cannot cover becomes debt, or is waived.

    ``own_entries`` are the entries of the same order: their lots give first, after pending ones.  Returns the entry, or
    None when everything was waived.
    """
    account = accounts.lock(member_id)
    takes = lots.choose_for_claw_back(account.id, points, own_entries, occasion.now)
    covered = sum(take.points for take in takes)
    rule = replace(occasion.rulebook.returns, shortage="waive" if waive else "debt")
    cover = cover_claw_back(points, covered, rule)
    owed = cover.debt
    if covered + owed == 0:
        return None
    line = _with_reasons(line, cover.reasons)
    entry_id = _write(account, line, occasion, -covered - owed, balance=-covered, debt=owed)
    lots.record_takes(entry_id, takes)
    return entry_id


def restore(
    member_id: int, spent_entry_id: int, points: int, line: Line, occasion: Occasion, grace_days: int
) -> int:
    """Give spent points back to the lots they came from, last to expire first.  Returns the entry.

    What came from a lot that has expired meanwhile returns as one new lot of ``grace_days`` (invariant L6), without
    grace as one that has lapsed already.  Giving back more than the entry took is a bug of the caller and raises.
    """
    account = accounts.lock(member_id)
    returns, late = where_it_came_from(spent_entry_id, points, occasion.now)
    line = replace(line, corrects_entry_id=spent_entry_id)
    if returns:
        line = _with_reasons(line, (because("returned_in_time"),))
    if late is None:
        return _credit(account, line, occasion, points, None, returns)
    end = expiry_of_return(late.expires_at, occasion.now, grace_days, occasion.zone)
    grace = NewLot(
        points=late.points,
        source_class=late.source_class,
        credited_at=occasion.now,
        available_at=occasion.now,
        expires_at=end.expires_at,
        rulebook_version=occasion.version,
    )
    return _credit(account, _with_reasons(line, end.reasons), occasion, points, grace, returns)


def where_it_came_from(
    spent_entry_id: int, points: int, now: datetime
) -> tuple[tuple[Take, ...], Late | None]:
    """Parts for lots that still live, and what belongs to lots that have expired."""
    returns: list[Take] = []
    late_left = -int(db.session.scalar(RETURNED_LATE, {"entry_id": spent_entry_id}) or 0)
    late: Late | None = None
    wanted = points
    for row in db.session.execute(TAKEN_BY, {"entry_id": spent_entry_id}):
        if row.expires_at <= now:
            late_left -= int(row.points)
            late = late or Late(0, row.source_class, row.expires_at)
        elif part := min(wanted, -int(row.points)):
            returns.append(Take(row.lot_id, part))
            wanted -= part
    if wanted == 0:
        return tuple(returns), None
    assert late is not None, "more restored than was spent"
    assert wanted <= late_left, "more restored than was spent"
    return tuple(returns), replace(late, points=wanted)


def expire_lot(lot_id: int, account: LockedAccount, points: int, line: Line, occasion: Occasion) -> int:
    """Write down that a lot has lapsed.  The lot could not be spent since its moment; this only records it."""
    entry_id = _write(account, line, occasion, -points, balance=-points)
    lots.record_takes(entry_id, (Take(lot_id, points),))
    return entry_id


def _affordable(account: LockedAccount, points: int, now: datetime) -> tuple[Take, ...]:
    assert points > 0, "a spending is positive"
    return lots.choose_affordable(account, points, now)


def _credit(
    account: LockedAccount,
    line: Line,
    occasion: Occasion,
    points: int,
    lot: NewLot | None,
    returns: tuple[Take, ...],
) -> int:
    """Write an entry that brings points, into a new lot and back into old ones, and fill debt from what it brought."""
    repaid = repay_debt(points, account.debt_points)
    filled = repaid.repaid
    line = _with_reasons(line, repaid.reasons)
    entry_id = _write(account, line, occasion, points, balance=points - filled, debt=-filled)
    lots.record_returns(entry_id, returns)
    if lot:
        lot_id = lots.open_lot(account.id, entry_id, lot)
        returns = (Take(lot_id, lot.points), *returns)
    lots.record_takes(entry_id, _first(filled, returns))
    return entry_id


def _with_reasons(line: Line, reasons: Sequence[Reason]) -> Line:
    """The line with further reasons, but none of a kind that the caller has given already."""
    given = {reason.code for reason in line.reasons}
    return replace(line, reasons=(*line.reasons, *(reason for reason in reasons if reason.code not in given)))


def _first(points: int, parts: tuple[Take, ...]) -> tuple[Take, ...]:
    takes: list[Take] = []
    for part in parts:
        if taken := min(points, part.points):
            takes.append(Take(part.lot_id, taken))
            points -= taken
    return tuple(takes)


def _write(
    account: LockedAccount,
    line: Line,
    occasion: Occasion,
    points: int,
    *,
    balance: int,
    held: int = 0,
    debt: int = 0,
) -> int:
    """Move the account's sums and write the entry, both in this transaction."""
    accounts.move(account.id, balance=balance, held=held, debt=debt)
    values: dict[str, Any] = {
        "account_id": account.id,
        "points": points,
        "kind": line.kind,
        "program_account": line.program_account,
        "source_class": line.source_class,
        "reference": line.reference,
        "rulebook_version": occasion.version,
        "shop_day": occasion.today,
        "occurred_at": occasion.now,
        "reasons": [reason.to_document() for reason in line.reasons],
        "debt_points": debt,
        "balance_after_points": account.balance_points + balance,
        "order_id": line.order_id,
        "corrects_entry_id": line.corrects_entry_id,
        "staff_id": line.staff_id,
    }
    return int(db.session.execute(NEW_ENTRY, values).scalar_one())
