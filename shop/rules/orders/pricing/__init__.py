"""The quote: one pure function prices a cart, with a reason for every row."""

from shop.rules.orders.pricing.coupon_step import discount_on
from shop.rules.orders.pricing.documents import digest, gift_from, quote_document, quote_from_document
from shop.rules.orders.pricing.price import bought_lines, price
from shop.rules.orders.pricing.quote import (
    WAYS,
    AppliedCoupon,
    BillRow,
    PricedLine,
    Quote,
    QuoteLine,
    QuoteRequest,
    Way,
)

__all__ = [
    "WAYS",
    "AppliedCoupon",
    "BillRow",
    "PricedLine",
    "Quote",
    "QuoteLine",
    "QuoteRequest",
    "Way",
    "bought_lines",
    "digest",
    "discount_on",
    "gift_from",
    "price",
    "quote_document",
    "quote_from_document",
]
