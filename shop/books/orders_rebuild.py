"""What follows from orders and is stored: the units counted against limits."""

from shop.books.rebuilding import Derivation, by_sql
from shop.extensions import table_of
from shop.models import Member, PurchaseCount

PURCHASE_COUNTS = Derivation(
    name="purchase counts: units against limits",
    table=table_of(PurchaseCount),
    keys=("member_id", "product_id", "period"),
    columns=("units",),
    walk=table_of(Member),
    within="member_id",
    find=by_sql(
        """SELECT member_id, product_id, period, max(stored), coalesce(sum(derived), 0) FROM (
             SELECT member_id, product_id, period, units AS stored, NULL AS derived FROM purchase_counts
             WHERE member_id > :after AND member_id <= :upto
             UNION ALL
             SELECT o.member_id, l.product_id, l.limit_period, NULL, sum(l.quantity - l.refunded_quantity)
             FROM orders o JOIN order_lines l ON l.order_id = o.id
             WHERE l.limit_period IS NOT NULL AND NOT (o.state = 'closed' AND o.paid_at IS NULL)
               AND o.member_id > :after AND o.member_id <= :upto
             GROUP BY o.member_id, l.product_id, l.limit_period) both_sides
           GROUP BY member_id, product_id, period
           HAVING coalesce(max(stored), 0) <> coalesce(sum(derived), 0)
           ORDER BY member_id, product_id, period"""
    ),
)
DERIVATIONS = (PURCHASE_COUNTS,)
