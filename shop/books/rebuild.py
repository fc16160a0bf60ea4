"""Every stored value that follows from the journals, gathered from the books."""

from shop.books.draws_rebuild import DERIVATIONS as DRAW_DERIVATIONS
from shop.books.growth_rebuild import DERIVATIONS as GROWTH_DERIVATIONS
from shop.books.orders_rebuild import DERIVATIONS as ORDER_DERIVATIONS
from shop.books.points.rebuild import DERIVATIONS as POINTS_DERIVATIONS
from shop.books.stock_rebuild import DERIVATIONS as STOCK_DERIVATIONS
from shop.books.tiers_rebuild import DERIVATIONS as TIER_DERIVATIONS

ALL_DERIVATIONS = (
    POINTS_DERIVATIONS
    + GROWTH_DERIVATIONS
    + TIER_DERIVATIONS
    + ORDER_DERIVATIONS
    + STOCK_DERIVATIONS
    + DRAW_DERIVATIONS
)
