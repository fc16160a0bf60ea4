"""The shelf: goods on sale, searched, filtered, sorted and read page by page from a cursor (never by OFFSET)."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from shop.extensions import db
from shop.models import Category, Product, StockLevel, Variant

PAGE = 20
WORDS_MAX = 4
SEARCH_MAX = 40
NUMBER_MAX = 2**63 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SLUG = re.compile(r"[a-z0-9-]{1,60}")
CURSOR = re.compile(r"(-?[0-9]{1,18})\.([0-9]{1,18})")

SORTS: dict[str, tuple[Any, bool]] = {
    "recommended": (Product.position, False),
    "new": (Product.published_at, True),
    "points": (Product.price_points_from, False),
    "points_desc": (Product.price_points_from, True),
    "popular": (Product.redeemed_count, True),
}
"""The column to sort by, and whether the largest comes first."""
KINDS = ("physical", "voucher", "service", "virtual")

available = (
    select(func.coalesce(func.sum(StockLevel.on_hand - StockLevel.reserved), 0))
    .join(Variant, Variant.id == StockLevel.variant_id)
    .where(Variant.product_id == Product.id, Variant.state == "active")
    .correlate(Product)
    .scalar_subquery()
)
IS_ON_SALE = Product.state == literal_column("'on_sale'")
CARD: Select[*tuple[Any, ...]] = select(
    Product.id,
    Product.slug,
    Product.title,
    Product.kind,
    Product.points_kind,
    Product.price_points_from,
    Product.price_cents_from,
    Product.picture_key,
    Product.tier_code_min,
    Product.limit_per_member,
    Product.limit_period,
    Product.redeemed_count,
    available.label("available"),
).where(IS_ON_SALE)
RELATED: Select[*tuple[Any, ...]] = (
    CARD.where(
        Product.id != bindparam("product_id"),
        or_(Product.category_id == bindparam("category_id"), bindparam("category_id").is_(None)),
    )
    .order_by(Product.position, Product.id)
    .limit(bindparam("count"))
)


@dataclass(frozen=True)
class ShelfItem:
    """What a card shows of a product.  ``available`` counts the units of all its variants."""

    id: int
    slug: str
    title: str
    kind: str
    points_kind: str
    price_points_from: int
    price_cents_from: int
    picture_key: str | None
    tier_code_min: str | None
    limit_per_member: int | None
    limit_period: str
    redeemed_count: int
    available: int


@dataclass(frozen=True)
class ShelfPage:
    """One page of the shelf; ``after`` is the cursor of the next one, empty at the end."""

    items: tuple[ShelfItem, ...]
    after: str


@dataclass(frozen=True)
class ShelfQuery:
    """What a visitor asks the shelf for; made by ``asked_for`` from anything that an address may contain."""

    words: tuple[str, ...] = ()
    category: str = ""
    affordable: bool = False
    points_only: bool = False
    kinds: tuple[str, ...] = ()
    sort: str = "recommended"
    after: tuple[int, int] | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.category or self.affordable or self.points_only or self.kinds)


@dataclass(frozen=True)
class Reach:
    """How far a member reaches: what is at hand of each kind of points, and the tiers whose goods are still closed."""

    purses: tuple[tuple[str, int], ...] = ()
    closed_tiers: tuple[str, ...] = ()


def asked_for(
    *,
    q: str = "",
    category: str = "",
    affordable: str = "",
    kinds: Collection[str] = (),
    sort: str = "",
    after: str = "",
) -> ShelfQuery:
    """Read a request for the shelf.  What makes no sense is left out: a broken address shows the shelf, not an error."""
    found = CURSOR.fullmatch(after)
    return ShelfQuery(
        words=tuple(searchable(q).split()[:WORDS_MAX]),
        category=category if SLUG.fullmatch(category) else "",
        affordable=bool(affordable),
        points_only="points" in kinds,
        kinds=tuple(kind for kind in KINDS if kind in kinds),
        sort=sort if sort in SORTS else "recommended",
        after=(int(found[1]), int(found[2])) if found else None,
    )


def searchable(text: str) -> str:
    """A search text without control characters and direction marks, at a sensible length."""
    visible = "".join(
        letter if unicodedata.category(letter)[0] != "C" else " " for letter in text[: 4 * SEARCH_MAX]
    )
    return " ".join(visible.split())[:SEARCH_MAX].strip()


def shelf_page(query: ShelfQuery, reach: Reach | None = None, *, limit: int = PAGE) -> ShelfPage:
    """One page of goods on sale, in one statement.  ``reach`` belongs to the member who asks for what is affordable."""
    affordable = query.affordable and reach is not None
    reach = reach or Reach()
    shape = replace(
        query, words=("",) * len(query.words), affordable=affordable, after=query.after and (0, 0)
    )
    values = _values(query, reach)
    statement = _statement(shape, len(reach.purses) if affordable else 0)
    statement = statement if limit == PAGE else statement.limit(limit + 1)
    rows = db.session.execute(statement, values).all()
    items = tuple(ShelfItem(*tuple(row)[:-1]) for row in rows[:limit])
    after = f"{_as_number(rows[limit - 1][-1])}.{rows[limit - 1].id}" if len(rows) > limit else ""
    return ShelfPage(items, after)


def related_to(product_id: int, category_id: int | None, count: int = 6) -> tuple[ShelfItem, ...]:
    """Other goods of the same category, in the shelf's order."""
    values = {"product_id": product_id, "category_id": category_id, "count": count}
    return tuple(ShelfItem(*row) for row in db.session.execute(RELATED, values))


@lru_cache(maxsize=512)
def _statement(shape: ShelfQuery, purses: int = 0) -> Select[*tuple[Any, ...]]:
    """The statement for this combination of filters and number of purses, built once; the values are bound."""
    column, descending = SORTS[shape.sort]
    statement = CARD.add_columns(column.label("sort_value")).where(*_conditions(shape, purses))
    if shape.after:
        place, cursor = (
            tuple_(column, Product.id),
            tuple_(bindparam("value", type_=column.type), bindparam("id")),
        )
        statement = statement.where(place < cursor if descending else place > cursor)
    order = (column.desc(), Product.id.desc()) if descending else (column, Product.id)
    return statement.order_by(*order).limit(PAGE + 1)


def _conditions(shape: ShelfQuery, purses: int) -> list[Any]:
    conditions: list[Any] = [_contains(bindparam(f"word_{place}")) for place in range(len(shape.words))]
    if shape.category:
        conditions.append(Product.category_id.in_(_category_and_below()))
    if shape.points_only:
        conditions.append(Product.price_cents_from == 0)
    if shape.kinds:
        conditions.append(Product.kind.in_(shape.kinds))
    if shape.affordable:
        closed: Any = bindparam("closed_tiers", expanding=True)
        conditions += [
            or_(*_within_reach(purses)),
            or_(Product.tier_code_min.is_(None), Product.tier_code_min.not_in(closed)),
            available > 0,
        ]
    return conditions


def _within_reach(purses: int) -> Iterator[Any]:
    """Goods without points, and those for the points of each purse."""
    yield Product.price_points_from == 0
    for place in range(purses):
        yield and_(
            Product.points_kind == bindparam(f"purse_{place}"),
            Product.price_points_from <= bindparam(f"purse_points_{place}"),
        )


def _contains(word: Any) -> Any:
    """Found in title, subtitle or the name of the category.  A word of two Chinese characters is enough."""

    def like(column: Any) -> Any:
        return func.lower(column).like(word, escape="/")

    in_category = exists().where(Category.id == Product.category_id, like(Category.name)).correlate(Product)
    return or_(like(Product.title), like(Product.subtitle), in_category)


def _category_and_below() -> Select[int]:
    chosen = select(Category.id).where(Category.slug == bindparam("category")).scalar_subquery()
    return select(Category.id).where(or_(Category.id == chosen, Category.parent_id == chosen))


def _values(query: ShelfQuery, reach: Reach) -> dict[str, Any]:
    values: dict[str, Any] = {f"word_{place}": _pattern(word) for place, word in enumerate(query.words)}
    values |= {"category": query.category, "closed_tiers": list(reach.closed_tiers)}
    for place, (kind, points) in enumerate(reach.purses):
        values |= {f"purse_{place}": kind, f"purse_points_{place}": points}
    if query.after:
        value, last_id = query.after
        moment = EPOCH + timedelta(microseconds=min(max(value, 0), 10**17))
        values |= {"value": moment if query.sort == "new" else value, "id": last_id}
    return values


def _pattern(word: str) -> str:
    for special in "/%_":
        word = word.replace(special, f"/{special}")
    return f"%{word.lower()}%"


def _as_number(value: int | datetime | None) -> int:
    if isinstance(value, datetime):
        return (value - EPOCH) // timedelta(microseconds=1)
    return value or 0
