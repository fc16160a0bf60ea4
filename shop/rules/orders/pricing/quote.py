"""What goes into a price and what comes out of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Literal

from shop.rules.campaigns.coupons import CouponTerms
from shop.rules.campaigns.gifts import GiftTerms
from shop.rules.points.earning import Awards
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.occurrences import GUEST, MemberFacts
from shop.rules.points.redeeming import OffsetLimits
from shop.rules.reasons import Reason
from shop.rules.rulebook import Rulebook

Way = Literal["shipping", "pickup", "none"]
WAYS: tuple[Way, ...] = ("shipping", "pickup", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """One variant wanted: the price of one piece in points and cents, as the catalogue says at this moment.

    With a ``gift`` it comes on top, for nothing.
    """

    variant_id: int
    sku: str
    title: str
    quantity: int
    unit_points: int
    unit_cents: int
    offset_allowed: bool
    needs_shipping: bool
    category: str | None = None
    tags: tuple[str, ...] = ()
    gift: GiftTerms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedCoupon:
    """The coupon that was chosen, and which of the variants it covers."""

    code: str
    terms: CouponTerms
    variant_ids: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRequest:
    """Everything that a price depends on.

    ``member`` is what the rules of earning may know of whoever asks.  ``points_kind`` is the kind of points that the goods
    cost, ``points_available`` the member's balance of it less holds.  ``at`` decides the offset ratio, on the clock of
    ``zone``.  ``way`` "none" is for goods that are neither shipped nor picked up.
    """

    lines: tuple[QuoteLine, ...]
    way: Way
    points_available: int
    offset_points_wanted: int
    at: datetime
    rulebook: Rulebook
    rulebook_version: int
    coupon: AppliedCoupon | None = None
    member: MemberFacts = GUEST
    points_kind: str = MAIN_KIND
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """A line with its part of everything.  ``paid_cents`` is ``line_cents`` less ``coupon_cents`` and ``offset_cents``."""

    variant_id: int
    sku: str
    title: str
    quantity: int
    unit_points: int
    unit_cents: int
    offset_allowed: bool
    needs_shipping: bool
    line_points: int
    line_cents: int
    offset_points: int
    offset_cents: int
    paid_cents: int
    coupon_cents: int = 0
    category: str | None = None
    tags: tuple[str, ...] = ()
    gift: GiftTerms | None = None


@dataclass(frozen=True, slots=True)
class BillRow:
    """One row of the bill.  Its points and cents add to the total; a coupon's and an offset's cents are negative.

    Codes: ``line`` and ``gift`` (params: variant_id, sku, title, quantity), ``coupon`` (params: coupon, its name),
    ``offset``, ``shipping`` (params: way).
    """

    code: str
    params: dict[str, int | str]
    points: int
    cents: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A price worked out at a moment.

    total_points = goods_points + offset_points;  total_cents = goods_cents - coupon_cents - offset_cents +
    shipping_cents;  both are also the sums of the rows.  ``shipping_offset_points`` and ``shipping_offset_cents`` are the
    part of the offset that paid the freight; the other part paid goods.  ``points_missing`` says how many points the
    member lacks for the goods alone.  ``coupon_code`` is None when no coupon takes anything off;
    ``tier_code`` is the tier on which points are earned, None for a guest.  All points of the bill are of one
    ``points_kind``; only the main one offsets cash.
    """

    lines: tuple[PricedLine, ...]
    rows: tuple[BillRow, ...]
    way: Way
    goods_points: int
    goods_cents: int
    offset_points: int
    offset_cents: int
    shipping_cents: int
    total_points: int
    total_cents: int
    points_missing: int
    earn: Awards
    offset_limits: OffsetLimits
    rulebook_version: int
    at: datetime
    coupon_code: str | None = None
    coupon_cents: int = 0
    tier_code: str | None = None
    shipping_offset_points: int = 0
    shipping_offset_cents: int = 0
    points_kind: str = MAIN_KIND

    @property
    def paid_goods_cents(self) -> int:
        """Cash for goods after coupon and offset: what points are earned on."""
        return self.goods_cents - self.coupon_cents - self.offset_cents + self.shipping_offset_cents

    @property
    def paid_shipping_cents(self) -> int:
        """Cash for the freight, after what points paid of it."""
        return self.shipping_cents - self.shipping_offset_cents
