"""What a product card says, prepared: its address, its one hint, its badge."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.queries.catalogue.shelf import ShelfItem
from shop.queries.catalogue.standing import Standing
from shop.web.pictures import picture_hue, picture_set, picture_url
from shop.web.rendering import link

FEW = 10
POPULAR_FROM = 20
IN_STORE = ("voucher", "service")
SORTS = (
    ("recommended", _l("推荐")),
    ("new", _l("新到的")),
    ("points", _l("积分从低到高")),
    ("points_desc", _l("积分从高到低")),
    ("popular", _l("换的人多")),
)


@dataclass(frozen=True)
class Card:
    """A product as ``product_card`` of the shared macros shows it."""

    url: str
    title: str
    picture_url: str
    picture_set: str
    hue: int | None
    points: int
    cents: int
    hint: str
    badge: str
    badge_icon: str
    is_off: bool


def init_product_cards(app: Flask) -> None:
    app.jinja_env.globals["shelf_sorts"] = SORTS


def cards_of(items: Iterable[ShelfItem], standing: Standing) -> list[Card]:
    """The cards of some goods, as this visitor sees them."""
    return [card_of(item, standing) for item in items]


def card_of(item: ShelfItem, standing: Standing) -> Card:
    missing_tier = standing.missing_tier(item.tier_code_min)
    is_off = item.available <= 0
    return Card(
        url=link("catalogue.show", slug=item.slug),
        title=item.title,
        picture_url=picture_url(item.picture_key),
        picture_set=picture_set(item.picture_key, 256, 512),
        hue=picture_hue(item.picture_key, item.id),
        points=item.price_points_from,
        cents=item.price_cents_from,
        hint=_hint(item, standing),
        badge=_("已兑完") if is_off else _("%(tier)s会员", tier=missing_tier) if missing_tier else "",
        badge_icon="lock" if missing_tier and not is_off else "",
        is_off=is_off,
    )


def _hint(item: ShelfItem, standing: Standing) -> str:
    """The one thing worth knowing: gone, out of reach, nearly gone, limited, liked, where."""
    if item.available <= 0:
        return _("已兑完 · 可订到货提醒")
    points = standing.points_available
    if points is not None and (missing := item.price_points_from - points) > 0:
        return _("还差 %(points)s 分", points=f"{missing:,}")
    if item.available <= FEW:
        return _("仅剩 %(count)s 件", count=item.available)
    return _limit(item) or _popularity(item)


def _limit(item: ShelfItem) -> str:
    if item.limit_per_member is None:
        return ""
    if item.limit_period == "month":
        return _("每人每月限 %(count)s 件", count=item.limit_per_member)
    return _("每人限 %(count)s 件", count=item.limit_per_member)


def _popularity(item: ShelfItem) -> str:
    if item.redeemed_count >= POPULAR_FROM:
        return _("已换 %(count)s 件", count=f"{item.redeemed_count:,}")
    return _("到店用") if item.kind in IN_STORE else ""
