"""What a product card says, prepared: its address, its one hint, its badge."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from shop.queries.catalogue.shelf import ShelfItem
from shop.queries.catalogue.standing import Standing
from shop.rules.points.kinds import MAIN_KIND
from shop.web.kind_words import kind_name
from shop.web.pictures import picture_hue, picture_set, picture_url
from shop.web.rendering import link

CARDS_KEPT = 4096
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
    points_label: str = ""
    tap_url: str = ""


def init_product_cards(app: Flask) -> None:
    app.jinja_env.globals.update(shelf_sorts=SORTS, shelf_card=shelf_card)


def shelf_card(card: Card, heading: str = "h3", lazy: bool = True) -> Markup:
    """The HTML of a card, for lists: it depends on nothing but the card and the language, so it is kept."""
    return _rendered(card, heading, lazy, str(get_locale()))


def cards_of(items: Iterable[ShelfItem], standing: Standing) -> list[Card]:
    """The cards of some goods, as this visitor sees them."""
    language = str(get_locale())
    is_member = standing.points_available is not None
    return [_card(item, *_distance(item, standing), is_member, language, _label(item)) for item in items]


def _label(item: ShelfItem) -> str:
    """What the points of its price are called; empty for the main kind, so that most cards ask for nothing."""
    return "" if item.points_kind == MAIN_KIND else kind_name(item.points_kind)


def _distance(item: ShelfItem, standing: Standing) -> tuple[str | None, int]:
    """The tier that is missing for a product, and the points; a guest is told nothing of points."""
    points = standing.points_available
    is_main = item.points_kind == MAIN_KIND
    missing_points = max(0, item.price_points_from - points) if points is not None and is_main else 0
    return standing.missing_tier(item.tier_code_min), missing_points


@lru_cache(maxsize=CARDS_KEPT)
def _rendered(card: Card, heading: str, lazy: bool, _language: str) -> Markup:
    macros = current_app.jinja_env.get_template("shared/macros.html").module
    html: Markup = macros.product_card(card, heading=heading, lazy=lazy)  # type: ignore[attr-defined]
    return html


@lru_cache(maxsize=CARDS_KEPT)
def _card(
    item: ShelfItem,
    missing_tier: str | None,
    missing_points: int,
    is_member: bool,
    _language: str,
    points_label: str,
) -> Card:
    is_off = item.available <= 0
    is_open = is_member and not (is_off or missing_tier or missing_points)
    is_for_points = item.price_points_from > 0 and item.price_cents_from == 0 and not points_label
    return Card(
        url=link("catalogue.show", slug=item.slug),
        title=item.title,
        picture_url=picture_url(item.picture_key),
        picture_set=picture_set(item.picture_key, 256, 512),
        hue=picture_hue(item.picture_key, item.id),
        points=item.price_points_from,
        points_label=points_label,
        cents=item.price_cents_from,
        hint=_hint(item, missing_points),
        badge=_("已兑完") if is_off else _("%(tier)s会员", tier=missing_tier) if missing_tier else "",
        badge_icon="lock" if missing_tier and not is_off else "",
        is_off=is_off,
        tap_url=link("one_tap.show", slug=item.slug) if is_open and is_for_points else "",
    )


def _hint(item: ShelfItem, missing_points: int) -> str:
    """The one thing worth knowing: gone, out of reach, nearly gone, limited, liked, where."""
    if item.available <= 0:
        return _("已兑完 · 可订到货提醒")
    if missing_points:
        return _("还差 %(points)s 分", points=f"{missing_points:,}")
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
