"""The proof that the points book adds up: one SQL statement per invariant, answering with the rows that break it.

Each statement runs on SQLite and PostgreSQL alike.  ``books/check.py`` runs these together with the checks of the other
books: for ``flask ledger check``, and after every test that writes.
"""

from shop.books.checking import Check

CHECKS = (
    Check(
        "L1 trial balance: what members have less what they owe = what the program accounts gave out",
        "SELECT count(*) FROM points_entries",
        """SELECT 'trial balance' AS what, members.total, programs.total
           FROM (SELECT coalesce(sum(balance_points - debt_points), 0) AS total FROM points_accounts) members,
                (SELECT coalesce(sum(points), 0) AS total FROM points_entries) programs
           WHERE members.total <> programs.total""",
    ),
    Check(
        "L1 each kind of entry stands against its program account",
        "SELECT count(*) FROM points_entries",
        """SELECT id, kind, program_account, points FROM points_entries
           WHERE (kind IN ('earn', 'grant') AND (points < 0 OR (program_account NOT IN ('issued', 'partner')
                    AND NOT (kind = 'grant' AND program_account = 'expired' AND corrects_entry_id IS NOT NULL))))
              OR (kind = 'redeem' AND (points > 0 OR program_account <> 'redeemed'))
              OR (kind = 'restore' AND (points < 0 OR program_account <> 'redeemed'))
              OR (kind = 'claw_back' AND (points > 0 OR program_account <> 'clawed_back'))
              OR (kind = 'expire' AND (points > 0 OR program_account <> 'expired'))
              OR (kind = 'adjust' AND program_account <> 'adjusted')""",
    ),
    Check(
        "L2 balance less debt = sum of the member's entries",
        "SELECT count(*) FROM points_accounts",
        """SELECT a.id, a.balance_points, a.debt_points, coalesce(sum(e.points), 0)
           FROM points_accounts a LEFT JOIN points_entries e ON e.account_id = a.id
           GROUP BY a.id, a.balance_points, a.debt_points
           HAVING a.balance_points - a.debt_points <> coalesce(sum(e.points), 0)""",
    ),
    Check(
        "L2 balance = remainders of the lots, held = held parts of the lots",
        "SELECT count(*) FROM points_accounts",
        """SELECT a.id, a.balance_points, coalesce(sum(l.remaining_points), 0), a.held_points,
                  coalesce(sum(l.held_points), 0)
           FROM points_accounts a LEFT JOIN points_lots l ON l.account_id = a.id
           GROUP BY a.id, a.balance_points, a.held_points
           HAVING a.balance_points <> coalesce(sum(l.remaining_points), 0)
               OR a.held_points <> coalesce(sum(l.held_points), 0)""",
    ),
    Check(
        "L2 debt = what entries added to it and took off it",
        "SELECT count(*) FROM points_accounts",
        """SELECT a.id, a.debt_points, coalesce(sum(e.debt_points), 0)
           FROM points_accounts a LEFT JOIN points_entries e ON e.account_id = a.id
           GROUP BY a.id, a.debt_points HAVING a.debt_points <> coalesce(sum(e.debt_points), 0)""",
    ),
    Check(
        "L2 each lot's remainder = its points and its allocations",
        "SELECT count(*) FROM points_lots",
        """SELECT l.id, l.points, l.remaining_points, coalesce(sum(x.points), 0)
           FROM points_lots l LEFT JOIN points_allocations x ON x.lot_id = l.id
           GROUP BY l.id, l.points, l.remaining_points
           HAVING l.remaining_points <> l.points + coalesce(sum(x.points), 0)""",
    ),
    Check(
        "L2 each entry = lot made + allocations - debt",
        "SELECT count(*) FROM points_entries",
        """SELECT e.id, e.points, coalesce(l.points, 0), coalesce(x.total, 0), e.debt_points
           FROM points_entries e
           LEFT JOIN points_lots l ON l.entry_id = e.id
           LEFT JOIN (SELECT entry_id, sum(points) AS total FROM points_allocations GROUP BY entry_id) x
                  ON x.entry_id = e.id
           WHERE e.points <> coalesce(l.points, 0) + coalesce(x.total, 0) - e.debt_points""",
    ),
    Check(
        "L2 nothing is taken from, put into or held in the lots of another account",
        "SELECT count(*) FROM points_allocations",
        """SELECT x.id, x.entry_id, x.lot_id FROM points_allocations x
           JOIN points_entries e ON e.id = x.entry_id JOIN points_lots l ON l.id = x.lot_id
           WHERE l.account_id <> e.account_id
           UNION ALL
           SELECT h.id, 0, p.lot_id FROM points_held_lots p
           JOIN points_holds h ON h.id = p.hold_id JOIN points_lots l ON l.id = p.lot_id
           WHERE l.account_id <> h.account_id""",
    ),
    Check(
        "L2 held parts of the lots = open holds",
        "SELECT count(*) FROM points_holds",
        """SELECT l.id, l.held_points, coalesce(sum(CASE WHEN h.state = 'held' THEN p.points ELSE 0 END), 0)
           FROM points_lots l
           LEFT JOIN points_held_lots p ON p.lot_id = l.id LEFT JOIN points_holds h ON h.id = p.hold_id
           GROUP BY l.id, l.held_points
           HAVING l.held_points <> coalesce(sum(CASE WHEN h.state = 'held' THEN p.points ELSE 0 END), 0)""",
    ),
    Check(
        "L2 each hold = its parts in lots",
        "SELECT count(*) FROM points_holds",
        """SELECT h.id, h.points, coalesce(sum(p.points), 0)
           FROM points_holds h LEFT JOIN points_held_lots p ON p.hold_id = h.id
           GROUP BY h.id, h.points HAVING h.points <> coalesce(sum(p.points), 0)""",
    ),
    Check(
        "L5 nothing was spent from a lot after it expired, but by a hold placed before",
        "SELECT count(*) FROM points_allocations",
        """SELECT x.id, x.entry_id, x.lot_id FROM points_allocations x
           JOIN points_entries e ON e.id = x.entry_id JOIN points_lots l ON l.id = x.lot_id
           WHERE x.points < 0 AND e.kind IN ('redeem', 'adjust') AND e.occurred_at >= coalesce(
               (SELECT min(n.ended_at) FROM lot_extensions n WHERE n.lot_id = l.id AND n.created_at > e.occurred_at),
               l.expires_at)
             AND NOT EXISTS (SELECT 1 FROM points_held_lots p JOIN points_holds h ON h.id = p.hold_id
                             WHERE p.lot_id = l.id AND h.state = 'captured' AND h.created_at < coalesce(
               (SELECT min(n.ended_at) FROM lot_extensions n WHERE n.lot_id = l.id AND n.created_at > h.created_at),
               l.expires_at))""",
    ),
    Check(
        "L6 no entry was restored for more than it took",
        "SELECT count(*) FROM points_entries WHERE kind = 'restore'",
        """SELECT spent.id, spent.points, sum(back.points)
           FROM points_entries back JOIN points_entries spent ON spent.id = back.corrects_entry_id
           WHERE back.kind = 'restore' GROUP BY spent.id, spent.points HAVING sum(back.points) > -spent.points""",
    ),
    Check(
        "L7 no award was clawed back for more than it gave",
        "SELECT count(*) FROM points_entries WHERE kind = 'claw_back'",
        """SELECT award.id, award.points, sum(back.points)
           FROM points_entries back JOIN points_entries award ON award.id = back.corrects_entry_id
           WHERE back.kind = 'claw_back' GROUP BY award.id, award.points HAVING -sum(back.points) > award.points""",
    ),
    Check(
        "L7 every entry cites a rulebook version that was in force",
        "SELECT count(*) FROM points_entries",
        # Unless the clock was set back since: then something older saw the version begin.
        """SELECT e.id, e.rulebook_version FROM points_entries e
           JOIN rulebook_versions v ON v.id = e.rulebook_version
           JOIN points_accounts a ON a.id = e.account_id
           WHERE v.effective_at > e.occurred_at
             AND NOT EXISTS (SELECT 1 FROM points_entries older
                             WHERE older.id < e.id AND older.occurred_at >= v.effective_at)
             AND NOT EXISTS (SELECT 1 FROM orders o
                             WHERE o.member_id = a.member_id AND o.placed_at >= v.effective_at)
             AND NOT EXISTS (SELECT 1 FROM points_holds h
                             WHERE h.account_id = e.account_id AND h.created_at >= v.effective_at)""",
    ),
)
