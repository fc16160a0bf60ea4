"""Orders in words: where one stands, what happened to it, what comes next."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import segno
from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from shop.web.filters import NO_BREAK

STAGES: Mapping[str, Any] = {
    "placed": _l("待付款"),
    "lapsed": _l("超时未付"),
    "paid": _l("待发货"),
    "pickup": _l("待取货"),
    "shipped": _l("待收货"),
    "received": _l("已完成"),
    "closed": _l("已关闭"),
}
STAGE_TINTS = {"placed": "honey", "paid": "honey", "pickup": "spark", "shipped": "lake", "received": "leaf"}
WAYS: Mapping[str, Any] = {"shipping": _l("快递"), "pickup": _l("到店自取"), "none": _l("凭码使用")}
EVENTS: Mapping[str, Any] = {
    "place": _l("下单"),
    "pay": _l("付好了"),
    "ship": _l("店家寄出"),
    "hand_over": _l("到店取走"),
    "deliver": _l("发放完成"),
    "receive": _l("确认收货"),
    "cancel": _l("取消了订单"),
    "time_out": _l("超时没付，自动关闭"),
    "refund_in_full": _l("全部退款"),
}
EVENTS_WITH_POINTS: Mapping[str, Any] = {
    "place": _l("下单，积分先留着"),
    "pay": _l("付好了，积分已用"),
}
CLOSED_BECAUSE: Mapping[str, Any] = {
    "cancel": _l("你取消了这一单"),
    "time_out": _l("超时没付，自动关闭了"),
    "refund_in_full": _l("全部退掉了"),
}
ACTORS: Mapping[str, Any] = {"member": _l("会员"), "staff": _l("店家"), "system": _l("自动")}
STATIONS: Mapping[str, tuple[Any, ...]] = {
    "shipping": (_l("下单"), _l("付款"), _l("寄出"), _l("收到")),
    "pickup": (_l("下单"), _l("付款"), _l("待取"), _l("完成")),
    "none": (_l("下单"), _l("付款"), _l("待用"), _l("完成")),
}
STATION_NOW = {"placed": 1, "paid": 2, "pickup": 2, "shipped": 3, "received": 4}
CASH_STATES: Mapping[str, Any] = {
    "none": _l("没有现金"),
    "queued": _l("现金正在退"),
    "sent": _l("现金正在退"),
    "done": _l("现金已退"),
    "failed": _l("现金没退成，店家在处理"),
}
PAYMENT_STATES: Mapping[str, Any] = {
    "pending": _l("等付款"),
    "captured": _l("已收款"),
    "closed": _l("已关闭"),
    "refunded_late": _l("付晚了，已退"),
}
PROVIDERS: Mapping[str, Any] = {"sandbox": _l("沙盒支付"), "none": _l("还没选")}
INK = "#17261f"
GROUP = 4
HOUR, DAY = 3600, 86400


def order_stage(stage: str) -> str:
    """Where an order stands, in a word or two."""
    return str(STAGES[stage])


def order_stage_tint(stage: str) -> str:
    """The tint of the tag."""
    return STAGE_TINTS.get(stage, "")


def order_way(way: str) -> str:
    """How the goods get to the person."""
    return str(WAYS[way])


def order_event(event: str, points: int = 0) -> str:
    """A step of an order's way; ``points`` are those of the order."""
    if points and event in EVENTS_WITH_POINTS:
        return str(EVENTS_WITH_POINTS[event])
    return str(EVENTS.get(event, event))


def order_closed_because(reason: str | None) -> str:
    """Why an order is closed, to its member."""
    return str(CLOSED_BECAUSE.get(reason or "time_out", CLOSED_BECAUSE["time_out"]))


def order_actor(actor: str) -> str:
    """Who did it."""
    return str(ACTORS[actor])


def order_stations(way: str) -> list[str]:
    """The stations of the way, for the row of dots."""
    return [str(name) for name in STATIONS[way]]


def order_station(stage: str) -> int:
    """At which of them the order is."""
    return STATION_NOW.get(stage, 0)


def cash_state(state: str) -> str:
    """How far a refund's cash is."""
    return str(CASH_STATES[state])


def payment_state(state: str) -> str:
    """How far a payment is, for the back office."""
    return str(PAYMENT_STATES[state])


def payment_provider(name: str) -> str:
    """Who collects the cash."""
    return str(PROVIDERS.get(name, name))


def in_groups(code: str) -> str:
    """A number or code that can be read aloud: SF 2611 2184 0379, 8K2M QX7P."""
    head, rest = (code[:2], code[2:]) if code.startswith("SF") else ("", code)
    groups = [rest[start : start + GROUP] for start in range(0, len(rest), GROUP)]
    return NO_BREAK.join([head, *groups] if head else groups)


def qr_svg(text: str) -> Markup:
    """A QR code as inline SVG, dark on the white of its box."""
    svg = segno.make(text, error="m", micro=False).svg_inline(
        dark=INK, border=0, omitsize=True, svgclass=None, lineclass=None
    )
    return Markup(svg)  # noqa: S704 -- drawn by segno: the text is in its dots, not in its markup


def waited(since: datetime, now: datetime) -> str:
    """How long something has waited: minutes, hours, days."""
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < HOUR:
        return _("%(count)s 分钟", count=seconds // 60)
    if seconds < 2 * DAY:
        return _("%(count)s 小时", count=seconds // HOUR)
    return _("%(count)s 天", count=seconds // DAY)


def init_order_texts(app: Flask) -> None:
    for function in (
        order_stage,
        order_stage_tint,
        order_way,
        order_event,
        order_closed_because,
        order_actor,
        order_stations,
        order_station,
        cash_state,
        payment_state,
        payment_provider,
        in_groups,
        qr_svg,
        waited,
    ):
        app.jinja_env.filters[function.__name__] = function
