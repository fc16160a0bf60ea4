"""The proof that redemptions at tills agree with the points book."""

from shop.books.checking import Check

CHECKS = (
    Check(
        "O2 each redemption at a till = its hold, and its entry once it was captured",
        "SELECT count(*) FROM redemptions",
        """SELECT r.id, r.points, h.points, h.state, e.points
           FROM redemptions r JOIN points_holds h ON h.id = r.hold_id
           LEFT JOIN points_entries e ON e.reference = 'redemption:' || r.number || ':redeem'
           WHERE h.points <> r.points OR (h.state = 'captured') <> (e.id IS NOT NULL)
              OR (e.id IS NOT NULL AND e.points <> -r.points)""",
    ),
    Check(
        "O2 no redemption went back for more than it took, and each refund = its entry",
        "SELECT count(*) FROM redemption_refunds",
        """SELECT r.id, r.points, sum(b.points), r.off_cents, sum(b.off_cents)
           FROM redemptions r JOIN redemption_refunds b ON b.redemption_id = r.id
           JOIN points_entries e ON e.id = b.entry_id
           GROUP BY r.id, r.points, r.off_cents
           HAVING sum(b.points) > r.points OR sum(b.off_cents) > r.off_cents OR sum(b.points) <> sum(e.points)""",
    ),
    Check(
        "E26 no key has given more in a month than its budget counts",
        "SELECT count(*) FROM api_key_months",
        """SELECT m.api_key_id, m.month, m.granted_points, g.total FROM api_key_months m
           LEFT JOIN (SELECT k.id, sum(e.points) AS total FROM api_keys k
                      JOIN points_entries e ON e.reference LIKE 'api-grant:' || k.id || ':%' AND e.kind = 'grant'
                      GROUP BY k.id) g ON g.id = m.api_key_id
           WHERE (SELECT sum(n.granted_points) FROM api_key_months n WHERE n.api_key_id = m.api_key_id)
                 <> coalesce(g.total, 0)""",
    ),
)
