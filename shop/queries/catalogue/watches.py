"""What a member keeps an eye on."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, select

from shop.extensions import db
from shop.models import Product, Watch
from shop.queries.catalogue.shelf import CARD, NUMBER_MAX, PAGE, ShelfItem

WATCHED: Select[*tuple[Any, ...]] = (
    CARD.add_columns(Watch.id)
    .join(Watch, Watch.product_id == Product.id)
    .where(
        Watch.member_id == bindparam("member_id"),
        Watch.kind == bindparam("kind"),
        Watch.id < bindparam("before"),
    )
    .order_by(Watch.id.desc())
    .limit(PAGE + 1)
)
NAMED = select(Product.title, Product.slug).where(Product.id == bindparam("product_id"))


@dataclass(frozen=True)
class Watched:
    """A page of what a member keeps an eye on, the newest first; ``next_before`` is where it goes on."""

    items: tuple[ShelfItem, ...]
    next_before: int | None


def watched_by(member_id: int, kind: str, before: int | None = None) -> Watched:
    """Goods on sale that the member watches; ``kind`` is favourite or restock."""
    values = {"member_id": member_id, "kind": kind, "before": NUMBER_MAX if before is None else before}
    rows = db.session.execute(WATCHED, values).all()
    items = tuple(ShelfItem(*tuple(row)[:-1]) for row in rows[:PAGE])
    return Watched(items, rows[PAGE - 1][-1] if len(rows) > PAGE else None)


def named_product(product_id: int) -> tuple[str, str]:
    """Title and slug of a product."""
    row = db.session.execute(NAMED, {"product_id": product_id}).one()
    return row.title, row.slug
