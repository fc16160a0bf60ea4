"""Purchases that were made elsewhere than in the mall, at a counter, in another web shop, in a file: written down once."""

from shop.books.purchase_reports.recording import (
    CLOCK_SKEW,
    OLDEST,
    AwardedPoints,
    RecordedPurchase,
    ReportedLine,
    ReportedPurchase,
    record,
    refuse_nonsense,
)
from shop.books.purchase_reports.refunding import RecordedRefund, RefundedLine, ReportedRefund, refund

__all__ = [
    "CLOCK_SKEW",
    "OLDEST",
    "AwardedPoints",
    "RecordedPurchase",
    "RecordedRefund",
    "RefundedLine",
    "ReportedLine",
    "ReportedPurchase",
    "ReportedRefund",
    "record",
    "refund",
    "refuse_nonsense",
]
