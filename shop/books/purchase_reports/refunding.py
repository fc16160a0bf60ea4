"""A purchase made elsewhere goes back, in part or whole: its awards are undone, never evaluated again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from shop.books import audit, month_reversals, outbox, purchases
from shop.books.orders import growth
from shop.books.points import accounts, entries
from shop.books.points.entries import Line
from shop.books.purchase_returns import Back, EntryBack, entries_going_back, lines_of, split_over_lines
from shop.books.rulebooks import Occasion, occasion_under
from shop.errors import InvalidInput, KeyReused, NotFound, RefundAboveLeft
from shop.extensions import db, table_of
from shop.models import PointsEntry, Purchase, PurchaseLine, PurchaseRefund
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.tiers import growth_from_paid_cents
from shop.rules.reasons import because

QUIET = {"synchronize_session": False}
PURCHASE = select(
    Purchase.id,
    Purchase.member_id,
    Purchase.cents,
    Purchase.refunded_cents,
    Purchase.waived_points,
    Purchase.awards,
    Purchase.rulebook_version,
).where(
    Purchase.source == bindparam("source"),
    Purchase.external_id == bindparam("external_id"),
    Purchase.order_id.is_(None),
)
KNOWN = select(
    PurchaseRefund.id,
    PurchaseRefund.request_hash,
    PurchaseRefund.cents,
    PurchaseRefund.clawed_points,
    PurchaseRefund.debt_points,
    PurchaseRefund.waived_points,
).where(
    PurchaseRefund.purchase_id == bindparam("purchase_id"), PurchaseRefund.refund_id == bindparam("refund_id")
)
BOOKED = select(PointsEntry.points, PointsEntry.debt_points).where(PointsEntry.id == bindparam("entry_id"))
ADD_TO_LINE = (
    update(PurchaseLine)
    .where(
        PurchaseLine.purchase_id == bindparam("of_purchase"), PurchaseLine.number == bindparam("of_number")
    )
    .values(
        refunded_cents=PurchaseLine.refunded_cents + bindparam("cents_back"),
        refunded_quantity=PurchaseLine.refunded_quantity + bindparam("pieces_back"),
    )
)


@dataclass(frozen=True, kw_only=True)
class RefundedLine:
    """What goes back of a line, named by its number (from 1) or its SKU.  ``cents`` None: the pieces' share."""

    number: int | None = None
    sku: str | None = None
    cents: int | None = None
    quantity: int = 0


@dataclass(frozen=True, kw_only=True)
class ReportedRefund:
    """A refund by lines, or by an amount in cents that falls on all lines in proportion to what is left of them."""

    source: str
    external_id: str
    refund_id: str
    lines: tuple[RefundedLine, ...] = ()
    cents: int | None = None
    reason: str = ""
    staff_id: int | None = None


@dataclass(frozen=True)
class RecordedRefund:
    """What a refund took back of the main kind: from the balance, as debt, and what was let go."""

    cents: int
    clawed_points: int
    debt_points: int
    waived_points: int
    is_repeat: bool


def refund(reported: ReportedRefund, now: datetime, *, has_trail: bool = True) -> RecordedRefund:
    """Book a refund in the caller's transaction, and take back what the purchase earned, pro rata and cumulative.

    The same ``refund_id`` again answers with the first refund; with another body it raises KeyReused.  Raises NotFound,
    InvalidInput when neither or both of lines and amount are given, and RefundAboveLeft, naming what is left.
    ``has_trail``: what staff do is audited.
    """
    if bool(reported.lines) == (reported.cents is not None):
        raise InvalidInput
    request_hash = hashlib.sha256(json.dumps(asdict(reported), sort_keys=True).encode()).hexdigest()
    named = {"source": reported.source, "external_id": reported.external_id}
    found = db.session.execute(PURCHASE, named).one_or_none()
    if found is None:
        raise NotFound
    accounts.lock(found.member_id)
    purchase = db.session.execute(PURCHASE, named).one()
    if known := _known(purchase.id, reported.refund_id, request_hash):
        return known
    lines = lines_of(purchase.id)
    back = _going_back(reported, lines)
    done = _take_back(purchase, lines, back, reported, now)
    _write(purchase, back, done, reported, request_hash, now)
    if reported.staff_id is not None and has_trail:
        _audit(purchase, done, reported, now)
    return done


def _known(purchase_id: int, refund_id: str, request_hash: str) -> RecordedRefund | None:
    row = db.session.execute(KNOWN, {"purchase_id": purchase_id, "refund_id": refund_id}).one_or_none()
    if row is None:
        return None
    if row.request_hash != request_hash:
        raise KeyReused
    return RecordedRefund(row.cents, row.clawed_points, row.debt_points, row.waived_points, is_repeat=True)


def _going_back(reported: ReportedRefund, lines: Sequence[PurchaseLine]) -> list[Back]:
    if reported.cents is not None:
        return split_over_lines(reported.cents, lines)
    back = [_of_line(wish, lines) for wish in reported.lines]
    if len({each.number for each in back}) < len(back):
        raise InvalidInput
    return back


def _of_line(wish: RefundedLine, lines: Sequence[PurchaseLine]) -> Back:
    line = next(
        (
            each
            for each in lines
            if each.number == wish.number or (wish.number is None and each.sku == wish.sku)
        ),
        None,
    )
    if line is None:
        raise NotFound
    left_cents, left_pieces = line.cents - line.refunded_cents, line.quantity - line.refunded_quantity
    cents = wish.cents
    if cents is None:
        share = line.cents * (line.refunded_quantity + wish.quantity) // line.quantity
        cents = max(0, share - line.refunded_cents)
    if wish.quantity > left_pieces or not 0 <= cents <= left_cents:
        raise RefundAboveLeft(left_cents)
    if cents == 0 and wish.quantity <= 0:
        raise InvalidInput
    return Back(line.number, cents, max(0, wish.quantity))


def _take_back(
    purchase: Any, lines: Sequence[PurchaseLine], back: list[Back], reported: ReportedRefund, now: datetime
) -> RecordedRefund:
    """Undo what the lines that went back had earned, entry by entry."""
    under = occasion_under(purchase.rulebook_version, now)
    going_back = entries_going_back(purchase, lines, back)
    own = frozenset(each.entry_id for each in going_back)
    cents = sum(each.cents for each in back)
    clawed = debt = 0
    for each in going_back:
        if not each.points:
            continue
        part = _claw(purchase, each, own, reported, cents, under)
        if each.points_kind == MAIN_KIND:
            clawed += part[0]
            debt += part[1]
    asked = sum(each.points for each in going_back if each.points_kind == MAIN_KIND)
    return RecordedRefund(cents, clawed, debt, asked - clawed - debt, is_repeat=False)


def _claw(
    purchase: Any,
    entry: EntryBack,
    own: frozenset[int],
    reported: ReportedRefund,
    cents: int,
    under: Occasion,
) -> tuple[int, int]:
    """Take points of one entry back.  Returns what the balance gave and what became debt."""
    line = Line(
        "claw_back",
        "clawed_back",
        f"purchase:{purchase.id}:refund:{reported.refund_id}:claw:{entry.entry_id}",
        (
            because(
                "refunded_share", refunded_cents=purchase.refunded_cents + cents, paid_cents=purchase.cents
            ),
            because("clawed_back", points=entry.points, awarded_points=entry.awarded),
        ),
        source_class="purchase",
        corrects_entry_id=entry.entry_id,
        purchase_id=purchase.id,
    )
    waive = under.rulebook.returns.shortage == "waive"
    entry_id = entries.claw_back(purchase.member_id, entry.points, line, own, under, waive=waive)
    if entry_id is None:
        return 0, 0
    booked = db.session.execute(BOOKED, {"entry_id": entry_id}).one()
    return -booked.points - booked.debt_points, booked.debt_points


def _write(
    purchase: Any,
    back: list[Back],
    done: RecordedRefund,
    reported: ReportedRefund,
    request_hash: str,
    now: datetime,
) -> None:
    for each in back:
        values = {
            "of_purchase": purchase.id,
            "of_number": each.number,
            "cents_back": each.cents,
            "pieces_back": each.quantity,
        }
        db.session.execute(ADD_TO_LINE, values, execution_options=QUIET)
    row = {
        "purchase_id": purchase.id,
        "refund_id": reported.refund_id,
        "request_hash": request_hash,
        "cents": done.cents,
        "clawed_points": done.clawed_points,
        "debt_points": done.debt_points,
        "waived_points": done.waived_points,
        "reason": reported.reason[:200],
        "at": now,
        "staff_id": reported.staff_id,
    }
    db.session.execute(insert(table_of(PurchaseRefund)), row)
    purchases.add_refunded(purchase.id, done.cents, waived_points=done.waived_points)
    month_reversals.take_back(purchase.id, f"purchase:{purchase.id}:refund:{reported.refund_id}", now)
    left = purchase.cents - purchase.refunded_cents
    less = growth_from_paid_cents(left - done.cents) - growth_from_paid_cents(left)
    growth.add(purchase.member_id, less)
    key = f"purchase_refunded:{purchase.id}:{reported.refund_id}"
    outbox.put("purchase_refunded", key, now, {"purchase_id": purchase.id, "refund_id": reported.refund_id})


def _audit(purchase: Any, done: RecordedRefund, reported: ReportedRefund, now: datetime) -> None:
    audit.record(
        staff_id=reported.staff_id,
        action="purchase.refund",
        subject=f"member:{purchase.member_id}",
        now=now,
        after={"purchase_id": purchase.id, "cents": done.cents, "clawed_points": done.clawed_points},
        reason=reported.reason,
    )
