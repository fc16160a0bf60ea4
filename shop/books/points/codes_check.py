"""The proof that every printed code was paid once, to the one who used it, and none that nobody used."""

from shop.books.checking import Check

CHECKS = (
    Check(
        "E19 a used code = one entry of its batch's points for the member who used it",
        "SELECT count(*) FROM points_codes WHERE used_at IS NOT NULL",
        """SELECT c.id, c.member_id, b.points, e.points, a.member_id
           FROM points_codes c JOIN code_batches b ON b.id = c.batch_id
           LEFT JOIN points_entries e ON e.reference = 'code:' || c.id
           LEFT JOIN points_accounts a ON a.id = e.account_id
           WHERE c.used_at IS NOT NULL
             AND (e.id IS NULL OR e.points <> b.points OR a.member_id <> c.member_id)""",
    ),
    Check(
        "E19 an entry for a code = a code that was used",
        "SELECT count(*) FROM points_entries WHERE reference LIKE 'code:%'",
        """SELECT e.id, e.reference FROM points_entries e
           WHERE e.reference LIKE 'code:%' AND NOT EXISTS (
             SELECT 1 FROM points_codes c WHERE 'code:' || c.id = e.reference AND c.used_at IS NOT NULL)""",
    ),
    Check(
        "E19 a batch that was handed out has all its codes, another has none; none was used after its end",
        "SELECT count(*) FROM code_batches",
        """SELECT b.id, b.pieces, count(c.id), max(c.used_at), b.expires_at
           FROM code_batches b LEFT JOIN points_codes c ON c.batch_id = b.id
           GROUP BY b.id, b.pieces, b.exported_at, b.expires_at
           HAVING count(c.id) <> CASE WHEN b.exported_at IS NULL THEN 0 ELSE b.pieces END
               OR max(c.used_at) >= b.expires_at""",
    ),
)
