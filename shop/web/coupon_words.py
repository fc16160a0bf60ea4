"""Coupons in words: what they take off, from how much on, where, and until when."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.web.numbers import plain_yuan

STATE_NAMES: Mapping[str, Any] = {
    "unused": _l("能用"),
    "held": _l("订单占着"),
    "used": _l("用过"),
    "expired": _l("过期"),
    "given_back": _l("换回积分了"),
}
TEMPLATE_STATE_NAMES: Mapping[str, Any] = {"draft": _l("草稿"), "on": _l("发放中"), "off": _l("停发")}
KIND_NAMES: Mapping[str, Any] = {"cents_off": _l("减固定金额"), "percent_off": _l("按比例减")}
SCOPE_NAMES: Mapping[str, Any] = {
    "all": _l("全场现金商品"),
    "categories": _l("指定分类"),
    "products": _l("指定商品"),
}

ORIGIN_NAMES: Mapping[str, Any] = {
    "reached": _l("攒够积分，自动换的"),
    "lapsing": _l("积分到期前，自动换的"),
    "granted": _l("送的"),
}


def coupon_promise(params: Mapping[str, Any]) -> str:
    """What it takes off: 满 ¥99 减 ¥10."""
    least = params.get("spend_cents_min", 0)
    if off_percent := params.get("off_percent"):
        if least:
            return _("满 ¥%(least)s 减 %(percent)s%%", least=plain_yuan(least), percent=off_percent)
        return _("减 %(percent)s%%", percent=off_percent)
    off = plain_yuan(params.get("off_cents", 0))
    if least:
        return _("满 ¥%(least)s 减 ¥%(off)s", least=plain_yuan(least), off=off)
    return _("无门槛减 ¥%(off)s", off=off)


def coupon_least(spend_cents_min: int) -> str:
    """From how much on it can be used, for the stub: 满 99 可用."""
    return _("满 %(least)s 可用", least=plain_yuan(spend_cents_min)) if spend_cents_min else _("无门槛")


def coupon_state(state: str) -> str:
    return str(STATE_NAMES.get(state, state))


def coupon_origin(origin: str, points: int) -> str:
    """Where a coupon came from, with the points that were paid for it: 用 100 积分换的."""
    if origin == "redeemed":
        return _("用 %(points)s 积分换的", points=f"{points:,}")
    return str(ORIGIN_NAMES.get(origin, origin))


def coupon_template_state(state: str) -> str:
    return str(TEMPLATE_STATE_NAMES.get(state, state))


def coupon_scope(scope: str) -> str:
    return str(SCOPE_NAMES.get(scope, scope))


def init_coupon_words(app: Flask) -> None:
    for function in (
        coupon_promise,
        coupon_least,
        coupon_origin,
        coupon_state,
        coupon_template_state,
        coupon_scope,
    ):
        app.jinja_env.filters[function.__name__] = function
