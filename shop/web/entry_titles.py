"""What an entry of the points ledger is called, and the icon before it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.web.filters import shop_date


class Named(Protocol):
    """What a title is made from."""

    @property
    def kind(self) -> str: ...
    @property
    def points(self) -> int: ...
    @property
    def reference(self) -> str: ...
    @property
    def reasons(self) -> Sequence[Mapping[str, Any]]: ...


BY_REASON: Mapping[str, Any] = {
    "earned_on_amount": _l("下单得积分"),
    "rates_summed": _l("下单得积分"),
    "tier_bonus": _l("%(tier_name)s会员多得"),
    "rule_multiplied": _l("%(name)s，多得"),
    "rule_gave": _l("%(name)s"),
    "threshold_reached": _l("%(name)s"),
    "signed_in_day": _l("签到，连续第 %(streak)s 天"),
    "sign_in_milestone": _l("连续签到满 %(days)s 天"),
    "sign_in_month_step": _l("这个月签满 %(days)s 天"),
    "spent_at_till": _l("店里用掉"),
    "draw_price": _l("抽奖：%(draw)s"),
    "tier_bought": _l("升到%(tier_name)s会员"),
    "draw_prize": _l("抽到：%(prize)s"),
    "coupon_redeemed": _l("换券：%(coupon)s"),
    "coupon_redeemed_by_itself": _l("自动换券：%(coupon)s"),
    "coupon_redeemed_before_lapse": _l("到期前换券：%(coupon)s"),
}
BY_REFERENCE: Mapping[str, Any] = {
    "order": _l("换东西"),
    "signin-makeup": _l("补签"),
    "signin": _l("签到"),
    "signin-milestone": _l("连续签到奖励"),
    "signin-month": _l("每月累计签到奖励"),
    "draw": _l("抽奖一次"),
    "draw-prize": _l("抽奖抽到的"),
}
BY_KIND: Mapping[str, Any] = {
    "earn": _l("得到积分"),
    "grant": _l("店家送的积分"),
    "redeem": _l("用掉积分"),
    "restore": _l("退回积分"),
    "claw_back": _l("退款收回"),
    "expire": _l("到期清零"),
}
WHATEVER_THE_KIND: Mapping[str, Any] = {
    "reinstated": _l("过期积分补回"),
    "merged_away": _l("并到另一个账号"),
    "merged_here": _l("从另一个账号并来"),
    "merge_undone": _l("撤销合并"),
    "birthday_gift": _l("生日礼"),
    "code_redeemed": _l("积分码"),
    "imported": _l("搬过来的积分"),
    "import_undone": _l("导入撤回"),
}
ONLY_BY_KIND = frozenset({"grant", "restore", "claw_back", "expire", "adjust"})
ICONS_BY_REFERENCE = {
    "signin": "calendar-check",
    "signin-milestone": "calendar-check",
    "signin-month": "calendar-check",
    "signin-makeup": "calendar-check",
    "draw": "gift",
    "draw-prize": "gift",
    "coupon": "ticket",
    "coupon-wish": "ticket",
    "order": "package",
    "tier": "sprout",
}
ICONS_BY_KIND = {
    "restore": "undo-2",
    "claw_back": "undo-2",
    "expire": "hourglass",
    "adjust": "pencil",
    "grant": "gift",
    "earn": "receipt-text",
    "redeem": "package",
}
AWARDS = frozenset({"earned_on_amount", "rates_summed", "tier_bonus", "rule_multiplied", "threshold_reached"})
TINTS = {"restore": "lake", "expire": "plain", "adjust": "plain", "redeem": "honey", "claw_back": "honey"}


def entry_title(entry: Named) -> str:
    """The entry in a few words."""
    for reason in entry.reasons:
        if reason["code"] in WHATEVER_THE_KIND:
            return str(WHATEVER_THE_KIND[reason["code"]])
    if entry.kind == "adjust":
        return _("店家补发") if entry.points > 0 else _("店家扣除")
    if entry.kind not in ONLY_BY_KIND:
        for reason in entry.reasons:
            if reason["code"] in BY_REASON:
                title: str = BY_REASON[reason["code"]] % reason["params"]
                return title
        if _area(entry) in BY_REFERENCE:
            return str(BY_REFERENCE[_area(entry)])
    return str(BY_KIND[entry.kind])


def entry_note(entry: Named) -> str:
    """What stands behind the moment: the merchant's reason, or when lapsed points were earned."""
    for reason in entry.reasons:
        if reason["code"] in ("adjusted", "granted"):
            return str(reason["params"]["reason"])
        if reason["code"] == "code_redeemed":
            return str(reason["params"]["batch"])
        if reason["code"] == "lot_expired":
            return _("%(day)s得的", day=shop_date(_day(reason["params"]["credited_on"])))
        if reason["code"] == "returned_with_grace":
            return _("再给 %(days)s 天", days=reason["params"]["grace_days"])
        if reason["code"] == "returned_in_time":
            return _("退回原来那批，有效期不变")
    return ""


def entry_icon(entry: Named) -> str:
    """The icon of an entry."""
    if entry.kind in ONLY_BY_KIND or _area(entry) not in ICONS_BY_REFERENCE or _is_award(entry):
        return ICONS_BY_KIND[entry.kind]
    return ICONS_BY_REFERENCE[_area(entry)]


def entry_tint(entry: Named) -> str:
    """The tint of the pebble behind the icon."""
    if entry.kind == "earn":
        return "" if _is_award(entry) else "spark"
    return TINTS.get(entry.kind, "")


def _is_award(entry: Named) -> bool:
    return any(reason["code"] in AWARDS for reason in entry.reasons)


def _area(entry: Named) -> str:
    return entry.reference.partition(":")[0]


def _day(text: str) -> date:

    return date.fromisoformat(text)
