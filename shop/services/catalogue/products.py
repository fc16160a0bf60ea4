"""Products of the back office: made, edited, put on sale and taken off it."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from shop.books import audit, stock
from shop.books.rulebooks import occasion_at
from shop.errors import EditedMeanwhile, InvalidInput, LastVariant, NotFound, NotReadyForSale, SkuTaken
from shop.extensions import db
from shop.models import Category, Product, Variant
from shop.rules.points.kinds import MAIN_KIND
from shop.services.catalogue.drafts import ProductDraft, VariantDraft
from shop.transaction import transaction

QUIET = {"synchronize_session": False}
SLUG_BYTES = 5
PLAIN = (
    "title",
    "subtitle",
    "description",
    "kind",
    "points_kind",
    "category_id",
    "tags",
    "position",
    "market_price_cents",
    "tier_code_min",
    "tier_until",
    "limit_per_member",
    "limit_per_order",
    "limit_period",
)
READY = ("category", "picture", "variant")
"""What a product needs before people may see it."""


def create_product(draft: ProductDraft, staff_id: int | None, now: datetime, *, slug: str = "") -> int:
    """Make a product, as a draft that nobody sees yet.  Returns its id.  Raises SkuTaken."""
    with transaction() as session:
        product = Product(
            slug=slug or f"p-{secrets.token_hex(SLUG_BYTES)}",
            created_at=now,
            updated_at=now,
            revision=1,
            **_columns(draft, now),
        )
        session.add(product)
        session.flush()
        _save_variants(product.id, draft.variants)
        _keep_lowest_price(product.id)
        subject = f"product:{product.id}"
        audit.record(staff_id=staff_id, action="product.create", subject=subject, now=now, after=_told(draft))
        return product.id


def save_product(product_id: int, revision: int, draft: ProductDraft, staff_id: int, now: datetime) -> int:
    """Save an edited product with its variants.  Returns the new revision.

    ``revision`` is what the editor had opened: EditedMeanwhile when somebody saved in between, and nothing is written.
    Raises NotFound, SkuTaken, LastVariant.
    """
    with transaction() as session:
        product = _locked(product_id)
        if product.revision != revision:
            raise EditedMeanwhile
        before = _snapshot(product)
        for name, value in _columns(draft, now).items():
            setattr(product, name, value)
        product.updated_at, product.revision = now, revision + 1
        _save_variants(product_id, draft.variants)
        if product.state == "on_sale" and "variant" in _missing(product):
            raise LastVariant
        session.flush()
        _keep_lowest_price(product_id)
        audit.record(
            staff_id=staff_id,
            action="product.save",
            subject=f"product:{product_id}",
            now=now,
            before=before,
            after=_told(draft),
        )
        return revision + 1


def publish_product(product_id: int, staff_id: int | None, now: datetime) -> None:
    """Put a product on sale.  A repeat changes nothing.  Raises NotReadyForSale with what is missing, and NotFound."""
    with transaction():
        product = _locked(product_id)
        if product.state == "on_sale":
            return
        if missing := _missing(product):
            raise NotReadyForSale(missing)
        before = {"state": product.state}
        product.state, product.updated_at = "on_sale", now
        product.published_at = product.published_at or now
        _record_state(product, "product.publish", before, staff_id, now)


def take_off_product(product_id: int, staff_id: int, now: datetime) -> None:
    """Take a product off the shelf; orders go on.  A repeat changes nothing.  Raises NotFound."""
    with transaction():
        product = _locked(product_id)
        if product.state != "on_sale":
            return
        product.state, product.updated_at = "off_sale", now
        _record_state(product, "product.take_off", {"state": "on_sale"}, staff_id, now)


def open_to_everybody(now: datetime) -> int:
    """Take away the tier of goods whose time for members of that tier is over.  Returns how many; a repeat finds none.

    Checkout goes by the clock anyway; this renews the lists that everybody sees.
    """
    with transaction() as session:
        opened = session.execute(
            update(Product)
            .where(Product.tier_until <= now)
            .values(tier_code_min=None, tier_growth_min=0, tier_until=None),
            execution_options=QUIET,
        )
        return int(opened.rowcount)  # type: ignore[attr-defined]


def _locked(product_id: int) -> Product:
    product = db.session.get(Product, product_id, with_for_update=True, populate_existing=True)
    if product is None:
        raise NotFound
    return product


def _columns(draft: ProductDraft, now: datetime) -> dict[str, Any]:
    values = {name: getattr(draft, name) for name in PLAIN}
    if draft.category_id is not None and db.session.get(Category, draft.category_id) is None:
        raise InvalidInput
    if draft.points_kind != MAIN_KIND and not occasion_at(now).rulebook.has_kind(draft.points_kind):
        raise InvalidInput
    return {**values, "tier_growth_min": _growth_of(draft.tier_code_min, now)}


def _growth_of(tier_code: str | None, now: datetime) -> int:
    if tier_code is None:
        return 0
    tiers = {tier.code: tier.growth_from for tier in occasion_at(now).rulebook.tiers}
    if tier_code not in tiers:
        raise InvalidInput
    return tiers[tier_code]


def _save_variants(product_id: int, drafts: tuple[VariantDraft, ...]) -> None:
    """Add and change variants in their order.  One that was ordered once is retired, never removed."""
    mine = {
        row.id: row for row in db.session.scalars(select(Variant).where(Variant.product_id == product_id))
    }
    for place, draft in enumerate(drafts):
        _refuse_taken_sku(draft)
        variant = mine.get(draft.id or 0)
        if draft.id is not None and variant is None:
            raise NotFound
        if variant is None:
            variant = Variant(product_id=product_id, sku=draft.sku or _new_sku())
            db.session.add(variant)
        _fill(variant, draft, place)
        _flush(variant.sku)
        if draft.id is None:
            stock.open_level(variant.id)


def _fill(variant: Variant, draft: VariantDraft, place: int) -> None:
    variant.sku = draft.sku or variant.sku
    variant.title, variant.position = draft.title, place
    variant.price_points, variant.price_cents = draft.price_points, draft.price_cents
    variant.offset_allowed = draft.offset_allowed
    variant.state = "retired" if draft.is_retired else "active"


def _flush(sku: str) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:  # somebody else took the code a moment ago
        raise SkuTaken(sku) from error


def _refuse_taken_sku(draft: VariantDraft) -> None:
    if not draft.sku:
        return
    others = select(func.count()).where(Variant.sku == draft.sku, Variant.id != (draft.id or 0))
    if db.session.scalar(others):
        raise SkuTaken(draft.sku)


def _new_sku() -> str:
    return f"SF-{secrets.token_hex(4).upper()}"


def _keep_lowest_price(product_id: int) -> None:
    """Repeat the price of the cheapest active variant on the product, for lists: fewest points, then least cash."""
    statement = (
        select(Variant.price_points, Variant.price_cents)
        .where(Variant.product_id == product_id, Variant.state == "active")
        .order_by(Variant.price_points, Variant.price_cents)
        .limit(1)
    )
    lowest = db.session.execute(statement).one_or_none()
    values = {
        "price_points_from": lowest.price_points if lowest else 0,
        "price_cents_from": lowest.price_cents if lowest else 0,
    }
    db.session.execute(
        update(Product).where(Product.id == product_id).values(values), execution_options=QUIET
    )


def _missing(product: Product) -> tuple[str, ...]:
    active = select(func.count()).where(Variant.product_id == product.id, Variant.state == "active")
    present = {
        "category": product.category_id is not None,
        "picture": product.picture_key is not None,
        "variant": bool(db.session.scalar(active)),
    }
    return tuple(name for name in READY if not present[name])


def _snapshot(product: Product) -> dict[str, Any]:
    rows = db.session.scalars(
        select(Variant).where(Variant.product_id == product.id).order_by(Variant.position, Variant.id)
    )
    variants = [
        VariantDraft(
            id=row.id,
            sku=row.sku,
            title=row.title,
            price_points=row.price_points,
            price_cents=row.price_cents,
            offset_allowed=row.offset_allowed,
            is_retired=row.state == "retired",
        )
        for row in rows
    ]
    values: dict[str, Any] = {name: getattr(product, name) for name in PLAIN}
    return _told(ProductDraft(**values, variants=tuple(variants)))


def _told(draft: ProductDraft) -> dict[str, Any]:
    """The draft as a document for the audit trail; the long description only by its length."""
    document = asdict(draft)
    document["tier_until"] = draft.tier_until.isoformat() if draft.tier_until else None
    document["description"] = len(draft.description)
    document["variants"] = [asdict(variant) for variant in draft.variants]
    return document


def _record_state(
    product: Product, action: str, before: Mapping[str, Any], staff_id: int | None, now: datetime
) -> None:
    db.session.flush()
    subject, after = f"product:{product.id}", {"state": product.state}
    audit.record(staff_id=staff_id, action=action, subject=subject, now=now, before=dict(before), after=after)
