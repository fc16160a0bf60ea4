"""What a coupon takes off, and from which goods (优惠券)."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Literal, Self

from shop.rules.points.expiry import start_of_day
from shop.rules.reasons import Reason, because

CouponKind = Literal["cents_off", "percent_off"]
CouponScope = Literal["all", "categories", "products"]
UNDO = timedelta(hours=24)
"""How long a coupon that was redeemed automatically can be undone, if it is unused."""
LAPSE_AHEAD_DAYS = 7
"""So many days before points lapse, members who asked for it get a coupon for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponTerms:
    """What a coupon promises.  Each coupon keeps its own copy: a template that changes changes no coupon.

    ``scope_ids`` are categories or products; a category covers its subcategories.  ``off_cents_max`` bounds a share.
    """

    name: str
    kind: CouponKind
    off_cents: int = 0
    off_percent: int = 0
    off_cents_max: int | None = None
    spend_cents_min: int = 0
    scope: CouponScope = "all"
    scope_ids: tuple[int, ...] = ()

    def covers(self, product_id: int, category_ids: Collection[int]) -> bool:
        """Whether it may be used on a product that lies in these categories."""
        if self.scope == "all":
            return True
        if self.scope == "products":
            return product_id in self.scope_ids
        return any(category_id in self.scope_ids for category_id in category_ids)

    def to_document(self) -> dict[str, Any]:
        """The form that is stored as JSON."""
        return {**asdict(self), "scope_ids": list(self.scope_ids)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read what ``to_document`` wrote."""
        return cls(**{**document, "scope_ids": tuple(document["scope_ids"])})


@dataclass(frozen=True, slots=True)
class CouponDiscount:
    """What a coupon takes off a basket.  0 cents: the reason says why it cannot be used."""

    cents: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Validity:
    """A coupon can be used in ``[from_at, until_at)``."""

    from_at: datetime
    until_at: datetime


def coupon_discount(terms: CouponTerms, covered_cents: int) -> CouponDiscount:
    """What a coupon takes off goods whose cash parts sum to ``covered_cents``: never more than these, rounded down."""
    if covered_cents <= 0:
        return CouponDiscount(0, (because("coupon_not_for_these_goods"),))
    if covered_cents < terms.spend_cents_min:
        missing = because(
            "coupon_below_min",
            missing_cents=terms.spend_cents_min - covered_cents,
            spend_cents_min=terms.spend_cents_min,
        )
        return CouponDiscount(0, (missing,))
    reasons = [_promise(terms)]
    cents = terms.off_cents if terms.kind == "cents_off" else covered_cents * terms.off_percent // 100
    if terms.off_cents_max is not None and cents > terms.off_cents_max:
        cents = terms.off_cents_max
        reasons.append(because("coupon_cut_by_max", off_cents_max=terms.off_cents_max))
    if terms.scope != "all":
        reasons.append(because("coupon_on_some_goods", cents=covered_cents))
    return CouponDiscount(min(cents, covered_cents), tuple(reasons))


def valid_for_days(days: int, issued_at: datetime, zone: tzinfo) -> Validity:
    """Valid at once; "30 days" ends with the 30th day after the shop-day of issue, whatever the hour."""
    issued_on = issued_at.astimezone(zone).date()
    return Validity(issued_at, start_of_day(issued_on + timedelta(days=days + 1), zone))


def _promise(terms: CouponTerms) -> Reason:
    if terms.kind == "cents_off":
        return because("coupon_cents_off", off_cents=terms.off_cents, spend_cents_min=terms.spend_cents_min)
    return because("coupon_percent_off", off_percent=terms.off_percent, spend_cents_min=terms.spend_cents_min)
