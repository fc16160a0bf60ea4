"""Members as the back office sees them: the list with its search, and one member's page."""

from shop.queries.merchant.members.coupons import CouponRow, coupons_of
from shop.queries.merchant.members.listing import (
    Found,
    MemberRow,
    SearchFor,
    find_members,
    search_for,
    tier_names,
)
from shop.queries.merchant.members.page import (
    LedgerPage,
    LedgerRow,
    LotRow,
    OrderRow,
    Overview,
    Profile,
    ledger_of,
    lots_of,
    orders_of,
    overview_of,
    profile_of,
)

__all__ = [
    "CouponRow",
    "Found",
    "LedgerPage",
    "LedgerRow",
    "LotRow",
    "MemberRow",
    "OrderRow",
    "Overview",
    "Profile",
    "SearchFor",
    "coupons_of",
    "find_members",
    "ledger_of",
    "lots_of",
    "orders_of",
    "overview_of",
    "profile_of",
    "search_for",
    "tier_names",
]
