"""The proof that what fell below a month's threshold was taken back, once."""

from shop.books.checking import Check

CHECKS = (
    Check(
        "L7 points void below a month's threshold = their entries, and none for awards not credited yet",
        "SELECT count(*) FROM month_reversals",
        """SELECT r.id, r.entry_id, r.points, r.waived_points, coalesce(sum(-e.points), 0)
           FROM month_reversals r
           LEFT JOIN points_entries e ON e.corrects_entry_id = r.entry_id AND e.kind = 'claw_back'
                AND e.reference = r.cause || ':month:' || r.purchase_id || ':' || r.award
           GROUP BY r.id, r.entry_id, r.points, r.waived_points
           HAVING CASE WHEN r.entry_id IS NULL THEN 0 ELSE r.points - r.waived_points END
                  <> coalesce(sum(-e.points), 0)""",
    ),
)
