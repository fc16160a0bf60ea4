"""A quote as JSON, for the order that keeps its own copy; and a short mark of what a person agreed to."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from shop.rules.campaigns.gifts import GiftTerms
from shop.rules.orders.pricing.quote import BillRow, PricedLine, Quote
from shop.rules.points.award_documents import awards_from_documents
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.redeeming import OffsetLimits, OffsetRatio
from shop.rules.reasons import Reason


def quote_document(quote: Quote) -> dict[str, Any]:
    """The JSON document of a quote; ``quote_from_document`` reads it back to an equal one."""
    document = asdict(quote)
    return document | {"at": quote.at.isoformat(), "earn": document["earn"]["awards"]}


def quote_from_document(document: Mapping[str, Any]) -> Quote:
    """Read what ``quote_document`` wrote."""
    return Quote(
        **{
            **document,
            "lines": tuple(_line_from(line) for line in document["lines"]),
            "rows": tuple(BillRow(**_with_reasons(row)) for row in document["rows"]),
            "earn": awards_from_documents(document["earn"]),
            "offset_limits": _limits_from(document["offset_limits"]),
            "at": datetime.fromisoformat(document["at"]),
        }
    )


def digest(quote: Quote) -> str:
    """16 hex digits over what a person agrees to: goods, prices, coupon, offset and ratio if used, freight, points
    promised.

    Titles, reasons, the moment and the rulebook's number are left out: they may change without changing the deal.
    """
    ratio = quote.offset_limits.ratio
    agreed: dict[str, Any] = {
        "lines": [
            (line.variant_id, line.quantity, line.unit_points, line.unit_cents) for line in quote.lines
        ],
        "way": quote.way,
        "coupon": (quote.coupon_code, quote.coupon_cents),
        "offset": (quote.offset_points, quote.offset_cents),
        "ratio": (ratio.points, ratio.per_cents) if quote.offset_points else None,
        "shipping_cents": quote.shipping_cents,
        "total": (quote.total_points, quote.total_cents),
        "earn": quote.earn.total,
    }
    if quote.points_kind != MAIN_KIND:
        agreed["points_kind"] = quote.points_kind
    text = json.dumps(agreed, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def gift_from(line: Mapping[str, Any]) -> GiftTerms | None:
    """The terms under which a line of a stored quote came on top; None for what was redeemed or bought."""
    gift = line.get("gift")
    return GiftTerms(**{**gift, "variant_ids": tuple(gift["variant_ids"])}) if gift else None


def _line_from(line: Mapping[str, Any]) -> PricedLine:
    return PricedLine(**{**line, "tags": tuple(line.get("tags", ())), "gift": gift_from(line)})


def _with_reasons(document: Mapping[str, Any]) -> dict[str, Any]:
    return {**document, "reasons": tuple(Reason.from_document(reason) for reason in document["reasons"])}


def _limits_from(document: Mapping[str, Any]) -> OffsetLimits:
    ratio = OffsetRatio(**document["ratio"])
    return OffsetLimits(**{**_with_reasons(document), "ratio": ratio})
