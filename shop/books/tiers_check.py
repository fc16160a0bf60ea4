"""The proof of the tier book: every member stands where the history says."""

from shop.books.checking import Check

LAST = "(SELECT max(x.id) FROM tier_history x WHERE x.member_id = m.id)"

CHECKS = (
    Check(
        "L8 a member's tier and its end = the last row of the tier history",
        "SELECT count(*) FROM members",
        f"""SELECT m.id, m.tier_code, h.to_code, m.tier_until_at, h.until_at
            FROM members m JOIN tier_history h ON h.id = {LAST}
            WHERE m.tier_code <> h.to_code
               OR coalesce(m.tier_until_at, m.joined_at) <> coalesce(h.until_at, m.joined_at)""",  # noqa: S608
    ),
    Check(
        "L8 each change of a tier begins where the one before ended",
        "SELECT count(*) FROM tier_history",
        """SELECT h.id, h.member_id, h.from_code, before.to_code
           FROM tier_history h JOIN tier_history before ON before.id =
             (SELECT max(x.id) FROM tier_history x WHERE x.member_id = h.member_id AND x.id < h.id)
           WHERE h.from_code IS NULL OR h.from_code <> before.to_code""",
    ),
    Check(
        "L8 a tier that was reached or kept was reached by its numbers",
        "SELECT count(*) FROM tier_history",
        """SELECT id, member_id, why, measure, amount, needed FROM tier_history
           WHERE why IN ('reached', 'kept') AND amount IS NOT NULL AND amount < needed""",
    ),
    Check(
        "L1 each tier that was bought was paid by its own entry of the same member",
        "SELECT count(*) FROM tier_history WHERE entry_id IS NOT NULL",
        """SELECT h.id, h.member_id, h.entry_id, e.kind, e.points
           FROM tier_history h JOIN points_entries e ON e.id = h.entry_id
           JOIN points_accounts a ON a.id = e.account_id
           WHERE e.kind <> 'redeem' OR a.member_id <> h.member_id OR e.reference NOT LIKE 'tier:%'""",
    ),
    Check(
        "L1 each entry that paid for a tier has its tier",
        "SELECT count(*) FROM points_entries WHERE reference LIKE 'tier:%'",
        """SELECT e.id, e.reference FROM points_entries e LEFT JOIN tier_history h ON h.entry_id = e.id
           WHERE e.kind = 'redeem' AND e.reference LIKE 'tier:%' AND h.id IS NULL""",
    ),
)
