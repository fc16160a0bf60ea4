"""The shelf stays fast as it grows: every order is read from its index, from any place, without sorting."""

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite

from shop.extensions import db
from shop.queries.catalogue.shelf import SORTS, ShelfQuery, _statement, shelf_page
from tests.factories import make_product, make_rulebook

INDEXES = {
    "recommended": "ix_products_shelf",
    "new": "ix_products_new",
    "points": "ix_products_points",
    "points_desc": "ix_products_points",
    "popular": "ix_products_popular",
}


def plan_of(query: ShelfQuery) -> str:
    """What the database means to do for this question."""
    dialect = db.engine.dialect
    statement = _statement(query)
    compiled = statement.compile(
        dialect=sqlite.dialect() if dialect.name == "sqlite" else postgresql.dialect(),
        compile_kwargs={"literal_binds": True},
    )
    prefix = "EXPLAIN QUERY PLAN " if dialect.name == "sqlite" else "EXPLAIN "
    rows = db.session.execute(text(prefix + str(compiled).replace(":", "\\:")))
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize("sort", SORTS)
def test_each_order_is_read_from_its_index(app, sort):
    make_rulebook()
    for number in range(40):
        make_product(points=100 + number, position=number)
    if db.engine.dialect.name == "postgresql":
        # Of forty rows it would sort at times: asked is whether it can do without.
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
        db.session.execute(text("SET LOCAL enable_sort = off"))

    plan = plan_of(ShelfQuery(sort=sort))

    assert INDEXES[sort] in plan
    assert "USE TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_a_page_deep_down_is_as_short_as_the_first(app):
    make_rulebook()
    for number in range(45):
        make_product(position=number)
    first = shelf_page(ShelfQuery())
    value, last_id = (int(part) for part in first.after.split("."))

    second = shelf_page(ShelfQuery(after=(value, last_id)))

    assert len(second.items) == 20
    assert {item.id for item in first.items}.isdisjoint(item.id for item in second.items)
