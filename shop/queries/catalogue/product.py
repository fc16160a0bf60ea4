"""One product as a visitor sees it: what it is, what may be had of it now, at the price that the checkout will ask."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from shop.books.orders.baskets import Basket, basket_of, quote_of
from shop.books.orders.refusals import quantity_limit
from shop.books.rulebooks import Occasion, occasion_at
from shop.books.tiers.measures import amount_today
from shop.extensions import db
from shop.models import Category, Gift, Member, Picture, Product, StockLevel, Variant, Watch
from shop.queries.catalogue.kept import shelf_at
from shop.queries.catalogue.shelf import ShelfItem, related_to
from shop.queries.catalogue.standing import Standing, ladder
from shop.rules.orders.limits import is_for_tier_only
from shop.rules.orders.pricing import Quote, Way
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.tiers import span_now
from shop.rules.rulebook import Rulebook

PRODUCTS_KEPT = 512
WITH_VARIANTS: Select[*tuple[Any, ...]] = (
    select(
        Product.id,
        Product.slug,
        Product.title,
        Product.subtitle,
        Product.description,
        Product.kind,
        Product.points_kind,
        Product.market_price_cents,
        Product.category_id,
        Product.tier_code_min,
        Product.tier_until,
        Product.limit_per_member,
        Product.limit_per_order,
        Product.limit_period,
        Category.name.label("category_name"),
        Category.slug.label("category_slug"),
        Variant.sku,
    )
    .join(Variant, Variant.product_id == Product.id)
    .outerjoin(Category, Category.id == Product.category_id)
    .where(Product.slug == bindparam("slug"), Product.state == "on_sale", Variant.state == "active")
    .order_by(Variant.position, Variant.id)
)
PICTURES = (
    select(Picture.key)
    .where(Picture.product_id == bindparam("product_id"))
    .order_by(Picture.position, Picture.id)
)

UPPER = select(Category.parent_id).where(Category.id == bindparam("category_id")).scalar_subquery()
OF_GIFT = aliased(Product)
GIFTS = (
    select(
        Gift.name,
        OF_GIFT.title,
        OF_GIFT.slug,
        Gift.quantity_min,
        Gift.quantity,
        Gift.order_max,
        Gift.starts_at,
        Gift.ends_at,
        func.coalesce(StockLevel.on_hand - StockLevel.reserved, 0).label("available"),
    )
    .join(Variant, Variant.id == Gift.variant_id)
    .join(OF_GIFT, OF_GIFT.id == Variant.product_id)
    .outerjoin(StockLevel, StockLevel.variant_id == Variant.id)
    .where(
        Gift.state == "on",
        Variant.state == "active",
        or_(
            Gift.product_id == bindparam("product_id"),
            Gift.category_id.in_((bindparam("category_id"), UPPER)),
            and_(Gift.product_id.is_(None), Gift.category_id.is_(None)),
        ),
    )
    .order_by(Gift.id)
)


def _watched(kind: str) -> Any:
    return exists().where(
        Watch.member_id == Member.id, Watch.product_id == bindparam("product_id"), Watch.kind == literal(kind)
    )


VISITOR = select(
    Member.growth, _watched("favourite").label("is_favourite"), _watched("restock").label("awaits_restock")
).where(Member.id == bindparam("member_id"))


@dataclass(frozen=True)
class Choice:
    """A variant that can be chosen."""

    sku: str
    title: str
    points: int
    cents: int
    available: int


@dataclass(frozen=True)
class Visitor:
    """What is known of the one who looks.  A guest has no id.

    ``counted`` is what raises a tier, in the measure's unit; asked only where the product is for some tiers.
    """

    member_id: int | None = None
    counted: int = 0
    is_favourite: bool = False
    awaits_restock: bool = False


@dataclass(frozen=True)
class GiftPromise:
    """What comes on top with this product: ``quantity`` pieces of ``title`` with every ``quantity_min`` pieces of it."""

    name: str
    title: str
    slug: str
    quantity_min: int
    quantity: int
    order_max: int
    ends_at: datetime | None
    available: int


@dataclass(frozen=True, kw_only=True)
class Written:
    """What is written about a product, the same for everybody until the shelf changes; its stock and price are not."""

    row: Any
    skus: tuple[str, ...]
    pictures: tuple[str, ...]
    related: tuple[ShelfItem, ...]
    gifts: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class ProductPage:
    """``row`` holds the plain columns.  ``taken`` counts the member's units in the running period of the limit.

    ``tier_code`` is the tier from which on it may be redeemed at this moment; None: by everybody.
    """

    row: Any
    tier_code: str | None
    pictures: tuple[str, ...]
    choices: tuple[Choice, ...]
    chosen: Choice
    quote: Quote
    ways: tuple[Way, ...]
    quantity_max: int
    taken: int
    visitor: Visitor
    standing: Standing
    rulebook: Rulebook
    related: tuple[ShelfItem, ...]
    gifts: tuple[GiftPromise, ...] = ()

    @property
    def is_of_main_kind(self) -> bool:
        """Whether it is redeemed for the points that signing in and buying bring."""
        return bool(self.row.points_kind == MAIN_KIND)

    @property
    def is_sold_out(self) -> bool:
        """Nothing is left of any variant."""
        return all(choice.available <= 0 for choice in self.choices)


def product_page(slug: str, sku: str, member_id: int | None, now: datetime) -> ProductPage | None:
    """A product on sale with the variant that was asked for, else the first that is in stock; None when there is none.

    A fixed number of statements: two for a guest, three more for a member; four more when the shelf has changed.
    """
    shelf = shelf_at(now)
    written = _written(shelf.state, slug.replace("\0", ""))
    if written is None:
        return None
    product = written.row
    basket = basket_of(dict.fromkeys(written.skus, 1), member_id, shelf.occasion or occasion_at(now))
    choices = tuple(_choice(line.offer) for line in basket.lines)
    chosen = _chosen(choices, sku)
    single = _only(basket, chosen.sku)
    return ProductPage(
        row=product,
        tier_code=product.tier_code_min if is_for_tier_only(product.tier_until, now) else None,
        pictures=written.pictures,
        choices=choices,
        chosen=chosen,
        quote=quote_of(single, single.ways[0], 0),
        ways=single.ways,
        quantity_max=quantity_limit(single, single.lines[0].offer).quantity_max,
        taken=basket.taken.get(product.id, 0),
        visitor=_visitor(member_id, product, basket),
        standing=_standing(basket, member_id),
        rulebook=basket.occasion.rulebook,
        related=written.related,
        gifts=_promises(written.gifts, chosen, now),
    )


@lru_cache(maxsize=PRODUCTS_KEPT)
def _written(_state: int, slug: str) -> Written | None:
    """What the shelf's state has of a product; None when it is not on sale."""
    rows = db.session.execute(WITH_VARIANTS, {"slug": slug}).all()
    if not rows:
        return None
    row = rows[0]
    return Written(
        row=row,
        skus=tuple(each.sku for each in rows),
        pictures=tuple(db.session.scalars(PICTURES, {"product_id": row.id})),
        related=related_to(row.id, row.category_id),
        gifts=tuple(
            db.session.execute(GIFTS, {"product_id": row.id, "category_id": row.category_id or 0}).all()
        ),
    )


def _promises(gifts: Sequence[Any], chosen: Choice, now: datetime) -> tuple[GiftPromise, ...]:
    """What comes on top now: only with what costs points."""
    return tuple(
        GiftPromise(
            gift.name,
            gift.title,
            gift.slug,
            gift.quantity_min,
            gift.quantity,
            gift.order_max,
            gift.ends_at,
            gift.available,
        )
        for gift in gifts
        if chosen.points and gift.starts_at <= now and (gift.ends_at is None or now < gift.ends_at)
    )


def _choice(offer: Any) -> Choice:
    return Choice(offer.sku, offer.variant_title, offer.price_points, offer.price_cents, offer.available)


def _chosen(choices: Sequence[Choice], sku: str) -> Choice:
    asked = next((choice for choice in choices if choice.sku == sku), None)
    return asked or next((choice for choice in choices if choice.available > 0), choices[0])


def _only(basket: Basket, sku: str) -> Basket:
    return replace(basket, lines=tuple(line for line in basket.lines if line.offer.sku == sku))


def _visitor(member_id: int | None, product: Any, basket: Basket) -> Visitor:
    if member_id is None:
        return Visitor()
    row = db.session.execute(VISITOR, {"member_id": member_id, "product_id": product.id}).one()
    counted = _counted(member_id, row.growth, basket.occasion) if product.tier_code_min else 0
    return Visitor(member_id, counted, bool(row.is_favourite), bool(row.awaits_restock))


def _counted(member_id: int, growth: int, occasion: Occasion) -> int:
    """What the member has of that which raises a tier."""
    span = span_now(occasion.rulebook, occasion.now, occasion.zone)
    return amount_today(member_id, growth, occasion.rulebook, span)


def _standing(basket: Basket, member_id: int | None) -> Standing:
    points = basket.customer.points_available if member_id else None
    return Standing(points, *ladder(basket.occasion.rulebook.tiers, basket.customer.tier_code))
