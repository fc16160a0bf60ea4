"""The goods that coupons are for, by name, and where to find them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from shop.extensions import db
from shop.models import Category, Product
from shop.rules.campaigns.coupons import CouponTerms

CATEGORIES = select(Category.id, Category.name, Category.slug).where(
    Category.id.in_(bindparam("ids", expanding=True))
)
PRODUCTS = select(Product.id, Product.title, Product.slug).where(
    Product.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True)
class Target:
    """A category or product: its name, and its place in the shop's addresses."""

    name: str
    slug: str


@dataclass(frozen=True)
class Scope:
    """What a coupon is for.  ``kind`` all has no targets."""

    kind: str
    targets: tuple[Target, ...]


class Scopes:
    """The scopes of many terms, looked up by two statements at most."""

    def __init__(self, terms: Collection[CouponTerms]) -> None:
        self._categories = _named(CATEGORIES, _ids("categories", terms))
        self._products = _named(PRODUCTS, _ids("products", terms))

    def of(self, terms: CouponTerms) -> Scope:
        """The scope of one of them; what was deleted meanwhile is left out."""
        known = self._categories if terms.scope == "categories" else self._products
        targets = () if terms.scope == "all" else tuple(known[i] for i in terms.scope_ids if i in known)
        return Scope(terms.scope, targets)


def _ids(scope: str, terms: Collection[CouponTerms]) -> list[int]:
    return sorted({each for one in terms if one.scope == scope for each in one.scope_ids})


def _named(statement: object, ids: list[int]) -> dict[int, Target]:
    if not ids:
        return {}
    return {row[0]: Target(row[1], row[2]) for row in db.session.execute(statement, {"ids": ids})}  # type: ignore[call-overload]
