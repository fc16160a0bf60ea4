"""The ladder of tiers: what raises a tier, how long it is kept, and what it brings."""

from collections.abc import Iterator

from flask_babel import gettext as _

from shop.rules.rulebook import Rulebook, TierPolicy, TierRule
from shop.web.filters import points, yuan
from shop.web.numbers import plain_permille


def tiers_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    names = [f"{tier.name} {plain_permille(tier.multiplier_permille)}×" for tier in rulebook.tiers]
    yield _("%(count)s 级：", count=len(names)) + " · ".join(names)
    for tier in rulebook.tiers:
        yield _step(tier, rulebook.tier_policy)
        if benefits := tuple(benefits_of(tier)):
            yield _("%(tier)s还有：", tier=tier.name) + _("；").join(benefits)


def tier_policy_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    yield from policy_sentences(rulebook.tier_policy)


def policy_sentences(policy: TierPolicy) -> Iterator[str]:
    """What counts over which time; what belongs to it; then, how long a tier is kept."""
    yield _window(policy)
    yield {
        "growth": _("每实付 1 元得 1 成长值，退款会扣回；花积分不会让成长值变少。"),
        "spend": _("只算商品实付的现金，收货后计入，退款会扣回；用积分抵掉的不算。"),
        "points": _("只算消费、签到这样得来的积分，退款收回的会扣掉；花积分、过期都不会让它变少。"),
        "orders": _("收货的订单算一单，全部退款的不算；抽奖抽到的不算。"),
    }[policy.measure]
    if policy.kept_months is None:
        yield _("够了马上升级；升了就一直有效，只有退款会让它回到相应的等级。")
        return
    yield _("够了马上升级，升级后保 %(months)s 个月。", months=policy.kept_months)
    if policy.grace_days:
        yield _("到期后再等 %(days)s 天，这几天的也算。", days=policy.grace_days)
    if policy.fall == "one_step":
        yield _("到期重新算：够就续一期，不够降一级。")
    else:
        yield _("到期重新算：够就续一期，不够回到达到的那一级。")
    if policy.notice_days:
        yield _("到期前 %(days)s 天，会告诉你还差多少。", days=policy.notice_days)


def _window(policy: TierPolicy) -> str:
    names = {
        "growth": _("成长值"),
        "spend": _("消费金额"),
        "points": _("获得的积分"),
        "orders": _("完成的订单数"),
    }
    values = {"measure": names[policy.measure]}
    if policy.window == "calendar_year":
        return _("等级按当年（1 月 1 日到 12 月 31 日）的%(measure)s算", **values)
    if policy.window == "rolling_12_months":
        return _("等级按过去 12 个月的%(measure)s算", **values)
    return _("等级按加入以来的%(measure)s算", **values)


def _step(tier: TierRule, policy: TierPolicy) -> str:
    values = {"tier": tier.name, "times": plain_permille(tier.multiplier_permille)}
    if tier.growth_from == 0:
        return _("%(tier)s：注册就是，消费得分 %(times)s 倍", **values)
    values["amount"] = yuan(tier.growth_from * 100) if policy.measure == "spend" else points(tier.growth_from)
    return {
        "growth": _("%(tier)s：成长值 %(amount)s 起，消费得分 %(times)s 倍", **values),
        "spend": _("%(tier)s：消费满 %(amount)s 起，消费得分 %(times)s 倍", **values),
        "points": _("%(tier)s：获得 %(amount)s 积分起，消费得分 %(times)s 倍", **values),
        "orders": _("%(tier)s：完成 %(amount)s 单起，消费得分 %(times)s 倍", **values),
    }[policy.measure]


def benefits_of(tier: TierRule) -> Iterator[str]:
    """What a step brings besides points for purchases."""
    if tier.free_shipping:
        yield _("全部包邮")
    if tier.signin_multiplier_permille > 1000:
        yield _("签到得分 %(times)s 倍", times=plain_permille(tier.signin_multiplier_permille))
    if tier.birthday_points:
        yield _("生日送 %(points)s 积分，%(days)s 天内有效",
                points=points(tier.birthday_points), days=tier.birthday_days)  # fmt: skip
    if tier.monthly_tickets:
        yield _("每月 %(count)s 张抽奖券", count=tier.monthly_tickets)
    if tier.monthly_coupons:
        yield _("每月 %(count)s 张优惠券", count=tier.monthly_coupons)
    if tier.price_points is not None:
        yield _("也可以用 %(points)s 积分升到这一级，%(months)s 个月",
                points=points(tier.price_points), months=tier.price_months)  # fmt: skip
