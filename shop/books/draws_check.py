"""The proof that sign-ins, tickets and draws add up (invariants D1, G1)."""

from shop.books.checking import Check

SIGNINS = (
    Check(
        "G1 points of a member's sign-ins = their entries, and make-ups cost what was spent for them",
        "SELECT count(*) FROM signins",
        """SELECT a.member_id, coalesce(s.points, 0), coalesce(e.earned, 0), coalesce(s.cost, 0), coalesce(e.spent, 0)
           FROM points_accounts a
           LEFT JOIN (SELECT member_id, sum(points) AS points, sum(cost_points) AS cost FROM signins GROUP BY member_id) s
                  ON s.member_id = a.member_id
           LEFT JOIN (SELECT account_id, sum(CASE WHEN points > 0 THEN points ELSE 0 END) AS earned,
                             sum(CASE WHEN points < 0 THEN -points ELSE 0 END) AS spent
                      FROM points_entries WHERE reference LIKE 'signin%' GROUP BY account_id) e
                  ON e.account_id = a.id
           WHERE a.kind = 'points'
             AND (coalesce(s.points, 0) <> coalesce(e.earned, 0) OR coalesce(s.cost, 0) <> coalesce(e.spent, 0))""",
    ),
    Check(
        "G1 a streak starts at 1 and grows by 1",
        "SELECT count(*) FROM signins",
        """SELECT member_id, day, streak, previous FROM (
             SELECT member_id, day, streak, coalesce(lag(streak) OVER (PARTITION BY member_id ORDER BY day), 0) AS previous
             FROM signins) runs
           WHERE streak <> 1 AND streak <> previous + 1""",
    ),
    Check(
        "G1 a table counts from a day of its run on",
        "SELECT count(*) FROM signins",
        "SELECT member_id, day, streak, cycle_offset FROM signins WHERE cycle_offset >= streak",
    ),
)
DRAWS = (
    Check(
        "D1 prizes won = attempts that won them, within the stock",
        "SELECT count(*) FROM prizes",
        """SELECT p.id, p.title, p.won, p.stock, count(t.id) FROM prizes p LEFT JOIN draw_attempts t ON t.prize_id = p.id
           GROUP BY p.id, p.title, p.won, p.stock HAVING p.won <> count(t.id) OR p.won > p.stock""",
    ),
    Check(
        "D1 a day's attempts and points = its rows and their entries, within the budget",
        "SELECT count(*) FROM draw_days",
        """SELECT d.draw_id, d.day, d.attempts, count(t.id), d.points_given, coalesce(sum(e.points), 0)
           FROM draw_days d
           LEFT JOIN draw_attempts t ON t.draw_id = d.draw_id AND t.day = d.day
           LEFT JOIN points_entries e ON e.reference = 'draw-prize:' || t.id
           GROUP BY d.draw_id, d.day, d.attempts, d.points_given
           HAVING d.attempts <> count(t.id) OR d.points_given <> coalesce(sum(e.points), 0)""",
    ),
    Check(
        "D1 a member's chances used = their attempts",
        "SELECT count(*) FROM draw_member_days",
        """SELECT m.draw_id, m.member_id, m.day, m.attempts, count(t.id), m.free_used
           FROM draw_member_days m
           LEFT JOIN draw_attempts t ON t.draw_id = m.draw_id AND t.member_id = m.member_id AND t.day = m.day
           GROUP BY m.draw_id, m.member_id, m.day, m.attempts, m.free_used
           HAVING m.attempts <> count(t.id)
               OR m.free_used <> sum(CASE WHEN t.paid_with = 'free' THEN 1 ELSE 0 END)""",
    ),
    Check(
        "D1 each attempt was paid once: points by an entry, a ticket by a ticket entry, a free one by nothing",
        "SELECT count(*) FROM draw_attempts",
        """SELECT t.id, t.paid_with, t.price_points, e.points, k.tickets FROM draw_attempts t
           LEFT JOIN points_entries e ON e.reference = 'draw:' || t.idempotency_key
           LEFT JOIN ticket_entries k ON k.reference = 'draw:' || t.idempotency_key
           WHERE coalesce(-e.points, 0) <> CASE WHEN t.paid_with = 'points' THEN t.price_points ELSE 0 END
              OR coalesce(-k.tickets, 0) <> CASE WHEN t.paid_with = 'ticket' THEN 1 ELSE 0 END""",
    ),
    Check(
        "D1 a ticket balance = its entries",
        "SELECT count(*) FROM ticket_accounts",
        """SELECT a.member_id, a.draw_id, a.balance, coalesce(sum(e.tickets), 0)
           FROM ticket_accounts a LEFT JOIN ticket_entries e ON e.member_id = a.member_id AND e.draw_id = a.draw_id
           GROUP BY a.member_id, a.draw_id, a.balance HAVING a.balance <> coalesce(sum(e.tickets), 0)""",
    ),
    Check(
        "D1 a claimed prize has its order, and no other has",
        "SELECT count(*) FROM draw_attempts WHERE claim_state <> 'none'",
        "SELECT id, claim_state, order_id FROM draw_attempts WHERE (claim_state = 'claimed') <> (order_id IS NOT NULL)",
    ),
)
CHECKS = SIGNINS + DRAWS
