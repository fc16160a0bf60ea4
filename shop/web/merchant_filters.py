"""Words of the back office that stand in tables and charts."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.web.filters import points, shop_date
from shop.web.rulebook_words.costs import share_words

SOURCE_CLASSES: Mapping[str, Any] = {
    "purchase": _l("消费"),
    "interaction": _l("签到和互动"),
    "referral": _l("邀请"),
    "draw": _l("抽奖"),
    "grant": _l("店家发放"),
}
MEMBER_STATES: Mapping[str, Any] = {
    "active": _l("正常"),
    "suspended": _l("已停用"),
    "closed": _l("已注销"),
}
ORDER_STATES: Mapping[str, Any] = {
    "placed": _l("待付款"),
    "paid": _l("已付款"),
    "shipped": _l("已发货"),
    "received": _l("已完成"),
    "closed": _l("已关闭"),
}
NEVER_YEAR = 9999


def source_class_text(code: str) -> str:
    """Where points came from."""
    return str(SOURCE_CLASSES.get(code, code))


def member_state_text(state: str) -> str:
    """Whether a member may use the shop."""
    return str(MEMBER_STATES[state])


def order_state_text(state: str) -> str:
    """Where an order stands, for the back office."""
    return str(ORDER_STATES[state])


def last_good_day(expires_at: datetime) -> str:
    """The last day on which points count: an expiry is the first moment on which they do not."""
    if expires_at.year >= NEVER_YEAR:
        return _("不过期")
    return shop_date(expires_at - timedelta(microseconds=1))


def at_least_zero(number: int) -> int:
    """A chart has no room below its base: a day on which more came back than was used counts as none."""
    return max(0, number)


def shop_month_short(day: date) -> str:
    """The month below a bar."""
    return str(format_date(day, "LLL"))


def months_in_words(months: Iterable[tuple[date, int]]) -> str:
    """What the bars of the coming months say, for those who cannot see them."""
    told = [
        _("%(month)s %(points)s", month=shop_month_short(day), points=points(number))
        for day, number in months
    ]
    return _("每月到期积分：%(months)s", months=_("，").join(told))


def init_merchant_filters(app: Flask) -> None:
    for function in (
        source_class_text,
        member_state_text,
        order_state_text,
        at_least_zero,
        last_good_day,
        shop_month_short,
        months_in_words,
        share_words,
    ):
        app.jinja_env.filters[function.__name__] = function
