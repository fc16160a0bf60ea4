"""What the points book stores beside its journals, derived once more: accounts, lots, and the balances told in entries."""

from shop.books.rebuilding import Derivation, by_sql
from shop.extensions import table_of
from shop.models import Lot, PointsAccount, PointsEntry

DERIVATIONS = (
    Derivation(
        name="accounts: balance, held and debt",
        table=table_of(PointsAccount),
        keys=("id",),
        columns=("balance_points", "held_points", "debt_points"),
        walk=table_of(PointsAccount),
        within="id",
        find=by_sql(
            """SELECT a.id, a.balance_points, coalesce(e.balance, 0), a.held_points, coalesce(h.held, 0),
                      a.debt_points, coalesce(e.debt, 0)
               FROM points_accounts a
               LEFT JOIN (SELECT account_id, sum(points + debt_points) AS balance, sum(debt_points) AS debt
                          FROM points_entries WHERE account_id > :after AND account_id <= :upto
                          GROUP BY account_id) e ON e.account_id = a.id
               LEFT JOIN (SELECT account_id, sum(points) AS held FROM points_holds
                          WHERE state = 'held' AND account_id > :after AND account_id <= :upto
                          GROUP BY account_id) h ON h.account_id = a.id
               WHERE a.id > :after AND a.id <= :upto
                 AND (a.balance_points <> coalesce(e.balance, 0) OR a.held_points <> coalesce(h.held, 0)
                      OR a.debt_points <> coalesce(e.debt, 0))
               ORDER BY a.id"""
        ),
    ),
    Derivation(
        name="lots: remainder and held part",
        table=table_of(Lot),
        keys=("id",),
        columns=("remaining_points", "held_points"),
        walk=table_of(Lot),
        within="id",
        find=by_sql(
            """SELECT l.id, l.remaining_points, l.points + coalesce(x.moved, 0), l.held_points, coalesce(p.held, 0)
               FROM points_lots l
               LEFT JOIN (SELECT lot_id, sum(points) AS moved FROM points_allocations
                          WHERE lot_id > :after AND lot_id <= :upto GROUP BY lot_id) x ON x.lot_id = l.id
               LEFT JOIN (SELECT p.lot_id, sum(p.points) AS held FROM points_held_lots p
                          JOIN points_holds h ON h.id = p.hold_id AND h.state = 'held'
                          WHERE p.lot_id > :after AND p.lot_id <= :upto GROUP BY p.lot_id) p ON p.lot_id = l.id
               WHERE l.id > :after AND l.id <= :upto
                 AND (l.remaining_points <> l.points + coalesce(x.moved, 0) OR l.held_points <> coalesce(p.held, 0))
               ORDER BY l.id"""
        ),
    ),
    Derivation(
        name="entries: the balance after each",
        table=table_of(PointsEntry),
        keys=("id",),
        columns=("balance_after_points",),
        walk=table_of(PointsAccount),
        within="account_id",
        is_final=True,
        find=by_sql(
            """SELECT id, balance_after_points, running FROM (
                 SELECT id, balance_after_points,
                        sum(points + debt_points) OVER (PARTITION BY account_id ORDER BY id) AS running
                 FROM points_entries WHERE account_id > :after AND account_id <= :upto) told
               WHERE balance_after_points <> running ORDER BY id"""
        ),
    ),
)
