"""The menu of the back office: the pages that exist and that the reader's role may open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_login import current_user

from shop.queries.merchant.menu import menu_counts
from shop.web.application import in_back_office
from shop.web.staff_roles import ROLE_NAMES

GROUPS: tuple[tuple[Any, tuple[tuple[str, Any, str], ...]], ...] = (
    (
        _l("经营"),
        (
            ("merchant_dashboard.show", _l("概览"), "layout-grid"),
            ("merchant_orders.index", lazy_pgettext("menu", "订单"), "receipt-text"),
            ("merchant_verify.show", _l("核销"), "scan-line"),
            ("merchant_purchases.index", _l("记消费"), "wallet"),
            ("merchant_products.index", lazy_pgettext("menu", "商品"), "package"),
            ("merchant_categories.index", lazy_pgettext("menu", "分类"), "tag"),
        ),
    ),
    (
        lazy_pgettext("menu", "积分"),
        (
            ("merchant_rulebook.show", _l("规则"), "file-text"),
            ("merchant_signin.show", _l("签到"), "calendar-check"),
            ("merchant_draws.index", _l("抽奖"), "gift"),
            ("merchant_coupons.index", _l("优惠券"), "ticket"),
            ("merchant_codes.index", _l("积分码"), "qr-code"),
            ("merchant_referrals.index", lazy_pgettext("menu", "邀请"), "user-plus"),
            ("merchant_gifts.index", _l("买赠"), "package-check"),
            ("merchant_members.index", lazy_pgettext("menu", "会员"), "users"),
            ("merchant_approvals.index", lazy_pgettext("menu", "批准"), "shield-check"),
        ),
    ),
    (
        _l("店铺"),
        (
            ("merchant_stores.index", lazy_pgettext("menu", "门店"), "store"),
            ("merchant_staff.index", _l("同事"), "key-round"),
            ("merchant_imports.index", _l("导入"), "upload"),
            ("merchant_developers.index", _l("开发者"), "code"),
            ("merchant_audit.index", _l("操作记录"), "history"),
            ("merchant_settings.show", _l("设置"), "settings"),
        ),
    ),
)
COUNTED = {"merchant_orders.index": "orders", "merchant_approvals.index": "approvals"}
"""Lines that say how much waits there, and under which name it was counted."""
BELONGS_TO = {
    "merchant_presets": "merchant_rulebook",
    "merchant_rulebook_rules": "merchant_rulebook",
    "merchant_product_stock": "merchant_products",
    "merchant_member_tiers": "merchant_members",
    "merchant_member_points": "merchant_members",
}


@dataclass(frozen=True)
class Item:
    """One line of the menu; ``count`` is what waits there."""

    label: str
    url: str
    icon: str
    is_current: bool
    count: int


@dataclass(frozen=True)
class Group:
    label: str
    items: tuple[Item, ...]


class MerchantMenu:
    """Worked out when a page walks through it: fragments and error pages never ask the database for it."""

    def __iter__(self) -> Iterator[Group]:
        counts = vars(menu_counts(current_user.role))
        for label, entries in GROUPS:
            items = tuple(_item(*entry, counts) for entry in entries if may_open(entry[0]))
            if items:
                yield Group(str(label), items)


def init_merchant_menu(app: Flask) -> None:
    app.context_processor(merchant_context)


def merchant_context() -> dict[str, Any]:
    """What ``layouts/merchant.html`` needs beside the page's own values."""
    if not request or not in_back_office() or not getattr(current_user, "role", None):
        return {}
    return {"merchant_menu": MerchantMenu(), "staff_role_name": ROLE_NAMES[current_user.role]}


def may_open(endpoint: str) -> bool:
    """Whether this page exists and lets the reader's role in."""
    view = current_app.view_functions.get(endpoint)
    return current_user.role in getattr(view, "allowed_roles", ())


def first_page() -> str:
    """Where somebody stands after logging in."""
    return url_for("merchant_dashboard.show")


def _item(endpoint: str, label: Any, icon: str, counts: Mapping[str, int]) -> Item:
    blueprint = endpoint.partition(".")[0]
    count = counts.get(COUNTED.get(endpoint, ""), 0)
    return Item(str(label), url_for(endpoint), icon, _current_area() == blueprint, count)


def _current_area() -> str:
    """The blueprint whose line of the menu is marked."""
    name = request.blueprint or ""
    return BELONGS_TO.get(name, name)
