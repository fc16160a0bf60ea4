"""A rule of earning as one sentence: when this happens, under these conditions, this is earned."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.rules.points.kinds import MAIN_KIND
from shop.rules.rulebook import (
    AmountCondition,
    BirthdayCondition,
    ChannelCondition,
    Condition,
    DetailCondition,
    Effect,
    GoodsCondition,
    KindRule,
    MultiplyEffect,
    PeriodCondition,
    PointsEffect,
    PurchaseNumberCondition,
    RateEffect,
    Rule,
    StepsEffect,
    ThresholdEffect,
    TierCondition,
    TierRule,
    Times,
)
from shop.web.filters import points, shop_datetime, yuan
from shop.web.numbers import plain_permille
from shop.web.rulebook_words.pieces import expiry_words, rate_words

EVENTS: Mapping[str, Any] = {
    "purchase": _l("消费"),
    "signed_in": _l("签到"),
    "registered": _l("注册"),
    "profile_completed": _l("填完资料"),
    "review_published": _l("发表评价"),
    "link_visited": _l("分享被打开"),
    "friend_ordered": _l("朋友第一单完成"),
    "invited": _l("受邀请加入并完成第一单"),
    "event_attended": _l("到店参加活动"),
}
CHANNELS: Mapping[str, Any] = {
    "mall": _l("在商城"),
    "store": _l("在门店"),
    "elsewhere": _l("在别的平台"),
}
WEEKDAYS = (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"))


def rule_sentence(rule: Rule, tiers: tuple[TierRule, ...] = (), kinds: tuple[KindRule, ...] = ()) -> str:
    """The whole rule: event, conditions, effect, and what limits it.

    ``tiers`` and ``kinds`` give the codes of tiers and of further kinds of points their names.
    """
    names = {tier.code: tier.name for tier in tiers}
    parts = [
        _("%(event)s时", event=event_words(rule.event)),
        *(condition_words(condition, names) for condition in rule.conditions),
        effect_words(rule.effect),
        *_credited(rule, kinds),
        *_limits(rule),
    ]
    return _("，").join(parts) + _("。")


def event_words(event: str) -> str:
    """What happened; an event of somebody else's program keeps its own name."""
    return str(EVENTS.get(event) or _("「%(event)s」", event=event))


def condition_words(condition: Condition, tier_names: Mapping[str, str] | None = None) -> str:
    """A condition as a part of the sentence."""
    if isinstance(condition, TierCondition):
        names = _("、").join((tier_names or {}).get(code, code) for code in condition.tiers)
        return _("会员等级是%(tiers)s", tiers=names)
    return CONDITIONS[condition.kind](condition)


def effect_words(effect: Effect) -> str:
    """What is earned."""
    return EFFECTS[effect.kind](effect)


def _credited(rule: Rule, kinds: tuple[KindRule, ...]) -> list[str]:
    """Which further kind of points comes; nothing for the main one."""
    if rule.credits == MAIN_KIND:
        return []
    name = next((kind.name for kind in kinds if kind.code == rule.credits), "")
    return [_("得的是「%(kind)s」", kind=name) if name else _("得的是另一种积分")]


def _limits(rule: Rule) -> list[str]:
    parts = []
    if rule.times:
        parts.append(times_words(rule.times))
    if rule.group:
        parts.append(_("和「%(group)s」一组里只算最好的一个", group=rule.group))
    if rule.budget_points is not None:
        parts.append(_("所有人一共最多 %(points)s 分", points=points(rule.budget_points)))
    if rule.expiry:
        parts.append(_("有效期：%(expiry)s", expiry=expiry_words(rule.expiry)))
    return parts


def times_words(times: Times) -> str:
    """How often one member may have it."""
    each = {
        "ever": _("每人一共 %(count)s 次", count=times.count),
        "year": _("每人每年 %(count)s 次", count=times.count),
        "month": _("每人每月 %(count)s 次", count=times.count),
        "day": _("每人每天 %(count)s 次", count=times.count),
    }
    return each[times.per]


def _goods(condition: GoodsCondition) -> str:
    named = _("、").join((*condition.categories, *condition.tags, *condition.skus))
    return (
        _("除了「%(goods)s」", goods=named) if condition.excluded else _("商品是「%(goods)s」", goods=named)
    )


def _amount(condition: AmountCondition) -> str:
    return _("实付满 %(cash)s", cash=yuan(condition.cents_min))


def _period(condition: PeriodCondition) -> str:
    parts = []
    if condition.starts_at:
        parts.append(_("%(moment)s 起", moment=shop_datetime(condition.starts_at)))
    if condition.ends_at:
        parts.append(_("到 %(moment)s 为止", moment=shop_datetime(condition.ends_at)))
    if condition.weekdays:
        parts.append(_("、").join(str(WEEKDAYS[day - 1]) for day in condition.weekdays))
    if condition.month_days:
        parts.append(_("每月 %(days)s 日", days=_("、").join(str(day) for day in condition.month_days)))
    if (condition.hour_from, condition.hour_until) != (0, 24):
        parts.append(_("%(start)s 点到 %(end)s 点", start=condition.hour_from, end=condition.hour_until))
    decided = _("按下单时间算") if condition.decided_by == "placed" else _("按付款时间算")
    return _("%(when)s（%(decided)s）", when=_(" ").join(parts) or _("任何时候"), decided=decided)


def _birthday(condition: BirthdayCondition) -> str:
    return _("在生日当月") if condition.span == "month" else _("在生日当天")


def _purchase_number(condition: PurchaseNumberCondition) -> str:
    values = {"number": condition.number}
    spans = {
        "ever": _("加入以来第 %(number)s 单", **values),
        "year": _("当年第 %(number)s 单", **values),
        "month": _("当月第 %(number)s 单", **values),
    }
    every = {
        "ever": _("加入以来每满 %(number)s 单", **values),
        "year": _("当年每满 %(number)s 单", **values),
        "month": _("当月每满 %(number)s 单", **values),
    }
    words = (every if condition.every else spans)[condition.span]
    if condition.cents_min:
        words += _("（满 %(cash)s 的才算）", cash=yuan(condition.cents_min))
    return words


def _channel(condition: ChannelCondition) -> str:
    return _("、").join(str(CHANNELS[channel]) for channel in condition.channels)


def _detail(condition: DetailCondition) -> str:
    return _("标记是「%(values)s」", values=_("、").join(condition.values))


def _multiply(effect: MultiplyEffect) -> str:
    return _("得分 %(times)s 倍", times=plain_permille(effect.multiplier_permille))


def _points(effect: PointsEffect) -> str:
    if effect.per == "piece":
        return _("每件另得 %(points)s 分", points=points(effect.points))
    return _("得 %(points)s 分", points=points(effect.points))


def _rate(effect: RateEffect) -> str:
    if effect.points == 0:
        return _("不得分")
    return _("%(rate)s（代替平常的）", rate=rate_words(effect.points, effect.per_cents))


def _steps(effect: StepsEffect) -> str:
    steps = _("；").join(
        _(
            "%(from)s 起%(rate)s",
            **{"from": yuan(step.from_cents), "rate": rate_words(step.points, step.per_cents)},
        )
        for step in effect.steps
    )
    basis = _("当月累计") if effect.of == "month" else _("每单")
    manner = _("整笔按达到的一档") if effect.whole else _("分段计算")
    return _("%(basis)s%(steps)s，%(manner)s", basis=basis, steps=steps, manner=manner)


def _threshold(effect: ThresholdEffect) -> str:
    values = {"cash": yuan(effect.cents), "points": points(effect.points)}
    if effect.of == "month":
        if effect.every:
            return _("当月每累计 %(cash)s 另得 %(points)s 分", **values)
        return _("当月累计满 %(cash)s 另得 %(points)s 分", **values)
    if effect.every:
        return _("每满 %(cash)s 另得 %(points)s 分", **values)
    return _("满 %(cash)s 另得 %(points)s 分", **values)


CONDITIONS: Mapping[str, Callable[[Any], str]] = {
    "goods": _goods,
    "amount": _amount,
    "period": _period,
    "birthday": _birthday,
    "purchase_number": _purchase_number,
    "channel": _channel,
    "detail": _detail,
}
EFFECTS: Mapping[str, Callable[[Any], str]] = {
    "multiply": _multiply,
    "points": _points,
    "rate": _rate,
    "steps": _steps,
    "threshold": _threshold,
}
