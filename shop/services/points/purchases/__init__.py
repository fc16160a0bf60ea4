"""Purchases that were made elsewhere than in the mall: at a counter, in another web shop, in a file."""

from shop.services.points.purchases.recording import (
    AwardedPoints,
    RecordedPurchase,
    ReportedLine,
    ReportedPurchase,
    record_purchase,
)
from shop.services.points.purchases.refunding import (
    RecordedRefund,
    RefundedLine,
    ReportedRefund,
    refund_purchase,
)

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
