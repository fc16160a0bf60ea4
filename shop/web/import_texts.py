"""Imports in words: fields, states, and one sentence for everything that can be wrong with a cell."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from shop.errors import (
    ImportChanged,
    ImportedBefore,
    ImportHasFaults,
    ImportMoved,
    NothingToImport,
)
from shop.web.filters import points, shop_date, yuan

FIELDS: Mapping[str, Any] = {
    "": _l("不用这一列"),
    "phone": _l("手机号"),
    "name": _l("名字"),
    "birthday": _l("生日"),
    "points": _l("积分"),
    "expires_on": _l("积分到期日"),
    "points_2": _l("第二批积分"),
    "expires_on_2": _l("第二批到期日"),
    "points_3": _l("第三批积分"),
    "expires_on_3": _l("第三批到期日"),
    "tier": _l("等级"),
    "growth": _l("成长值"),
    "joined_on": _l("加入日期"),
    "reason": _l("原因"),
    "source_class": _l("积分类别"),
    "member": _l("会员手机号"),
    "amount": _l("实付金额"),
    "receipt": _l("小票号"),
    "bought_at": _l("消费时间"),
    "store": _l("门店"),
}
KINDS: Mapping[str, Any] = {
    "members": _l("会员和积分"),
    "grants": _l("发积分的名单"),
    "purchases": _l("店里的消费"),
}
STATES: Mapping[str, Any] = {
    "mapping": _l("等着对列"),
    "checking": _l("正在检查"),
    "checked": _l("检查好了"),
    "loading": _l("正在记账"),
    "loaded": _l("记好了"),
    "undone": _l("撤回了"),
    "cancelled": _l("放弃了"),
}
TINTS: Mapping[str, str] = {"loaded": "leaf", "checked": "honey", "checking": "lake", "loading": "lake"}
FAULTS: Mapping[str, Any] = {
    "phone_missing": _l("没有手机号"),
    "not_a_phone": _l("不是手机号"),
    "repeated": _l("和第 %(other)s 行一模一样"),
    "contradicts": _l("和第 %(other)s 行同一个手机号，别的内容却对不上"),
    "already_member": _l("已经是会员了"),
    "member_not_active": _l("这位会员停用或注销了"),
    "no_such_member": _l("店里没有这位会员"),
    "negative": _l("不能是负数"),
    "not_whole": _l("要是整数"),
    "too_large": _l("太大了，最多 %(maximum)s"),
    "not_a_day": _l("看不懂这个日期，写成 2026-02-28 这样"),
    "no_such_day": _l("没有这一天"),
    "day_out_of_range": _l("日期要在 %(first)s 到 %(last)s 之间"),
    "already_expired": _l("已经过期了"),
    "formula": _l("不能以 = + - @ 开头"),
    "odd_characters": _l("里面有看不见的特殊字符"),
    "too_long": _l("太长了，最多 %(maximum)s 个字"),
    "unknown_tier": _l("规则里没有这个等级"),
    "points_missing": _l("没有写多少分"),
    "reason_missing": _l("没有写原因，会员要看得到"),
    "member_missing": _l("没有写是哪位会员"),
    "not_a_member": _l("写手机号，或者 # 加会员号"),
    "amount_missing": _l("没有写付了多少"),
    "not_an_amount": _l("看不懂这个金额，写成 126.90 这样"),
    "amount_too_large": _l("太大了，最多 %(cents)s"),
    "receipt_missing": _l("没有小票号"),
    "not_a_receipt": _l("小票号只用字母、数字和 . _ / -，最多 40 个"),
    "receipt_repeated": _l("和第 %(other)s 行是同一张小票"),
    "receipt_known": _l("这家店这天已经记过这个小票号"),
    "moment_missing": _l("没有写什么时候"),
    "not_a_moment": _l("看不懂这个时间，写到几点几分，比如 2026-02-28 14:30"),
    "in_future": _l("这个时间还没到"),
    "too_long_ago": _l("太早了，%(first)s 以后的才能记"),
    "unknown_store": _l("没有这家门店，照「门店」页上的名字写"),
    "unknown_class": _l("积分类别只能是 %(choices)s"),
}
REFUSALS = {
    error.code: error.message
    for error in (ImportChanged, ImportedBefore, ImportHasFaults, ImportMoved, NothingToImport)
}


def field_text(field: str) -> str:
    """What a column is, in words."""
    return str(FIELDS.get(field, field))


def fault_text(code: str, params: Mapping[str, Any]) -> str:
    """What is wrong with a cell."""
    values = {name: _written(name, value) for name, value in params.items()}
    return str(FAULTS[code]) % values if code in FAULTS else code


def import_kind_text(kind: str) -> str:
    """What a file brings."""
    return str(KINDS[kind])


def import_state_text(state: str) -> str:
    """How far it is."""
    return str(STATES[state])


def import_tint(state: str) -> str:
    """The colour of its tag."""
    return TINTS.get(state, "")


def refusal_text(code: str) -> str:
    """Why the worker booked nothing."""
    return str(REFUSALS.get(code, ImportMoved.message)) % {"count": ""}


def _written(name: str, value: Any) -> str:
    if name in ("first", "last"):
        return shop_date(date.fromisoformat(value))
    if name == "cents":
        return yuan(value)
    return points(value) if isinstance(value, int) else str(value)


FILTERS = (field_text, fault_text, import_kind_text, import_state_text, import_tint, refusal_text)
