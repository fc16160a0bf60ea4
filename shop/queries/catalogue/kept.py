"""What lies ready of the shelf: its pages and categories, kept in this process until anything shown there changes.

The name of the shelf's state comes from the database with every request, so that all processes and machines agree.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select, true

from shop.books.rulebooks import IN_FORCE, Occasion, occasion_of
from shop.extensions import db
from shop.models import ShelfState
from shop.queries.catalogue.categories import CategoryEntry, category_tree
from shop.queries.catalogue.shelf import Reach, ShelfPage, ShelfQuery, shelf_page

PAGES_KEPT = 256
STATES_KEPT = 4
in_force = IN_FORCE.subquery()
STATE = select(ShelfState.name, in_force.c.id, in_force.c.document).outerjoin(in_force, true())


@dataclass(frozen=True)
class Shelf:
    """The shelf at a moment: the name of its state, and the rulebook in force (None: nothing is published yet)."""

    state: int
    occasion: Occasion | None
    document: str = ""

    @property
    def made_from(self) -> tuple[int, str]:
        """All that the shelf of a visitor depends on: the goods, and the text of the rulebook."""
        return self.state, self.document

    @property
    def categories(self) -> tuple[CategoryEntry, ...]:
        return _categories(self.state)

    def page(self, query: ShelfQuery, reach: Reach | None = None) -> ShelfPage:
        """A page of goods; what one member can afford is looked up each time."""
        if query.affordable and reach is not None:
            return shelf_page(query, reach)
        return _page(self.state, query)


def shelf_at(now: datetime) -> Shelf:
    """The shelf as it stands, in one small statement."""
    row = db.session.execute(STATE, {"now": now}).one()
    return Shelf(row.name, occasion_of(now, row.id, row.document) if row.id else None, row.document or "")


@lru_cache(maxsize=PAGES_KEPT)
def _page(_state: int, query: ShelfQuery) -> ShelfPage:
    return shelf_page(query)


@lru_cache(maxsize=STATES_KEPT)
def _categories(_state: int) -> tuple[CategoryEntry, ...]:
    return category_tree()
