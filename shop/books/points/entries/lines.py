"""Writing a line of the points book: the account's sums and the entry, both in this transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, insert, select

from shop.books.points import accounts, lots
from shop.books.points.accounts import LockedAccount
from shop.books.points.lots import NewLot
from shop.books.rulebooks import Occasion
from shop.extensions import db, table_of
from shop.models import PointsEntry
from shop.rules.points.allocation import Take
from shop.rules.points.debt import repay_debt
from shop.rules.reasons import Reason

BY_REFERENCE = select(PointsEntry.id).where(PointsEntry.reference == bindparam("reference"))
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
    rule_code: str | None = None
    purchase_id: int | None = None


def entry_of(reference: str) -> int | None:
    """The entry already booked under a reference, if any."""
    return db.session.scalar(BY_REFERENCE, {"reference": reference})


def credit(
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
    line = with_reasons(line, repaid.reasons)
    entry_id = write(account, line, occasion, points, balance=points - filled, debt=-filled)
    lots.record_returns(entry_id, returns)
    if lot:
        lot_id = lots.open_lot(account.id, entry_id, lot)
        returns = (Take(lot_id, lot.points), *returns)
    lots.record_takes(entry_id, _first(filled, returns))
    return entry_id


def with_reasons(line: Line, reasons: Sequence[Reason]) -> Line:
    """The line with further reasons, but none of a kind that the caller has given already."""
    given = {reason.code for reason in line.reasons}
    return replace(line, reasons=(*line.reasons, *(reason for reason in reasons if reason.code not in given)))


def write(
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
        "rule_code": line.rule_code,
        "purchase_id": line.purchase_id,
    }
    return int(db.session.execute(NEW_ENTRY, values).scalar_one())


def _first(points: int, parts: tuple[Take, ...]) -> tuple[Take, ...]:
    takes: list[Take] = []
    for part in parts:
        if taken := min(points, part.points):
            takes.append(Take(part.lot_id, taken))
            points -= taken
    return tuple(takes)
