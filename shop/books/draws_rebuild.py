"""What sign-ins, draws and tickets store beside their rows: streaks, and counters against stock, budget and chances."""

from datetime import timedelta
from itertools import groupby

from sqlalchemy import bindparam, select

from shop.books.rebuilding import Derivation, Found, by_sql
from shop.extensions import db, table_of
from shop.models import Draw, DrawDay, DrawMemberDay, Member, Prize, SignIn, TicketAccount

ONE_DAY = timedelta(days=1)
SIGNED = (
    select(SignIn.member_id, SignIn.day, SignIn.streak)
    .where(SignIn.member_id > bindparam("after"), SignIn.member_id <= bindparam("upto"))
    .order_by(SignIn.member_id, SignIn.day)
)


def broken_streaks(after: int, upto: int) -> Found:
    """Sign-ins whose streak is not the number of days in a row up to theirs (invariant G1)."""
    found: list[tuple[int, str, int, int]] = []
    rows = db.session.execute(SIGNED, {"after": after, "upto": upto})
    for member_id, days in groupby(rows, key=lambda row: row.member_id):
        last, streak = None, 0
        for row in days:
            streak = streak + 1 if last is not None and row.day == last + ONE_DAY else 1
            last = row.day
            if row.streak != streak:
                found.append((member_id, row.day.isoformat(), row.streak, streak))
    return found


DERIVATIONS = (
    Derivation(
        name="sign-ins: streaks",
        table=table_of(SignIn),
        keys=("member_id", "day"),
        columns=("streak",),
        walk=table_of(Member),
        within="member_id",
        find=broken_streaks,
    ),
    Derivation(
        name="prizes: how many were won",
        table=table_of(Prize),
        keys=("id",),
        columns=("won",),
        walk=table_of(Prize),
        within="id",
        find=by_sql(
            """SELECT p.id, p.won, count(t.id) FROM prizes p LEFT JOIN draw_attempts t ON t.prize_id = p.id
               WHERE p.id > :after AND p.id <= :upto
               GROUP BY p.id, p.won HAVING p.won <> count(t.id) ORDER BY p.id"""
        ),
    ),
    Derivation(
        name="draw days: attempts and points given",
        table=table_of(DrawDay),
        keys=("draw_id", "day"),
        columns=("attempts", "points_given"),
        walk=table_of(Draw),
        within="draw_id",
        find=by_sql(
            """SELECT d.draw_id, CAST(d.day AS TEXT), d.attempts, count(t.id), d.points_given, coalesce(sum(e.points), 0)
               FROM draw_days d
               LEFT JOIN draw_attempts t ON t.draw_id = d.draw_id AND t.day = d.day
               LEFT JOIN points_entries e ON e.reference = 'draw-prize\\:' || t.id
               WHERE d.draw_id > :after AND d.draw_id <= :upto
               GROUP BY d.draw_id, d.day, d.attempts, d.points_given
               HAVING d.attempts <> count(t.id) OR d.points_given <> coalesce(sum(e.points), 0)
               ORDER BY d.draw_id, d.day"""
        ),
    ),
    Derivation(
        name="draws: chances that members used in a day",
        table=table_of(DrawMemberDay),
        keys=("draw_id", "member_id", "day"),
        columns=("attempts", "free_used"),
        walk=table_of(Member),
        within="member_id",
        find=by_sql(
            """SELECT draw_id, member_id, CAST(day AS TEXT), max(attempts), sum(tries), max(free_used), sum(free) FROM (
                 SELECT draw_id, member_id, day, attempts, free_used, 0 AS tries, 0 AS free FROM draw_member_days
                 WHERE member_id > :after AND member_id <= :upto
                 UNION ALL
                 SELECT draw_id, member_id, day, NULL, NULL, 1, CASE WHEN paid_with = 'free' THEN 1 ELSE 0 END
                 FROM draw_attempts WHERE member_id > :after AND member_id <= :upto) both_sides
               GROUP BY draw_id, member_id, day
               HAVING coalesce(max(attempts), 0) <> sum(tries) OR coalesce(max(free_used), 0) <> sum(free)
               ORDER BY member_id, draw_id, day"""
        ),
    ),
    Derivation(
        name="tickets: what members have left",
        table=table_of(TicketAccount),
        keys=("member_id", "draw_id"),
        columns=("balance",),
        walk=table_of(Member),
        within="member_id",
        find=by_sql(
            """SELECT member_id, draw_id, max(balance), sum(tickets) FROM (
                 SELECT member_id, draw_id, balance, 0 AS tickets FROM ticket_accounts
                 WHERE member_id > :after AND member_id <= :upto
                 UNION ALL
                 SELECT member_id, draw_id, NULL, tickets FROM ticket_entries
                 WHERE member_id > :after AND member_id <= :upto) both_sides
               GROUP BY member_id, draw_id
               HAVING coalesce(max(balance), 0) <> sum(tickets) ORDER BY member_id, draw_id"""
        ),
    ),
)
