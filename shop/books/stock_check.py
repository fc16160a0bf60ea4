"""The proof that stock and limits add up (invariants S1, S2)."""

from shop.books.checking import Check

CHECKS = (
    Check(
        "S1 received + adjusted = on hand + sold - returned, and nothing below zero",
        "SELECT count(*) FROM stock_levels",
        """SELECT * FROM stock_levels
           WHERE received + adjusted <> on_hand + sold - returned OR on_hand < 0 OR reserved < 0 OR reserved > on_hand""",
    ),
    Check(
        "S1 each level = its journal",
        "SELECT count(*) FROM stock_movements",
        """SELECT l.variant_id, l.received, l.adjusted, l.sold, l.returned
           FROM stock_levels l LEFT JOIN stock_movements m ON m.variant_id = l.variant_id
           GROUP BY l.variant_id, l.received, l.adjusted, l.sold, l.returned
           HAVING l.received <> coalesce(sum(CASE WHEN m.kind = 'received' THEN m.units ELSE 0 END), 0)
               OR l.adjusted <> coalesce(sum(CASE WHEN m.kind = 'adjusted' THEN m.units ELSE 0 END), 0)
               OR l.sold <> coalesce(sum(CASE WHEN m.kind = 'sold' THEN m.units ELSE 0 END), 0)
               OR l.returned <> coalesce(sum(CASE WHEN m.kind = 'returned' THEN m.units ELSE 0 END), 0)""",
    ),
    Check(
        "S1 reserved = open reservations",
        "SELECT count(*) FROM stock_reservations",
        """SELECT l.variant_id, l.reserved, coalesce(sum(r.units), 0)
           FROM stock_levels l
           LEFT JOIN stock_reservations r ON r.variant_id = l.variant_id AND r.state = 'open'
           GROUP BY l.variant_id, l.reserved HAVING l.reserved <> coalesce(sum(r.units), 0)""",
    ),
    Check(
        "S1 an open reservation belongs to an order that is not paid yet",
        "SELECT count(*) FROM stock_reservations",
        """SELECT r.order_id, r.variant_id, r.state, o.state FROM stock_reservations r JOIN orders o ON o.id = r.order_id
           WHERE (r.state = 'open') <> (o.state = 'placed')""",
    ),
    Check(
        "S2 counted units = units of orders that were not given back",
        "SELECT count(*) FROM purchase_counts",
        """SELECT c.member_id, c.product_id, c.period, c.units, coalesce(t.units, 0)
           FROM purchase_counts c
           LEFT JOIN (SELECT o.member_id, l.product_id, l.limit_period, sum(l.quantity - l.refunded_quantity) AS units
                      FROM order_lines l JOIN orders o ON o.id = l.order_id
                      WHERE NOT (o.state = 'closed' AND o.paid_at IS NULL)
                      GROUP BY o.member_id, l.product_id, l.limit_period) t
                  ON t.member_id = c.member_id AND t.product_id = c.product_id AND t.limit_period = c.period
           WHERE c.units <> coalesce(t.units, 0)""",
    ),
)
