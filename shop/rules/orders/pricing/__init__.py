"""The quote: one pure function prices a cart, with a reason for every row."""

from shop.rules.orders.pricing.documents import digest, quote_document, quote_from_document
from shop.rules.orders.pricing.price import price
from shop.rules.orders.pricing.quote import WAYS, BillRow, PricedLine, Quote, QuoteLine, QuoteRequest, Way

__all__ = [
    "WAYS",
    "BillRow",
    "PricedLine",
    "Quote",
    "QuoteLine",
    "QuoteRequest",
    "Way",
    "digest",
    "price",
    "quote_document",
    "quote_from_document",
]
