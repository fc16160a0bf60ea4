"""The demo's shelf: categories, stores and products of ``products.csv``, each with its picture."""

import csv
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from shop.demo.stage import Good
from shop.extensions import db
from shop.models import Variant
from shop.services.catalogue.categories import save_category
from shop.services.catalogue.drafts import ProductDraft, VariantDraft
from shop.services.catalogue.pictures import add_pictures
from shop.services.catalogue.products import create_product, publish_product
from shop.services.catalogue.stock import receive_stock, set_stock_alert
from shop.services.catalogue.stores import StoreDraft, save_store

FOLDER = Path(__file__).parent
CATEGORIES = {
    "drinks": "喝的",
    "food": "吃的",
    "tickets": "票券",
    "home": "居家",
    "wear": "穿戴",
    "beauty": "护理",
    "digital": "数码",
    "outdoor": "户外",
    "culture": "书画",
    "kids": "孩子",
    "sport": "运动",
    "service": "到店体验",
}
STORES = (
    StoreDraft(
        name="小河路店", address="小河路 12 号", hours="每天 9:00–21:00", phone="0571-0000 0012", position=1
    ),
    StoreDraft(
        name="南塘店",
        address="南塘老街 86 号一楼",
        hours="每天 10:00–22:00",
        phone="0571-0000 0086",
        position=2,
    ),
    StoreDraft(
        name="东门店",
        address="东门大街 3 号",
        hours="周二至周日 9:30–20:30",
        phone="0571-0000 0003",
        position=3,
    ),
)
ALERT_BELOW = 10
SHELF_FIRST = (
    "hand-drip-coffee",
    "scented-candle",
    "cinema-ticket",
    "brown-sugar-milk-tea",
    "storm-umbrella",
)
APPEAL_BY_POINTS = ((200, 9), (500, 12), (1000, 8), (2000, 5), (6000, 2))
APPEAL_OF_CASH = 18
APPEAL_LEAST = 1


def open_stores(staff_id: int, now: datetime) -> list[int]:
    """Open the stores.  Returns their ids."""
    return [save_store(None, draft, staff_id, now) for draft in STORES]


def fill_shelf(staff_id: int, now: datetime) -> list[Good]:
    """Put every product of ``products.csv`` on sale, with stock.  Returns them in their order on the shelf."""
    categories = {
        slug: save_category(
            None, name=name, slug=slug, parent_id=None, position=place, staff_id=staff_id, now=now
        )
        for place, (slug, name) in enumerate(CATEGORIES.items(), 1)
    }
    with (FOLDER / "products.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=_place)
    return [_add(row, position, categories, staff_id, now) for position, row in enumerate(rows, 1)]


def _place(row: dict[str, str]) -> int:
    slug = row["slug"]
    return SHELF_FIRST.index(slug) if slug in SHELF_FIRST else len(SHELF_FIRST)


def _add(
    row: dict[str, str], position: int, categories: dict[str, int], staff_id: int, now: datetime
) -> Good:
    draft = ProductDraft(
        title=row["title"],
        subtitle=row["subtitle"],
        description=f"<p>{row['subtitle']}。</p>",
        kind=row["kind"],
        category_id=categories[row["category"]],
        position=position * 10,
        market_price_cents=int(row["market_cents"]) or None,
        tier_code_min=row["tier"] or None,
        limit_per_member=int(row["limit"]) if row["limit"] else None,
        limit_period=row["period"],
        variants=_variants(row),
    )
    product_id = create_product(draft, staff_id, now, slug=row["slug"])
    add_pictures(product_id, [(FOLDER / "pictures" / f"{row['picture']}.webp").read_bytes()], staff_id, now)
    variants = _variant_ids(product_id)
    stock = int(row["stock"])
    for number, variant_id in enumerate(variants.values()):
        _stock(variant_id, _share(stock, len(variants), number), staff_id, now)
    publish_product(product_id, staff_id, now)
    skus, ids = tuple(variants), tuple(variants.values())
    return Good(row["slug"], row["title"], product_id, skus, ids, stock, _appeal(draft.variants[0], stock))


def _variants(row: dict[str, str]) -> tuple[VariantDraft, ...]:
    """The variants of a row: ``title:points:cents`` between bars, or one without a title."""
    texts = row["variants"].split("|") if row["variants"] else [f":{row['points']}:{row['cents']}"]
    drafts = []
    for number, text in enumerate(texts, 1):
        title, points, cents = text.rsplit(":", 2)
        sku = f"{row['slug'].upper()}-{number}"
        drafts.append(VariantDraft(sku=sku, title=title, price_points=int(points), price_cents=int(cents)))
    return tuple(drafts)


def _variant_ids(product_id: int) -> dict[str, int]:
    statement = (
        select(Variant.sku, Variant.id).where(Variant.product_id == product_id).order_by(Variant.position)
    )
    return {row.sku: row.id for row in db.session.execute(statement)}


def _share(stock: int, variants: int, number: int) -> int:
    return stock // variants + (number < stock % variants)


def _stock(variant_id: int, units: int, staff_id: int, now: datetime) -> None:
    if units:
        receive_stock(variant_id, units, "开业进货", staff_id, f"demo-opening-{variant_id}", now)
    if units > 2 * ALERT_BELOW:
        set_stock_alert(variant_id, ALERT_BELOW, staff_id, now)


def _appeal(variant: VariantDraft, stock: int) -> int:
    """How often people choose a good: small prices often, what is rare seldom."""
    if not stock:
        return 0
    if not variant.price_points:
        return APPEAL_OF_CASH
    return next((appeal for below, appeal in APPEAL_BY_POINTS if variant.price_points <= below), APPEAL_LEAST)
