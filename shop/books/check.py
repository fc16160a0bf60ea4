"""Every invariant that has a proof in SQL, gathered from the books."""

from shop.books.coupons_check import CHECKS as COUPON_CHECKS
from shop.books.draws_check import CHECKS as DRAW_CHECKS
from shop.books.month_reversals_check import CHECKS as MONTH_CHECKS
from shop.books.orders_check import CHECKS as ORDER_CHECKS
from shop.books.points.check import CHECKS as POINTS_CHECKS
from shop.books.points.codes_check import CHECKS as CODE_CHECKS
from shop.books.points.life_check import CHECKS as LIFE_CHECKS
from shop.books.redemptions_check import CHECKS as REDEMPTION_CHECKS
from shop.books.stock_check import CHECKS as STOCK_CHECKS
from shop.books.tiers_check import CHECKS as TIER_CHECKS

ALL_CHECKS = (
    POINTS_CHECKS
    + LIFE_CHECKS
    + CODE_CHECKS
    + ORDER_CHECKS
    + MONTH_CHECKS
    + STOCK_CHECKS
    + DRAW_CHECKS
    + COUPON_CHECKS
    + REDEMPTION_CHECKS
    + TIER_CHECKS
)
