"""Reasons in words: every code of ``rules/reasons.py`` has one sentence here, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.web.coupon_words import coupon_promise
from shop.web.entry_titles import entry_icon, entry_note, entry_tint, entry_title
from shop.web.filters import points, shop_date, signed_points, yuan
from shop.web.numbers import plain_permille, plain_yuan
from shop.web.rulebook_words.pieces import expiry_words

SENTENCES: Mapping[str, Any] = {
    # earning
    "earned_on_amount": _l("实付 %(cents)s，每 %(per_cents)s 元得 %(points)s 分 → %(earned_points)s"),
    "tier_bonus": _l("%(tier_name)s会员 %(multiplier_permille)s 倍：%(arithmetic)s"),
    "rate_of_goods": _l("「%(name)s」实付 %(cents)s，每 %(per_cents)s 元得 %(points)s 分"),
    "rate_by_steps": _l("「%(name)s」实付 %(cents)s，按档计算（之前累计 %(before_cents)s）"),
    "rate_of_the_rest": _l("其余实付 %(cents)s，每 %(per_cents)s 元得 %(points)s 分"),
    "rates_summed": _l("合起来 %(earned_points)s 分，不满一分的去掉"),
    "rule_multiplied": _l("「%(name)s」%(multiplier_permille)s 倍：%(arithmetic)s"),
    "rule_gave": _l("「%(name)s」%(points)s 分 × %(times)s"),
    "threshold_reached": _l("「%(name)s」到了 %(reached_cents)s，满 %(cents)s 得 %(points)s 分 × %(times)s"),
    "best_of_group": _l("同一组里它最多，「%(others)s」就不再算"),
    "cut_by_order_cap": _l("每单最多 %(cap_points)s 分：本来 %(offered_points)s 分，少给 %(cut_points)s 分"),
    "cut_by_budget": _l(
        "活动一共 %(budget_points)s 分，快用完了：本来 %(offered_points)s 分，少给 %(cut_points)s 分"
    ),
    "deed_reversed": _l("收回 %(points)s 分：%(reason)s"),
    "friends_order_returned": _l("收回 %(points)s 分：朋友的第一单全退了"),
    "cut_by_cap": _l(
        "「%(cap)s」%(per)s最多 %(cap_points)s 分：本来 %(offered_points)s 分，少给 %(cut_points)s 分"
    ),
    # spending
    "offset_ratio": _l("%(points)s 积分抵 %(cents_off)s"),
    "offset_window": _l("「%(name)s」期间 %(points)s 积分抵 %(cents_off)s"),
    "offset_window_of_tier": _l("「%(name)s」期间%(tier_name)s %(points)s 积分抵 %(cents_off)s"),
    "offset_window_of_goods": _l("「%(name)s」期间买这些商品，%(points)s 积分抵 %(cents_off)s"),
    "offset_limited_by_balance": _l("可用积分只有 %(available_points)s"),
    "offset_limited_by_goods": _l("能用积分抵的商品共 %(cents)s"),
    "offset_limited_by_share": _l("最多抵商品现金部分的 %(share_percent)s%%"),
    "offset_limited_by_points_max": _l("每单最多用 %(points_max)s 积分"),
    "offset_limited_by_cash_min": _l("每单至少付 %(cash_cents_min)s 现金"),
    "offset_below_min": _l("至少要能用 %(points_min)s 积分才可以抵"),
    "offset_not_for_these_goods": _l("这些商品不能用积分抵现"),
    "offset_pays_shipping": _l("其中 %(cents)s 抵运费"),
    "offset_limited_by_goods_and_shipping": _l("能用积分抵的商品和运费共 %(cents)s"),
    "offset_limited_by_share_with_shipping": _l("最多抵商品和运费现金部分的 %(share_percent)s%%"),
    # coupons
    "coupon_redeemed": _l("换了「%(coupon)s」"),
    "coupon_redeemed_by_itself": _l("攒到 %(reached_points)s 分，自动换了「%(coupon)s」"),
    "coupon_redeemed_before_lapse": _l("这些分 %(days)s 天内到期，到期前换成了「%(coupon)s」"),
    "coupon_given_back": _l("「%(coupon)s」没用，换回积分"),
    "coupon_cents_off": _l("%(coupon_terms)s"),
    "coupon_percent_off": _l("%(coupon_terms)s"),
    "coupon_cut_by_max": _l("最多减 %(off_cents_max)s"),
    "coupon_on_some_goods": _l("只算能用这张券的商品，共 %(cents)s"),
    "coupon_below_min": _l("满 %(spend_cents_min)s 可用，还差 %(missing_cents)s"),
    "coupon_not_for_these_goods": _l("这些商品用不了这张券"),
    "spent_at_till": _l("店里消费 %(bill_cents)s，抵掉 %(off_cents)s（小票 %(receipt)s）"),
    # quote
    "unit_price": _l("%(unit_price)s × %(quantity)s"),
    "shipping_fee": _l("每单运费 %(fee_cents)s"),
    "shipping_free_missing": _l("再买 %(missing_cents)s 就包邮（满 %(free_from_cents)s）"),
    "shipping_free": _l("满 %(free_from_cents)s 包邮"),
    "shipping_not_charged": _l("本店包邮"),
    "shipping_free_for_tier": _l("%(tier_name)s会员包邮"),
    "tier_bought": _l("用积分升到%(tier_name)s，%(months)s 个月"),
    "birthday_gift": _l("%(tier_name)s会员的生日礼，%(days)s 天内有效"),
    "shipping_free_for_points": _l("只用积分换，包邮"),
    "shipping_not_needed": _l("不用邮寄"),
    "picked_up": _l("到店自取，不收运费"),
    # limits
    "limited_per_order": _l("每单最多 %(quantity_max)s 件"),
    "limited_per_member": _l("你还能换 %(left)s 件"),
    "limited_by_stock": _l("只剩 %(available)s 件"),
    # refunds
    "refunded_share": _l("实付 %(paid_cents)s，退了 %(refunded_cents)s，按比例收回"),
    "refunded_in_full": _l("整单退了，得的分全部收回"),
    "refund_above_left": _l("想退 %(wanted)s 件，只剩 %(left)s 件可退"),
    "refund_of_nothing": _l("没有选要退的东西"),
    "shipping_refunded": _l("运费 %(cents)s 一起退"),
    "shipping_points_refunded": _l("抵运费的 %(points)s 积分一起退"),
    "gift_comes": _l("「%(name)s」每换 %(quantity_min)s 件送的"),
    "gift_needs_more": _l("「%(name)s」再换 %(missing)s 件就送"),
    "gift_sold_out": _l("「%(name)s」的赠品送完了，这一单没有赠品"),
    "gift_had_before": _l("「%(name)s」的赠品你已经领满了，这一单没有赠品"),
    "gift_goes_another_way": _l("「%(name)s」的赠品没法和这一单一起给你，这一单没有赠品"),
    "clawed_back": _l("这单得过 %(awarded_points)s 分，收回 %(points)s 分"),
    "month_below": _l("退货后这个月只算 %(left_cents)s，「%(name)s」要 %(cents)s，那 %(points)s 分收回"),
    "refunded_before_receipt": _l("本来有 %(promised_points)s 分，收货前退过款，按比例少给 %(points)s 分"),
    "shortage_becomes_debt": _l("余额不够，%(points)s 分记作欠分，下次得分先抵"),
    "shortage_kept_from_cash": _l("余额不够，%(points)s 分按订单的抵现比例从退款里扣了"),
    "shortage_waived": _l("余额不够，%(points)s 分不用还了"),
    "debt_repaid": _l("其中 %(points)s 分先抵了欠分"),
    "returned_by_till": _l("店里退货，小票 %(receipt)s"),
    "returned_in_time": _l("退回原来那一批，有效期不变"),
    "returned_with_grace": _l("原来那一批已经过期，再给你 %(grace_days)s 天"),
    # by the clock, and by hand
    "lot_expired": _l("%(credited_on)s得到的 %(points)s 分到期了"),
    "adjusted": _l("%(reason)s"),
    "reinstated": _l("过期的 %(lapsed_points)s 分补回来：%(reason)s"),
    "merged_away": _l("并到你的另一个账号"),
    "merged_here": _l("从你的另一个账号并过来，有效期不变"),
    "merge_undone": _l("撤销合并，回到原来的账号"),
    "granted": _l("%(reason)s"),
    "code_redeemed": _l("积分码「%(batch)s」"),
    "imported": _l("从「%(source)s」搬过来的积分"),
    "import_undone": _l("店家撤回了那次导入，这批积分一起收回"),
    # sign-in
    "signed_in_day": _l("连续签到第 %(streak)s 天"),
    "sign_in_day_of_cycle": _l("是这一轮的第 %(counted)s 天"),
    "sign_in_milestone": _l("连续签到满 %(days)s 天的奖励"),
    "sign_in_month_step": _l("这个月签满 %(days)s 天的奖励"),
    "sign_in_cycle_kept": _l("这一轮是按第 %(version)s 版规则开始的，就按那一版走完"),
    "sign_in_month_kept": _l("这个月是按第 %(version)s 版规则开始的，月内的累计奖励按那一版给"),
    "sign_in_coupon": _l("送你一张「%(coupon)s」"),
    "sign_in_coupon_gone": _l("本来有一张「%(coupon)s」，现在发完或停发了，没能给你"),
    "sign_in_tickets": _l("送你 %(tickets)s 张抽奖券，抽「%(draw)s」用"),
    "sign_in_tickets_gone": _l("本来有 %(tickets)s 张抽奖券，现在没有开着的抽奖，没能给你"),
    "makeup_cost": _l("补 %(day)s 的签到"),
    "makeup_not_missed": _l("这一天没有漏签"),
    "makeup_not_past": _l("这一天还没过完"),
    "makeup_too_old": _l("只能补最近 %(within_days)s 天里漏掉的"),
    "makeup_other_month": _l("只能补这个月的"),
    "makeup_used_up": _l("每月只能补 %(per_month)s 次，这个月用完了"),
    "makeup_before_joining": _l("那时候你还没加入"),
    # draw
    "draw_price": _l("「%(draw)s」抽一次"),
    "draw_prize": _l("「%(draw)s」抽到：%(prize)s"),
}
EACH = {"day": _l("每天"), "month": _l("每月")}
PLAIN = frozenset(
    {
        "streak",
        "times",
        "days",
        "grace_days",
        "within_days",
        "per_month",
        "quantity",
        "share_percent",
        "version",
        "tickets",
        "counted",
    }
)


@dataclass(frozen=True)
class Step:
    """One row of "why": what it is, the number it comes to (may be empty), and the arithmetic below."""

    label: str
    value: str = ""
    why: str = ""


def explain(reason: Mapping[str, Any]) -> str:
    """The sentence for a stored reason (``{"code", "params"}``).  An unknown code shows nothing rather than jargon."""
    sentence = SENTENCES.get(reason["code"])
    return str(sentence) % _in_words(reason["params"]) if sentence else ""


def steps_of(reasons: Sequence[Mapping[str, Any]]) -> list[Step]:
    """The rows that make a sum understandable: amounts with their arithmetic, everything else as a sentence."""
    return [step for reason in reasons for step in _steps(reason)]


def _steps(reason: Mapping[str, Any]) -> list[Step]:
    params = reason["params"]
    if reason["code"] == "earned_on_amount":
        rate = _(
            "每 %(yuan)s 元得 %(points)s 分", yuan=plain_yuan(params["per_cents"]), points=params["points"]
        )
        paid = Step(_("实付"), yuan(params["cents"]), _("不含积分抵掉的部分"))
        return [paid, Step(rate, points(params["earned_points"]), _rounding(params))]
    if reason["code"] == "tier_bonus":
        times = plain_permille(params["multiplier_permille"])
        label = _("%(tier)s会员 %(times)s 倍", tier=params["tier_name"], times=times)
        return [Step(label, signed_points(_bonus(params)), _arithmetic(params))]
    sentence = explain(reason)
    return [Step(sentence)] if sentence else []


def _rounding(params: Mapping[str, Any]) -> str:
    exact = params["earned_points"] * params["per_cents"] == params["cents"] * params["points"]
    return "" if exact else _("不满一分的去掉")


def _bonus(params: Mapping[str, Any]) -> int:
    return int(params["base_points"] * (params["multiplier_permille"] - 1000) // 1000)


def _arithmetic(params: Mapping[str, Any]) -> str:
    """126 × 0.2 = 25.2, the fraction dropped: in whole numbers, so that it is exact."""
    extra = params["multiplier_permille"] - 1000
    thousandths = params["base_points"] * extra
    values = {"base": points(params["base_points"]), "share": plain_permille(extra)}
    if thousandths % 1000 == 0:
        return _("%(base)s × %(share)s = %(bonus)s", bonus=points(thousandths // 1000), **values)
    exact = plain_permille(thousandths)
    return _("%(base)s × %(share)s = %(exact)s，去掉小数", exact=exact, **values)


def _in_words(params: Mapping[str, Any]) -> dict[str, object]:
    """The parameters as a person reads them, and what is computed from them."""
    words: dict[str, object] = {name: _in_word(name, value) for name, value in params.items()}
    if "per_cents" in params:
        words["cents_off"] = yuan(params["per_cents"])
    if "unit_points" in params:
        words["unit_price"] = _price(params["unit_points"], params["unit_cents"])
    if "spend_cents_min" in params and "missing_cents" not in params:
        words["coupon_terms"] = coupon_promise(params)
    if "base_points" in params:
        words["arithmetic"] = _arithmetic(params)
    return words


def _in_word(name: str, value: Any) -> object:
    if name == "per_cents":
        return plain_yuan(value)
    if name == "multiplier_permille":
        return plain_permille(value)
    if name == "per":
        return str(EACH.get(value, value))
    if name in ("credited_on", "day"):
        return shop_date(date.fromisoformat(value))
    if not isinstance(value, int) or name in PLAIN:
        return value
    return yuan(value) if "cents" in name else points(value)


def _price(unit_points: int, unit_cents: int) -> str:
    if unit_points and unit_cents:
        return _("%(points)s 积分 + %(cash)s", points=points(unit_points), cash=yuan(unit_cents))
    if unit_cents:
        return yuan(unit_cents)
    return _("%(points)s 积分", points=points(unit_points))


def init_explanations(app: Flask) -> None:
    for function in (
        explain,
        steps_of,
        entry_title,
        entry_icon,
        entry_tint,
        entry_note,
        expiry_words,
        plain_yuan,
        plain_permille,
    ):
        app.jinja_env.filters[function.__name__] = function
