"""Categories of the shelf, on at most two levels."""

import secrets
from datetime import datetime

from sqlalchemy import delete, func, select, text

from shop.books import audit
from shop.errors import CategoryBringsGift, CategoryInUse, InvalidInput, NotFound, SlugTaken
from shop.extensions import db
from shop.models import Category, Gift, Product
from shop.transaction import transaction

CATEGORIES_LOCK = 7_202_613  # any number that no other advisory lock uses
SLUG_BYTES = 3


def save_category(
    category_id: int | None,
    *,
    name: str,
    slug: str,
    parent_id: int | None,
    position: int,
    staff_id: int | None,
    now: datetime,
) -> int:
    """Make a category (``category_id`` None) or change one.  Returns its id.  An empty ``slug`` keeps or makes one.

    Raises NotFound, SlugTaken, and InvalidInput when the result would have more than two levels.
    """
    with transaction() as session:
        _lock_tree()
        category = session.get(Category, category_id) if category_id else Category(slug=_new_slug())
        if category is None:
            raise NotFound
        _refuse_third_level(category_id, parent_id)
        _refuse_taken_slug(category_id, slug)
        before = _told(category) if category_id else None
        category.name, category.parent_id, category.position = name, parent_id, position
        category.slug = slug or category.slug
        session.add(category)
        session.flush()
        action = "category.save" if category_id else "category.create"
        subject = f"category:{category.id}"
        audit.record(
            staff_id=staff_id, action=action, subject=subject, now=now, before=before, after=_told(category)
        )
        return category.id


def remove_category(category_id: int, staff_id: int, now: datetime) -> None:
    """Remove an empty category.

    Raises NotFound, CategoryInUse while goods or categories are in it, and CategoryBringsGift while a gift is for it.
    """
    with transaction() as session:
        _lock_tree()
        category = session.get(Category, category_id)
        if category is None:
            raise NotFound
        goods = session.scalar(select(func.count()).where(Product.category_id == category_id))
        below = session.scalar(select(func.count()).where(Category.parent_id == category_id))
        if goods or below:
            raise CategoryInUse
        if session.scalar(select(func.count()).where(Gift.category_id == category_id)):
            raise CategoryBringsGift
        before = _told(category)
        session.execute(delete(Category).where(Category.id == category_id))
        subject = f"category:{category_id}"
        audit.record(staff_id=staff_id, action="category.remove", subject=subject, now=now, before=before)


def _lock_tree() -> None:
    """Two people at the tree at once could build a third level; SQLite's writers wait for each other anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CATEGORIES_LOCK})


def _refuse_third_level(category_id: int | None, parent_id: int | None) -> None:
    if parent_id is None:
        return
    parent = db.session.get(Category, parent_id)
    if parent is None or parent.parent_id is not None or parent_id == category_id:
        raise InvalidInput
    if category_id and db.session.scalar(select(func.count()).where(Category.parent_id == category_id)):
        raise InvalidInput


def _refuse_taken_slug(category_id: int | None, slug: str) -> None:
    others = select(func.count()).where(Category.slug == slug, Category.id != (category_id or 0))
    if slug and db.session.scalar(others):
        raise SlugTaken


def _new_slug() -> str:
    return f"c-{secrets.token_hex(SLUG_BYTES)}"


def _told(category: Category) -> dict[str, object]:
    return {
        "name": category.name,
        "slug": category.slug,
        "parent_id": category.parent_id,
        "position": category.position,
    }
