"""The proof that orders, payments, refunds and what they earned add up (invariants O1 to O4)."""

from shop.books.checking import Check

CHECKS = (
    Check(
        "O1 order total = lines - offset + shipping, in points and in cash",
        "SELECT count(*) FROM orders",
        """SELECT o.number, o.total_points, o.total_cents, sum(l.line_points + l.offset_points) + o.shipping_offset_points,
                  sum(l.paid_cents) + o.shipping_cents - o.shipping_offset_cents
           FROM orders o JOIN order_lines l ON l.order_id = o.id
           GROUP BY o.id, o.number, o.total_points, o.total_cents, o.shipping_cents, o.shipping_offset_points,
                    o.shipping_offset_cents
           HAVING o.total_points <> sum(l.line_points + l.offset_points) + o.shipping_offset_points
               OR o.total_cents <> sum(l.paid_cents) + o.shipping_cents - o.shipping_offset_cents""",
    ),
    Check(
        "O2 points spent for a paid order = its points part, and none for an unpaid one",
        "SELECT count(*) FROM orders",
        """SELECT o.number, o.state, o.total_points, coalesce(sum(-e.points), 0)
           FROM orders o LEFT JOIN points_entries e ON e.order_id = o.id AND e.kind = 'redeem'
           GROUP BY o.id, o.number, o.state, o.total_points, o.paid_at
           HAVING coalesce(sum(-e.points), 0) <> CASE WHEN o.paid_at IS NULL THEN 0 ELSE o.total_points END""",
    ),
    Check(
        "O2 points restored = points refunded",
        "SELECT count(*) FROM orders",
        """SELECT o.number, o.refunded_points, coalesce(sum(e.points), 0)
           FROM orders o LEFT JOIN points_entries e ON e.order_id = o.id AND e.kind = 'restore'
           GROUP BY o.id, o.number, o.refunded_points HAVING o.refunded_points <> coalesce(sum(e.points), 0)""",
    ),
    Check(
        "O2 an order's refunds = its refunded lines and shipping",
        "SELECT count(*) FROM refunds",
        """SELECT o.number, o.refunded_points, o.refunded_cents, coalesce(sum(r.points), 0), coalesce(sum(r.cents), 0)
           FROM orders o LEFT JOIN refunds r ON r.order_id = o.id AND r.reference NOT LIKE 'late:%'
           GROUP BY o.id, o.number, o.refunded_points, o.refunded_cents
           HAVING o.refunded_points <> coalesce(sum(r.points), 0) OR o.refunded_cents <> coalesce(sum(r.cents), 0)""",
    ),
    Check(
        "O2 freight given back = what the refunds say, never above what was paid in points and in cash",
        "SELECT count(*) FROM orders",
        """SELECT o.number, o.refunded_shipping_points, o.refunded_shipping_cents
           FROM orders o LEFT JOIN refunds r ON r.order_id = o.id AND r.reference NOT LIKE 'late:%'
           GROUP BY o.id, o.number, o.refunded_shipping_points, o.refunded_shipping_cents, o.shipping_cents,
                    o.shipping_offset_points, o.shipping_offset_cents
           HAVING o.refunded_shipping_points <> coalesce(sum(r.shipping_points), 0)
               OR o.refunded_shipping_cents <> coalesce(sum(r.shipping_cents), 0)
               OR o.refunded_shipping_points > o.shipping_offset_points
               OR o.refunded_shipping_cents > o.shipping_cents - o.shipping_offset_cents""",
    ),
    Check(
        "O2 each line's refunds = what its refund lines say",
        "SELECT count(*) FROM order_lines",
        """SELECT l.id, l.refunded_quantity, l.refunded_points, l.refunded_offset_points, l.refunded_cents
           FROM order_lines l LEFT JOIN refund_lines r ON r.line_id = l.id
           GROUP BY l.id, l.refunded_quantity, l.refunded_points, l.refunded_offset_points, l.refunded_cents
           HAVING l.refunded_quantity <> coalesce(sum(r.quantity), 0)
               OR l.refunded_offset_points <> coalesce(sum(r.offset_points), 0)
               OR l.refunded_points <> coalesce(sum(r.points), 0) OR l.refunded_cents <> coalesce(sum(r.cents), 0)""",
    ),
    Check(
        "O2 a payment's refunds = the cash of its refund rows, never above what was captured",
        "SELECT count(*) FROM payments",
        """SELECT p.token, p.state, p.refunded_cents, coalesce(sum(r.cents), 0)
           FROM payments p LEFT JOIN refunds r ON r.payment_id = p.id
           GROUP BY p.id, p.token, p.state, p.refunded_cents, p.amount_cents
           HAVING p.refunded_cents <> coalesce(sum(r.cents), 0) OR p.refunded_cents > p.amount_cents""",
    ),
    Check(
        "O3 an order's state = its last event",
        "SELECT count(*) FROM orders",
        """SELECT o.number, o.state, e.to_state FROM orders o
           JOIN order_events e ON e.id = (SELECT max(id) FROM order_events WHERE order_id = o.id)
           WHERE e.to_state <> o.state""",
    ),
    Check(
        "O4 cash captured for a paid order = its cash part",
        "SELECT count(*) FROM orders",
        """SELECT o.number, o.state, o.total_cents, coalesce(sum(p.amount_cents), 0)
           FROM orders o LEFT JOIN payments p ON p.order_id = o.id AND p.state = 'captured'
           WHERE o.paid_at IS NOT NULL
           GROUP BY o.id, o.number, o.state, o.total_cents HAVING coalesce(sum(p.amount_cents), 0) <> o.total_cents""",
    ),
    Check(
        "O2 open holds belong to unpaid orders",
        "SELECT count(*) FROM points_holds",
        """SELECT h.reference, h.state, o.state FROM points_holds h JOIN orders o ON h.reference = 'order:' || o.number
           WHERE (h.state = 'held' AND o.state <> 'placed')
              OR (h.state = 'captured' AND o.paid_at IS NULL)
              OR (h.state IN ('voided', 'expired') AND o.paid_at IS NOT NULL)""",
    ),
    Check(
        "O2 an order was paid with, and gave back, points of its own kind",
        "SELECT count(*) FROM orders WHERE total_points > 0",
        """SELECT o.number, o.points_kind, a.kind, e.id FROM points_entries e
           JOIN orders o ON o.id = e.order_id JOIN points_accounts a ON a.id = e.account_id
           WHERE e.kind IN ('redeem', 'restore') AND a.kind <> o.points_kind""",
    ),
    Check(
        "O2 points taken back for a refund = its entries, less what was waived",
        "SELECT count(*) FROM refunds",
        """SELECT r.id, r.clawed_points, r.waived_points, coalesce(sum(-e.points), 0)
           FROM refunds r LEFT JOIN points_entries e ON e.order_id = r.order_id AND e.kind = 'claw_back'
                AND e.reference LIKE 'refund:' || r.id || ':' || 'claw%'
                AND e.account_id NOT IN (SELECT id FROM points_accounts WHERE kind <> 'points')
           GROUP BY r.id, r.clawed_points, r.waived_points
           HAVING r.clawed_points - r.waived_points <> coalesce(sum(-e.points), 0)""",
    ),
    Check(
        "O2 nothing is earned before receipt (or payment), and never more than was promised or less than was taken back",
        "SELECT count(*) FROM orders",
        """SELECT o.number, o.earn_points, o.received_at,
                  coalesce(sum(CASE WHEN e.kind = 'earn' THEN e.points END), 0) AS earned,
                  coalesce(sum(CASE WHEN e.kind = 'claw_back' THEN -e.points END), 0) AS clawed
           FROM orders o LEFT JOIN points_entries e ON e.order_id = o.id AND e.kind IN ('earn', 'claw_back')
                AND e.account_id NOT IN (SELECT id FROM points_accounts WHERE kind <> 'points')
           LEFT JOIN rulebook_versions v
                  ON v.id = o.rulebook_version AND CAST(v.document AS TEXT) LIKE '%"credited": "paid"%'
           GROUP BY o.id, o.number, o.earn_points, o.received_at, v.id
           HAVING coalesce(sum(CASE WHEN e.kind = 'earn' THEN e.points END), 0)
                    > CASE WHEN o.received_at IS NULL AND v.id IS NULL THEN 0 ELSE o.earn_points END
               OR coalesce(sum(e.points), 0) < 0""",
    ),
    Check(
        "O2 a received order earned what it promised, unless a refund came first or a cap covers purchases",
        "SELECT count(*) FROM orders WHERE received_at IS NOT NULL",
        """SELECT o.number, o.earn_points, coalesce(sum(e.points), 0)
           FROM orders o JOIN rulebook_versions v ON v.id = o.rulebook_version
           LEFT JOIN points_entries e ON e.order_id = o.id AND e.kind = 'earn'
                AND e.account_id NOT IN (SELECT id FROM points_accounts WHERE kind <> 'points')
           WHERE o.received_at IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.order_id = o.id AND r.created_at <= o.received_at)
             AND NOT EXISTS (SELECT 1 FROM month_reversals t JOIN purchases p ON p.id = t.purchase_id
                             WHERE p.order_id = o.id AND t.entry_id IS NULL)
             AND CAST(v.document AS TEXT) NOT LIKE '%["purchase"%'
             AND CAST(v.document AS TEXT) NOT LIKE '%"purchase"]%'
             AND CAST(v.document AS TEXT) NOT LIKE '%"purchase",%'
           GROUP BY o.id, o.number, o.earn_points HAVING o.earn_points <> coalesce(sum(e.points), 0)""",
    ),
    Check(
        "O2 growth holds at least what received orders stand for, net of refunds",
        "SELECT count(*) FROM members",
        """SELECT m.id, m.growth, sum(CAST(o.net_cents AS BIGINT) / 100)
           FROM members m JOIN (
             SELECT o.member_id, o.id, sum(l.paid_cents - l.refunded_cents) AS net_cents
             FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE o.received_at IS NOT NULL
             GROUP BY o.member_id, o.id) o ON o.member_id = m.id
           GROUP BY m.id, m.growth HAVING m.growth < sum(CAST(o.net_cents AS BIGINT) / 100)""",
    ),
)
