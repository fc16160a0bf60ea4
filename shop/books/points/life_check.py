"""The proof that no point ends too early: every put-off end, every announcement, every freeze and merge adds up."""

from shop.books.checking import Check

CHECKS = (
    Check(
        "L2 a lot's end = its last note, and each note goes on from the one before",
        "SELECT count(*) FROM lot_extensions",
        """SELECT x.id, x.lot_id, x.ends_at, coalesce(following.ended_at, l.expires_at)
           FROM lot_extensions x JOIN points_lots l ON l.id = x.lot_id
           LEFT JOIN lot_extensions following ON following.id = (
             SELECT min(later.id) FROM lot_extensions later WHERE later.lot_id = x.lot_id AND later.id > x.id)
           WHERE x.ends_at <> coalesce(following.ended_at, l.expires_at)""",
    ),
    Check(
        "L5 nothing lapsed that was not announced in time, since members are told",
        "SELECT count(*) FROM points_entries WHERE kind = 'expire'",
        """SELECT e.id, x.lot_id, e.occurred_at FROM points_entries e
           JOIN points_allocations x ON x.entry_id = e.id
           JOIN points_lots l ON l.id = x.lot_id
           JOIN points_accounts a ON a.id = e.account_id JOIN members m ON m.id = a.member_id
           WHERE e.kind = 'expire' AND m.state <> 'closed' AND l.expires_at > l.credited_at
             AND e.occurred_at >= (SELECT min(told_at) FROM lot_reminders)
             AND NOT EXISTS (
               SELECT 1 FROM lot_reminders r WHERE r.lot_id = x.lot_id AND r.is_in_time
                 AND r.told_at <= e.occurred_at AND r.expires_at <= e.occurred_at
                 AND NOT EXISTS (SELECT 1 FROM lot_extensions put_off WHERE put_off.lot_id = r.lot_id
                   AND put_off.ended_at = r.expires_at AND put_off.created_at <= e.occurred_at))""",
    ),
    Check(
        "L14 an account stands still exactly while a freeze of it is open",
        "SELECT count(*) FROM points_accounts",
        """SELECT a.id, a.is_spending_frozen, a.is_earning_frozen, f.id
           FROM points_accounts a
           LEFT JOIN points_freezes f ON f.member_id = a.member_id AND f.lifted_at IS NULL
           WHERE a.is_spending_frozen <> coalesce(f.freezes_spending, a.is_spending_frozen <> a.is_spending_frozen)
              OR a.is_earning_frozen <> coalesce(f.freezes_earning, a.is_earning_frozen <> a.is_earning_frozen)""",
    ),
    Check(
        "L15 a lot that moved to another account keeps its class, and took with it what it says",
        "SELECT count(*) FROM moved_lots",
        """SELECT v.merge_id, v.from_lot_id, v.into_lot_id, v.points, made.points
           FROM moved_lots v JOIN points_lots left_behind ON left_behind.id = v.from_lot_id
           JOIN points_lots made ON made.id = v.into_lot_id
           WHERE made.points <> v.points OR made.source_class <> left_behind.source_class
              OR made.credited_at <> left_behind.credited_at""",
    ),
)
