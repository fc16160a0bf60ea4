"""Goods, as programs see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l

from shop.queries.catalogue.pictures import picture_url
from shop.queries.catalogue.product import ProductPage
from shop.queries.catalogue.shelf import ShelfItem, ShelfPage
from shop.web.api.saying import said
from shop.web.api.writing import Money, money

PICTURE_WIDTH = 512
NOTHING = Money(amount=0, currency="CNY")


@dataclass(frozen=True, kw_only=True)
class ShelfProduct:
    """A product in a list."""

    slug: str = said(_l("网址名"), "hand-drip-coffee")
    title: str = said(_l("名称"), _l("手冲咖啡豆"))
    kind: str = said(_l("physical 实物，voucher 券，service 服务，virtual 虚拟"), "physical")
    points_from: int = said(_l("积分价，几种规格里最低的"), 680)
    cash_from: Money = said(_l("现金价，几种规格里最低的"), NOTHING)
    available: int = said(_l("还有几件"), 24)
    tier_min: str | None = said(_l("最低等级代号；null 是谁都能换"))
    picture: str | None = said(_l("图片网址"), "https://mall.example.com/media/coffee-512.webp")


@dataclass(frozen=True, kw_only=True)
class ProductList:
    """A page of goods on sale."""

    products: tuple[ShelfProduct, ...] = said(_l("商品，和商城里一样的顺序"))
    next: str | None = said(_l("下一页的 after；null 是没有了"), "20.41")


@dataclass(frozen=True, kw_only=True)
class ProductVariant:
    """What is sold."""

    sku: str = said(_l("规格编号，下单用它"), "COFFEE-250")
    title: str = said(_l("规格名称，只有一种时为空"), "250 g")
    points: int = said(_l("积分价"), 680)
    cash: Money = said(_l("现金价"), NOTHING)
    available: int = said(_l("还有几件"), 24)


@dataclass(frozen=True, kw_only=True)
class Product:
    """A product on sale."""

    slug: str = said(_l("网址名"), "hand-drip-coffee")
    title: str = said(_l("名称"), _l("手冲咖啡豆"))
    subtitle: str = said(_l("一句话"), _l("当周烘焙"))
    description: str = said(_l("详细介绍（HTML，只含安全的标签）"), _l("<p>埃塞俄比亚，水洗。</p>"))
    kind: str = said(_l("physical 实物，voucher 券，service 服务，virtual 虚拟"), "physical")
    category: str | None = said(_l("分类的网址名"), "drinks")
    tier_min: str | None = said(_l("最低等级代号；null 是谁都能换"))
    limit_per_member: int | None = said(_l("每人限换几件；null 是不限"), 2)
    ways: tuple[str, ...] = said(_l("可以怎么拿"), ["shipping", "pickup"])
    pictures: tuple[str, ...] = said(_l("图片网址"), ["https://mall.example.com/media/coffee-512.webp"])
    variants: tuple[ProductVariant, ...] = said(_l("规格"))


def products_answer(page: ShelfPage) -> ProductList:
    """A page of the shelf."""
    return ProductList(products=tuple(_shelf_product(item) for item in page.items), next=page.after or None)


def product_answer(page: ProductPage) -> Product:
    """One product with all that can be had of it now."""
    row: Any = page.row
    return Product(
        slug=row.slug,
        title=row.title,
        subtitle=row.subtitle or "",
        description=row.description or "",
        kind=row.kind,
        category=row.category_slug,
        tier_min=row.tier_code_min,
        limit_per_member=row.limit_per_member,
        ways=tuple(page.ways),
        pictures=_addresses(page.pictures),
        variants=tuple(
            ProductVariant(
                sku=choice.sku,
                title=choice.title,
                points=choice.points,
                cash=money(choice.cents),
                available=max(0, int(choice.available)),
            )
            for choice in page.choices
        ),
    )


def _shelf_product(item: ShelfItem) -> ShelfProduct:
    return ShelfProduct(
        slug=item.slug,
        title=item.title,
        kind=item.kind,
        points_from=item.price_points_from,
        cash_from=money(item.price_cents_from),
        available=max(0, int(item.available)),
        tier_min=item.tier_code_min,
        picture=next(iter(_addresses((item.picture_key,) if item.picture_key else ())), None),
    )


def _addresses(keys: Iterable[str]) -> tuple[str, ...]:
    origin = current_app.config["SHOP_URL"]
    return tuple(origin + picture_url(key, PICTURE_WIDTH) for key in keys)
