"""Short phrases that the sections, the differences and the faults of a rulebook share."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.rules.rulebook import ExpiryPolicy
from shop.rules.rulebook.sections.expiry import COUNTED_IN_DAYS
from shop.web.filters import points, shop_date, yuan
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
    if policy.kind in COUNTED_IN_DAYS:
        return _days_words(policy)
    if policy.on is not None:
        return _("到 %(day)s", day=shop_date(policy.on))
    later = policy.periods_after
    if policy.kind == "quarter_end":
        return {0: _("当季末"), 1: _("下季末")}.get(later) or _("%(quarters)s 个季度后的季末", quarters=later)
    if policy.kind == "year_end":
        return {0: _("当年底"), 1: _("次年底")}.get(later) or _("%(years)s 年后的年底", years=later)
    return {0: _("当月底"), 1: _("次月底")}.get(later) or _("%(months)s 个月后的月底", months=later)


def _days_words(policy: ExpiryPolicy) -> str:
    if policy.kind == "rolling":
        return _("最近一次得分或用分后 %(days)s 天", days=policy.days)
    if policy.kind == "renewing":
        return _("到账后 %(days)s 天，没用过就再延 %(days)s 天，最多延 %(times)s 次", days=policy.days,
                 times=policy.times)  # fmt: skip
    return _("到账后 %(days)s 天", days=policy.days)


def sources_words(classes: tuple[str, ...]) -> str:
    """The names of source classes in a row."""
    return _("、").join(str(SOURCES[name]) for name in classes)
