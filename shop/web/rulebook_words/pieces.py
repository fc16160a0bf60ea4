"""Short phrases that the sections, the differences and the faults of a rulebook share."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.rules.rulebook import ExpiryPolicy
from shop.web.filters import points, yuan
from shop.web.numbers import plain_yuan

SOURCES: Mapping[str, Any] = {
    "purchase": _l("消费"),
    "interaction": _l("签到等互动"),
    "referral": _l("邀请朋友"),
    "draw": _l("抽奖"),
    "grant": _l("店家发放"),
}


def rate_words(points_number: int, per_cents: int) -> str:
    """What a yuan earns: 每 1 元得 1 分."""
    return _("每 %(yuan)s 元得 %(points)s 分", yuan=plain_yuan(per_cents), points=points(points_number))


def ratio_words(points_number: int, per_cents: int) -> str:
    """What points take off: 100 积分抵 ¥1.00."""
    return _("%(points)s 积分抵 %(cash)s", points=points(points_number), cash=yuan(per_cents))


def expiry_words(policy: ExpiryPolicy) -> str:
    """How long points last."""
    if policy.kind == "never":
        return _("长期有效")
    if policy.kind == "days":
        return _("到账后 %(days)s 天", days=policy.days)
    later = policy.periods_after
    if policy.kind == "year_end":
        return {0: _("当年底"), 1: _("次年底")}.get(later) or _("%(years)s 年后的年底", years=later)
    return {0: _("当月底"), 1: _("次月底")}.get(later) or _("%(months)s 个月后的月底", months=later)


def sources_words(classes: tuple[str, ...]) -> str:
    """The names of source classes in a row."""
    return _("、").join(str(SOURCES[name]) for name in classes)
