"""What a value of the rulebook is called, and how it is written."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.rules.rulebook import SOURCE_CLASSES
from shop.web.filters import points, shop_datetime, yuan
from shop.web.numbers import plain_permille
from shop.web.rulebook_words.pieces import SOURCES, sources_words

ITEM = re.compile(r"\[([^\]]*)\]")
LABELS: Mapping[str, Any] = {
    "earning.points": _l("消费得分：给多少分"),
    "earning.per_cents": _l("消费得分：每满多少元"),
    "earning.includes_shipping": _l("消费得分：运费也算"),
    "earning.wait_days": _l("消费得分：收货几天后到账"),
    "tiers": _l("会员等级"),
    "tiers[]": _l("等级「%(item)s」"),
    "tiers[].code": _l("等级「%(item)s」代号"),
    "tiers[].name": _l("等级「%(item)s」名称"),
    "tiers[].growth_from": _l("等级「%(item)s」从多少成长值起"),
    "tiers[].multiplier_permille": _l("等级「%(item)s」得分倍数"),
    "offset.points": _l("积分抵现：多少积分"),
    "offset.per_cents": _l("积分抵现：抵多少钱"),
    "offset.step_points": _l("积分抵现：按多少分的整数倍"),
    "offset.points_min": _l("积分抵现：每单至少用"),
    "offset.points_max": _l("积分抵现：每单最多用"),
    "offset.share_percent_max": _l("积分抵现：最多抵现金部分的百分之几"),
    "offset.cash_cents_min": _l("积分抵现：每单至少付现金"),
    "offset.windows": _l("抵现活动"),
    "offset.windows[]": _l("抵现活动「%(item)s」"),
    "offset.windows[].name": _l("抵现活动「%(item)s」名称"),
    "offset.windows[].starts_at": _l("抵现活动「%(item)s」开始"),
    "offset.windows[].ends_at": _l("抵现活动「%(item)s」结束"),
    "offset.windows[].points": _l("抵现活动「%(item)s」多少积分"),
    "offset.windows[].per_cents": _l("抵现活动「%(item)s」抵多少钱"),
    "signin.day_points": _l("签到每天得分"),
    "signin.day_points[]": _l("签到第 %(item)s 天得分"),
    "signin.cycle": _l("签到走完一轮从头再来"),
    "signin.milestones": _l("连续签到奖励"),
    "signin.milestones[]": _l("连续签到满 %(item)s 天的奖励"),
    "signin.milestones[].days": _l("连续签到奖励「%(item)s」满几天"),
    "signin.milestones[].points": _l("连续签到满 %(item)s 天的奖励"),
    "signin.milestone_cycle_days": _l("连续奖励几天一轮"),
    "signin.makeup.per_month": _l("补签：每月几次"),
    "signin.makeup.within_days": _l("补签：最近几天内"),
    "signin.makeup.cost_points": _l("补签：每次用多少分"),
    "caps": _l("得分上限"),
    "caps[]": _l("上限「%(item)s」"),
    "caps[].name": _l("上限「%(item)s」名称"),
    "caps[].classes": _l("上限「%(item)s」管哪些来源"),
    "caps[].points": _l("上限「%(item)s」最多多少分"),
    "caps[].per": _l("上限「%(item)s」按天还是按月"),
    "returns.shortage": _l("收回积分不够时"),
    "returns.grace_days": _l("退回过期积分再给几天"),
    "orders.hold_minutes": _l("未付款的订单留多少分钟"),
    "orders.receive_after_days": _l("发货几天后自动收货"),
    "shipping.fee_cents": _l("运费"),
    "shipping.free_from_cents": _l("满多少包邮"),
    "shipping.free_for_points_only": _l("只用积分换的包邮"),
}
WORDS: Mapping[tuple[str, str], Any] = {
    ("shortage", "debt"): _l("记作欠分"),
    ("shortage", "waive"): _l("不用还"),
    ("per", "day"): _l("每天"),
    ("per", "month"): _l("每月"),
    ("kind", "days"): _l("到账后若干天"),
    ("kind", "month_end"): _l("月底"),
    ("kind", "year_end"): _l("年底"),
    ("kind", "never"): _l("长期有效"),
}
EXPIRY_FIELDS: Mapping[str, Any] = {
    "": _l("有效期"),
    "kind": _l("有效期的算法"),
    "days": _l("有效天数"),
    "periods_after": _l("再往后几个月或几年"),
}


def label_of(path: str) -> str:
    """What the value at a path is called; a path that nobody named is shown as it is."""
    items = ITEM.findall(path)
    shape = ITEM.sub("[]", path)
    if path.startswith("expiry."):
        _section, source, *field = path.split(".")
        name = str(EXPIRY_FIELDS.get(field[0] if field else "", path))
        return _("%(source)s得的积分：%(what)s", source=SOURCES.get(source, source), what=name)
    if shape not in LABELS:
        return path
    item = items[-1] if items else ""
    return str(LABELS[shape]) % {"item": _counted(item) if shape == "signin.day_points[]" else item}


def _counted(item: str) -> str:
    """Positions count from 1 for people."""
    return str(int(item) + 1) if item.isdigit() else item


def value_words(path: str, value: Any) -> str:
    """A value as a person reads it."""
    field = path.rpartition(".")[2].partition("[")[0]
    if value is None:
        return _("没有")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, dict):
        return _record_words(path, value)
    if isinstance(value, list | tuple):
        return _list_words(value)
    if isinstance(value, str):
        return _text_words(field, value)
    return _number_words(field, value)


def _number_words(field: str, value: int) -> str:
    if "cents" in field:
        return yuan(value)
    if field == "multiplier_permille":
        return _("%(times)s 倍", times=plain_permille(value))
    return f"{value}%" if field == "share_percent_max" else points(value)


def _text_words(field: str, value: str) -> str:
    if field.endswith("_at"):
        return shop_datetime(datetime.fromisoformat(value))
    return str(WORDS.get((field, value), value))


def _list_words(values: list[Any] | tuple[Any, ...]) -> str:
    if values and all(value in SOURCE_CLASSES for value in values):
        return sources_words(tuple(values))
    return " / ".join(value_words("", value) for value in values) or _("没有")


def _record_words(path: str, record: Mapping[str, Any]) -> str:
    """A whole tier, window, cap, milestone or policy in a few words."""
    values = [value_words(f"{path}.{name}", value) for name, value in record.items() if name != "code"]
    return _("，").join(value for value in values if value)
