"""Messages in words: each kind has a title, a text, an icon and a tint; the values come with the message.

Values are written as their name says: ``…points`` 1,234, ``…cents`` ¥12.00, ``…_on`` (an ISO day) 2 月 19 日.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.web.filters import points, shop_date, shop_day, yuan
from shop.web.newcomer_words import missing_words, pack_words

DAYS_SHOWN = 4


@dataclass(frozen=True)
class MessageText:
    """The sentences of one kind; lazy, because the reader's language is known when they are read."""

    title: Any
    body: Any
    icon: str
    tint: str = ""


@dataclass(frozen=True)
class Words:
    """A message as it is read."""

    title: str
    body: str
    icon: str
    tint: str


TEXTS: dict[str, MessageText] = {
    "welcome": MessageText(
        _l("欢迎来坐坐"),
        _l("逛逛能换什么，每天来拾一样小东西。积分怎么来、怎么用，都写在规则里。"),
        "sprout",
    ),
    "welcome_with_points": MessageText(
        _l("欢迎来坐坐"),
        _l("你以前攒的 %(points)s 积分已经搬过来了，逛逛能换什么，每天来拾一样小东西。"),
        "sprout",
    ),
    "welcome_pack": MessageText(
        _l("新人礼包放进来了"),
        _l("%(pack)s，都是你的。逛逛能换什么，每天来拾一样小东西。"),
        "gift",
        "spark",
    ),
    "welcome_pack_short": MessageText(
        _l("新人礼包放进来了"),
        _l("%(pack)s，都是你的。%(missing)s不巧已经发完，这次没能放进来。"),
        "gift",
        "spark",
    ),
    "welcome_pack_gone": MessageText(
        _l("欢迎来坐坐"),
        _l("新人礼包里的%(missing)s不巧已经发完。逛逛能换什么，每天来拾一样小东西。"),
        "sprout",
    ),
    "points_brought": MessageText(
        _l("积分搬过来了"), _l("你以前攒的 %(points)s 积分，现在也在这里了。"), "coins", "spark"
    ),
    "points_granted": MessageText(
        _l("店里送你积分"), _l("%(points)s 积分，原因：%(reason)s"), "gift", "spark"
    ),
    "order_paid": MessageText(
        _l("订单付好了"), _l("订单 %(number)s 已经收到，店里开始准备。"), "package", "lake"
    ),
    "order_ready": MessageText(
        _l("可以来取了"), _l("订单 %(number)s 付好了，到店出示取货码就行。"), "qr-code", "spark"
    ),
    "order_shipped": MessageText(
        _l("包裹出发了"), _l("订单 %(number)s 已发出，%(carrier)s %(tracking_number)s。"), "truck", "lake"
    ),
    "order_received": MessageText(_l("订单完成了"), _l("订单 %(number)s 已收货，谢谢你。"), "package-check"),
    "order_received_points": MessageText(
        _l("订单完成了"),
        _l("订单 %(number)s 已收货，带来 %(points)s 积分，%(available_on)s起可以用。"),
        "package-check",
    ),
    "order_closed": MessageText(
        _l("订单取消了"), _l("订单 %(number)s 已取消，留着的积分原样放回。"), "circle-x", "plain"
    ),
    "order_timed_out": MessageText(
        _l("订单超时关闭了"), _l("订单 %(number)s 没有付，留着的积分原样放回。"), "clock", "plain"
    ),
    "refund_made": MessageText(
        _l("退款好了"),
        _l("订单 %(number)s 退回 %(points)s 积分，%(cents)s 原路退回。"),
        "undo-2",
        "lake",
    ),
    "refund_made_points": MessageText(
        _l("积分退回了"), _l("订单 %(number)s 退回 %(points)s 积分。"), "undo-2", "lake"
    ),
    "refund_made_cash": MessageText(
        _l("退款好了"), _l("订单 %(number)s 的 %(cents)s 原路退回。"), "undo-2", "lake"
    ),
    "refund_late": MessageText(
        _l("付款晚了一步"), _l("订单 %(number)s 已经关闭，%(cents)s 原路退回。"), "undo-2", "honey"
    ),
    "purchase_recorded": MessageText(
        _l("店里的消费记好了"),
        _l("实付 %(cents)s，带来 %(points)s 积分，%(available_on)s起可以用。"),
        "receipt-text",
    ),
    "purchase_refunded": MessageText(
        _l("店里的退款记好了"), _l("退款 %(cents)s，收回 %(points)s 积分。"), "undo-2", "lake"
    ),
    "deed_rewarded": MessageText(_l("得了积分"), _l("店家给你记了 %(points)s 积分，谢谢你。"), "coins"),
    "points_adjusted": MessageText(
        _l("店家调整了你的积分"), _l("%(signed_points)s 积分，原因：%(reason)s"), "coins", "honey"
    ),
    "points_expiring": MessageText(
        _l("有积分快到期了"),
        _l("%(days)s 天内有 %(points)s 积分到期，最后一批在 %(last_on)s。"),
        "hourglass",
        "honey",
    ),
    "points_lapsing": MessageText(
        _l("有积分快到期了"),
        _l("%(points)s 积分快到期：%(lots)s。先用掉，或者看看够换什么。"),
        "hourglass",
        "honey",
    ),
    "kind_adjusted": MessageText(
        _l("店家调整了你的%(kind_name)s"),
        _l("%(signed_points)s %(unit)s，原因：%(reason)s"),
        "coins",
        "honey",
    ),
    "kind_lapsing": MessageText(
        _l("有%(kind_name)s快到期了"),
        _l("%(points)s %(unit)s%(kind_name)s快到期：%(lots)s。先用掉，或者看看够换什么。"),
        "hourglass",
        "honey",
    ),
    "points_reinstated": MessageText(
        _l("过期的积分补回来了"),
        _l("%(points)s 积分补给你，%(last_on)s前都能用。原因：%(reason)s"),
        "undo-2",
        "lake",
    ),
    "points_frozen": MessageText(
        _l("你的积分暂时冻结了"),
        _l("原因：%(reason)s。%(review_on)s会再看一次，有疑问随时联系我们。"),
        "lock",
        "honey",
    ),
    "points_thawed": MessageText(
        _l("积分解冻了"), _l("现在可以照常用积分、得积分了。"), "circle-check", "leaf"
    ),
    "accounts_merged": MessageText(
        _l("两个账号合成一个了"), _l("另一个账号的 %(points)s 积分并到了这里，有效期不变。"), "users", "lake"
    ),
    "tier_changed": MessageText(_l("会员等级变了"), _l("你现在是「%(tier_name)s」会员。"), "sprout"),
    "tier_reached_until": MessageText(
        _l("升级了"), _l("你现在是「%(tier_name)s」会员，保到%(until_on)s。"), "sprout"
    ),
    "tier_kept": MessageText(
        _l("等级续上了"), _l("「%(tier_name)s」会员续到%(until_on)s，谢谢你常来。"), "sprout"
    ),
    "tier_fell": MessageText(
        _l("会员等级变了"),
        _l("上一级的期限到了，你现在是「%(tier_name)s」会员。消费够了，随时再升回来。"),
        "sprout",
        "plain",
    ),
    "tier_refunded": MessageText(
        _l("会员等级变了"),
        _l("有订单退了款，成长按退款后算，你现在是「%(tier_name)s」会员。"),
        "sprout",
        "plain",
    ),
    "tier_bought": MessageText(
        _l("升级好了"), _l("你用积分升到「%(tier_name)s」会员，到%(until_on)s为止。"), "sprout", "spark"
    ),
    "tier_granted": MessageText(
        _l("店家给你升级了"), _l("你现在是「%(tier_name)s」会员，到%(until_on)s为止。"), "gift", "spark"
    ),
    "tier_term_set": MessageText(
        _l("会员等级有了期限"), _l("规则更新了：「%(tier_name)s」会员保到%(until_on)s。"), "sprout", "plain"
    ),
    "tier_ending_growth": MessageText(
        _l("等级快到期了"),
        _l("「%(tier_name)s」会员到%(until_on)s为止，%(due_on)s前再有 %(missing_points)s 成长值就能保住。"),
        "hourglass",
        "honey",
    ),
    "tier_ending_spend": MessageText(
        _l("等级快到期了"),
        _l("「%(tier_name)s」会员到%(until_on)s为止，%(due_on)s前再消费 %(missing_cents)s 就能保住。"),
        "hourglass",
        "honey",
    ),
    "tier_ending_points": MessageText(
        _l("等级快到期了"),
        _l("「%(tier_name)s」会员到%(until_on)s为止，%(due_on)s前再得 %(missing_points)s 积分就能保住。"),
        "hourglass",
        "honey",
    ),
    "tier_ending_orders": MessageText(
        _l("等级快到期了"),
        _l("「%(tier_name)s」会员到%(until_on)s为止，%(due_on)s前再完成 %(missing_points)s 单就能保住。"),
        "hourglass",
        "honey",
    ),
    "tier_ending_gift": MessageText(
        _l("等级快到期了"), _l("「%(tier_name)s」会员到%(until_on)s为止。"), "hourglass", "honey"
    ),
    "birthday_gift": MessageText(
        _l("生日快乐"), _l("送你 %(points)s 积分，%(last_on)s前用掉它吧。"), "gift", "spark"
    ),
    "draw_won": MessageText(
        _l("抽到奖品了"), _l("你在「%(draw)s」抽到%(prize)s，最晚 %(last_on)s领取。"), "gift", "spark"
    ),
    "coupon_granted": MessageText(
        _l("送你一张券"), _l("「%(coupon)s」放进了你的券包，%(last_on)s前都能用。"), "ticket", "spark"
    ),
    "coupon_reached": MessageText(
        _l("自动换了一张券"),
        _l("攒够 %(points)s 积分，换了「%(coupon)s」。24 小时内没用都可以撤回。"),
        "ticket",
        "spark",
    ),
    "coupon_lapsing": MessageText(
        _l("快到期的积分换成了券"),
        _l("%(points)s 积分换了「%(coupon)s」，%(last_on)s前都能用。24 小时内没用都可以撤回。"),
        "ticket",
        "spark",
    ),
    "stock_back": MessageText(
        _l("你等的东西到了"), _l("「%(title)s」又有货了，数量不多，去看看吧。"), "bell", "spark"
    ),
    "rulebook_changed": MessageText(
        _l("规则要变了"), _l("%(effective_on)s 起：%(difference)s"), "file-text", "honey"
    ),
    "rulebook_withdrawn": MessageText(
        _l("规则不变了"), _l("原定 %(effective_on)s 起的新规则已经撤回，还按现在的来。"), "undo-2", "plain"
    ),
    "rulebook_published": MessageText(
        _l("规则更新"), _l("%(effective_on)s 起用新的积分规则，之前的订单不受影响。"), "file-text", "plain"
    ),
}
OTHERWISE = MessageText(_l("店里的消息"), _l("点开看看。"), "bell", "plain")


def words_of(kind: str, params: Mapping[str, Any]) -> Words:
    """The message in the reader's language.  One whose kind or values nobody knows any more still opens."""
    text = TEXTS.get(kind, OTHERWISE)
    values = {name: _written(name, value) for name, value in params.items()}
    try:
        return Words(str(text.title) % values, str(text.body) % values, text.icon, text.tint)
    except (KeyError, TypeError, ValueError):
        return Words(str(OTHERWISE.title), str(OTHERWISE.body), OTHERWISE.icon, OTHERWISE.tint)


def _written(name: str, value: Any) -> Any:
    if name == "lots" and isinstance(value, list):
        return _lots_in_words(value)
    if name in ("pack", "missing") and isinstance(value, dict):
        return _("、").join(pack_words(**value) if name == "pack" else missing_words(**value))
    if isinstance(value, int) and name.endswith("points"):
        return points(value) if not name.startswith("signed") or value < 0 else f"+{points(value)}"
    if isinstance(value, int) and name.endswith("cents"):
        return yuan(value)
    if isinstance(value, str) and name == "until_on":  # a year ahead, often
        return shop_date(date.fromisoformat(value))
    if isinstance(value, str) and name.endswith("_on"):
        return shop_day(date.fromisoformat(value))
    return value


def _lots_in_words(lots: list[Any]) -> str:
    """Each lot with its last day, those of one day together; the many that follow are counted."""
    days: dict[str, int] = {}
    for number, last_on in lots:
        days[last_on] = days.get(last_on, 0) + number
    shown = [
        _("%(day)s %(points)s 分", day=shop_day(date.fromisoformat(day)), points=points(number))
        for day, number in list(days.items())[:DAYS_SHOWN]
    ]
    left = sum(list(days.values())[DAYS_SHOWN:])
    if left:
        shown.append(_("之后 %(points)s 分", points=points(left)))
    return _("、").join(shown)
