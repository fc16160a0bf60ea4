"""Purchases that were made elsewhere than in the mall: reported by a counter or a program, and their refunds."""

from datetime import datetime

from shop.books import purchase_reports
from shop.books.purchase_reports import (
    AwardedPoints,
    RecordedPurchase,
    RecordedRefund,
    RefundedLine,
    ReportedLine,
    ReportedPurchase,
    ReportedRefund,
)
from shop.transaction import transaction

__all__ = [
    "AwardedPoints",
    "RecordedPurchase",
    "RecordedRefund",
    "RefundedLine",
    "ReportedLine",
    "ReportedPurchase",
    "ReportedRefund",
    "record_purchase",
    "refund_purchase",
]


def record_purchase(member_id: int, reported: ReportedPurchase, now: datetime) -> RecordedPurchase:
    """Record a purchase and credit what it earns under the rulebook in force when it was made.

    The points wait the rulebook's waiting days from ``reported.at``.  The same source and external id again changes
    nothing and answers with the first purchase; with another body it raises KeyReused.  Raises InvalidInput for a moment
    in the future or too long ago, for no lines or negative cash, NotFound, and MemberSuspended.
    """
    purchase_reports.refuse_nonsense(reported, now)
    with transaction():
        return purchase_reports.record(member_id, reported, now)


def refund_purchase(reported: ReportedRefund, now: datetime) -> RecordedRefund:
    """Book a refund of a reported purchase and take back what it had earned, pro rata and cumulative.

    The same ``refund_id`` again answers with the first refund; with another body it raises KeyReused.  Raises NotFound,
    InvalidInput when neither or both of lines and amount are given, and RefundAboveLeft, naming what is left.
    """
    with transaction():
        return purchase_reports.refund(reported, now)
