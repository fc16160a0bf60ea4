"""Stock levels, derived from the journal of movements and the open reservations."""

from shop.books.rebuilding import Derivation, by_sql
from shop.extensions import table_of
from shop.models import StockLevel, Variant

LEVELS = Derivation(
    name="stock levels",
    table=table_of(StockLevel),
    keys=("variant_id",),
    columns=("received", "adjusted", "sold", "returned", "on_hand", "reserved"),
    walk=table_of(Variant),
    within="variant_id",
    find=by_sql(
        """SELECT l.variant_id, l.received, coalesce(m.received, 0), l.adjusted, coalesce(m.adjusted, 0),
                  l.sold, coalesce(m.sold, 0), l.returned, coalesce(m.returned, 0),
                  l.on_hand, coalesce(m.received + m.adjusted + m.returned - m.sold, 0),
                  l.reserved, coalesce(r.units, 0)
           FROM stock_levels l
           LEFT JOIN (SELECT variant_id,
                        sum(CASE WHEN kind = 'received' THEN units ELSE 0 END) AS received,
                        sum(CASE WHEN kind = 'adjusted' THEN units ELSE 0 END) AS adjusted,
                        sum(CASE WHEN kind = 'sold' THEN units ELSE 0 END) AS sold,
                        sum(CASE WHEN kind = 'returned' THEN units ELSE 0 END) AS returned
                      FROM stock_movements WHERE variant_id > :after AND variant_id <= :upto
                      GROUP BY variant_id) m ON m.variant_id = l.variant_id
           LEFT JOIN (SELECT variant_id, sum(units) AS units FROM stock_reservations
                      WHERE state = 'open' AND variant_id > :after AND variant_id <= :upto
                      GROUP BY variant_id) r ON r.variant_id = l.variant_id
           WHERE l.variant_id > :after AND l.variant_id <= :upto
             AND (l.received <> coalesce(m.received, 0) OR l.adjusted <> coalesce(m.adjusted, 0)
                  OR l.sold <> coalesce(m.sold, 0) OR l.returned <> coalesce(m.returned, 0)
                  OR l.on_hand <> coalesce(m.received + m.adjusted + m.returned - m.sold, 0)
                  OR l.reserved <> coalesce(r.units, 0))
           ORDER BY l.variant_id"""
    ),
)
DERIVATIONS = (LEVELS,)
