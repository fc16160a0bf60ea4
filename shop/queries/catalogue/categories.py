"""The categories of the shelf, on at most two levels."""

from dataclasses import dataclass

from sqlalchemy import func, select

from shop.extensions import db
from shop.models import Category, Product

ALL = select(Category.id, Category.slug, Category.name, Category.position, Category.parent_id).order_by(
    Category.position, Category.id
)
GOODS = select(Product.category_id, func.count()).group_by(Product.category_id)


@dataclass(frozen=True)
class CategoryEntry:
    """A category; ``children`` are those below it."""

    id: int
    slug: str
    name: str
    position: int
    parent_id: int | None
    children: tuple["CategoryEntry", ...] = ()


def category_tree() -> tuple[CategoryEntry, ...]:
    """All categories in their order, the lower ones inside the upper ones."""
    entries = [CategoryEntry(*row) for row in db.session.execute(ALL)]
    return tuple(_with_children(entry, entries) for entry in entries if entry.parent_id is None)


def category_names() -> dict[str, str]:
    """What each category is called, by the name in its address, in the order of ``category_tree``."""
    return {each.slug: each.name for top in category_tree() for each in (top, *top.children)}


def goods_per_category() -> dict[int, int]:
    """How many products lie directly in each category."""
    return {category_id: count for category_id, count in db.session.execute(GOODS) if category_id is not None}


def _with_children(entry: CategoryEntry, entries: list[CategoryEntry]) -> CategoryEntry:
    children = tuple(each for each in entries if each.parent_id == entry.id)
    return CategoryEntry(entry.id, entry.slug, entry.name, entry.position, None, children)
