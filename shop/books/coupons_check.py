"""The proof that coupons are issued within their limits, used once, and paid for (invariant C1)."""

from shop.books.checking import Check

CHECKS = (
    Check(
        "C1 each template counts its coupons, less those given back, and stays within its limit",
        "SELECT count(*) FROM coupon_templates",
        """SELECT t.id, t.code, t.issued, t.total_limit, count(c.id)
           FROM coupon_templates t LEFT JOIN coupons c ON c.template_id = t.id AND c.state <> 'given_back'
           GROUP BY t.id, t.code, t.issued, t.total_limit
           HAVING t.issued <> count(c.id) OR t.issued > t.total_limit""",
    ),
    Check(
        "C1 each member's count of a template = the coupons got and not given back",
        "SELECT count(*) FROM coupon_counts",
        """SELECT member_id, template_id, sum(counted), sum(had) FROM (
             SELECT member_id, template_id, units AS counted, 0 AS had FROM coupon_counts
             UNION ALL
             SELECT member_id, template_id, 0, 1 FROM coupons WHERE state <> 'given_back') both_sides
           GROUP BY member_id, template_id HAVING sum(counted) <> sum(had)""",
    ),
    Check(
        "C1 a coupon's state = its last event",
        "SELECT count(*) FROM coupons",
        """SELECT c.id, c.state, e.to_state FROM coupons c
           LEFT JOIN coupon_events e ON e.id = (SELECT max(id) FROM coupon_events WHERE coupon_id = c.id)
           WHERE e.id IS NULL OR e.to_state <> c.state""",
    ),
    Check(
        "C1 a coupon is held by an unpaid order of its member, or used by a paid one that was not given back",
        "SELECT count(*) FROM coupons WHERE order_id IS NOT NULL",
        """SELECT c.id, c.state, o.number, o.state FROM coupons c JOIN orders o ON o.id = c.order_id
           WHERE o.member_id <> c.member_id OR o.coupon_cents = 0
              OR (c.state = 'held' AND o.state <> 'placed')
              OR (c.state = 'used' AND (o.paid_at IS NULL OR o.state = 'closed'))""",
    ),
    Check(
        "O1 what a coupon took off an order = its parts on the lines, and the order has that coupon while it stands",
        "SELECT count(*) FROM orders",
        """SELECT o.number, o.state, o.coupon_cents, coalesce(sum(l.coupon_cents), 0)
           FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id
           GROUP BY o.id, o.number, o.state, o.coupon_cents
           HAVING o.coupon_cents <> coalesce(sum(l.coupon_cents), 0)
               OR (o.coupon_cents > 0 AND o.state <> 'closed'
                   AND NOT EXISTS (SELECT 1 FROM coupons c WHERE c.order_id = o.id))""",
    ),
    Check(
        "C1 a coupon's points were spent once by its entry, and came back once if it was given back",
        "SELECT count(*) FROM coupons WHERE points > 0",
        """SELECT c.id, c.state, c.points, spent.points, coalesce(sum(back.points), 0)
           FROM coupons c JOIN points_entries spent ON spent.id = c.entry_id
           LEFT JOIN points_entries back ON back.corrects_entry_id = spent.id AND back.kind = 'restore'
           GROUP BY c.id, c.state, c.points, spent.points
           HAVING -spent.points <> c.points
               OR coalesce(sum(back.points), 0) <> CASE WHEN c.state = 'given_back' THEN c.points ELSE 0 END""",
    ),
)
