"""What the back office sends about a product: frozen, already read from its form."""

from dataclasses import dataclass
from datetime import datetime

from shop.rules.points.kinds import MAIN_KIND


@dataclass(frozen=True, kw_only=True)
class VariantDraft:
    """A variant as it shall be.  ``id`` None is a new one; an empty ``sku`` is given one by the shop.

    A price of whole points and whole cents; at least one of them is above zero.
    """

    id: int | None = None
    sku: str = ""
    title: str = ""
    price_points: int = 0
    price_cents: int = 0
    offset_allowed: bool = True
    is_retired: bool = False


@dataclass(frozen=True, kw_only=True)
class ProductDraft:
    """A product as it shall be.  Limits of None are no limit; ``limit_period`` is "ever" or "month".

    From ``tier_until`` on everybody may redeem it, not only members from ``tier_code_min`` on.

    ``tags`` are words that rules may name, such as a brand or a series, with blanks between them.
    """

    title: str
    subtitle: str = ""
    description: str = ""
    kind: str = "physical"
    points_kind: str = MAIN_KIND
    category_id: int | None = None
    tags: str = ""
    position: int = 0
    market_price_cents: int | None = None
    tier_code_min: str | None = None
    tier_until: datetime | None = None
    limit_per_member: int | None = None
    limit_per_order: int | None = None
    limit_period: str = "ever"
    variants: tuple[VariantDraft, ...] = ()
