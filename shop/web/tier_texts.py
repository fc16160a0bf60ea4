"""Tiers in words: amounts of each measure, the way to the next step, what a step brings, and why a tier changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.queries.points.tier import Change
from shop.queries.points.tier_progress import Keeping, Progress
from shop.rules.rulebook import TierPolicy, TierRule
from shop.web.filters import points, shop_date, shop_day, yuan
from shop.web.numbers import plain_permille

NOTHING = "—"
MOMENT = timedelta(microseconds=1)
MEASURES: Mapping[str, Any] = {
    "growth": _l("成长值"),
    "spend": _l("消费"),
    "points": _l("获得的积分"),
    "orders": _l("完成的订单"),
}
WHY: Mapping[str, Any] = {
    "reached": _l("达到了"),
    "kept": _l("到期续上"),
    "fell": _l("到期，没有达到"),
    "refunded": _l("退款以后"),
    "rules": _l("规则更新"),
    "bought": _l("用积分升的"),
    "granted": _l("店家给的"),
    "ended": _l("期限到了"),
    "withdrawn": _l("店家收回"),
    "merged": _l("账号合并"),
}


@dataclass(frozen=True)
class Perk:
    """One row of the table of benefits: its name, and what each step has of it."""

    label: str
    cells: tuple[str, ...]


def init_tier_texts(app: Flask) -> None:
    for function in (
        tier_amount, tier_from, tier_way, tier_way_short, tier_keeping, tier_why, tier_numbers, measure_name,
    ):  # fmt: skip
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals["tier_perks"] = tier_perks


def measure_name(measure: str) -> str:
    """What counts, in a word."""
    return str(MEASURES.get(measure, measure))


def tier_amount(amount: int, measure: str) -> str:
    """So much of a measure: 1,620 · ¥220.00 · 220 积分 · 3 单."""
    if measure == "spend":
        return yuan(amount)
    if measure == "orders":
        return _("%(count)s 单", count=points(amount))
    return _("%(points)s 积分", points=points(amount)) if measure == "points" else points(amount)


def tier_from(tier: TierRule, policy: TierPolicy) -> str:
    """From where on a step is reached."""
    if tier.growth_from == 0:
        return _("注册就是")
    amount = points(tier.growth_from)
    if policy.measure == "spend":
        return _("消费满 %(amount)s 起", amount=yuan(tier.growth_from * 100))
    if policy.measure == "orders":
        return _("完成 %(amount)s 单起", amount=amount)
    if policy.measure == "points":
        return _("获得 %(amount)s 积分起", amount=amount)
    return _("成长值 %(growth)s 起", growth=amount)


def tier_way(progress: Progress) -> str:
    """The way to the next step in one sentence: 再消费 ¥220.00（12 月 31 日前）升到金卡."""
    if progress.next is None:
        return _("已经是最高一级")
    values = {"amount": tier_amount(progress.missing, progress.measure), "tier": progress.next.name}
    if progress.until_on is None:
        sentences = {
            "growth": _("再有 %(amount)s 成长值升到%(tier)s", **values),
            "spend": _("再消费 %(amount)s 升到%(tier)s", **values),
            "points": _("再得 %(amount)s升到%(tier)s", **values),
            "orders": _("再完成 %(amount)s升到%(tier)s", **values),
        }
    else:
        values["day"] = shop_day(progress.until_on)
        sentences = {
            "growth": _("再有 %(amount)s 成长值（%(day)s前）升到%(tier)s", **values),
            "spend": _("再消费 %(amount)s（%(day)s前）升到%(tier)s", **values),
            "points": _("再得 %(amount)s（%(day)s前）升到%(tier)s", **values),
            "orders": _("再完成 %(amount)s（%(day)s前）升到%(tier)s", **values),
        }
    return sentences[progress.measure]


def tier_way_short(progress: Progress) -> str:
    """The same for a card with little room: 再 220 到满枝."""
    if progress.next is None:
        return _("已经是最高一级")
    amount = tier_amount(progress.missing, progress.measure)
    return _("再 %(growth)s 到%(tier)s", growth=amount, tier=progress.next.name)


def tier_keeping(keeping: Keeping, tier_name: str, measure: str) -> str:
    """What becomes of the present tier at the end of its term."""
    values = {
        "tier": tier_name,
        "until": shop_date(keeping.until_on),
        "day": shop_day(keeping.due_on),
    }
    if keeping.falls_to is None:
        return _("%(tier)s保到%(until)s，照现在的样子到期会续上。", **values)
    values["next"] = keeping.falls_to.name
    if keeping.is_gift or keeping.missing == 0:
        return _("%(tier)s到%(until)s为止，之后是%(next)s。", **values)
    values["amount"] = tier_amount(keeping.missing, measure)
    if keeping.is_over:
        return _("%(tier)s的期限已经过了，%(day)s前还差 %(amount)s 就能保住，不然回到%(next)s。", **values)
    if keeping.due_on != keeping.until_on:
        return _("%(tier)s保到%(until)s，%(day)s前还差 %(amount)s 就能续上，不然回到%(next)s。", **values)
    return _("%(tier)s保到%(until)s，到时还差 %(amount)s 就回到%(next)s。", **values)


def tier_why(change: Change) -> str:
    """What happened, in a few words."""
    why = str(WHY.get(change.why, ""))
    if change.rises is None:
        return _("%(tier)s · %(why)s", tier=change.to_name, why=why)
    if change.rises:
        return _("升到%(tier)s · %(why)s", tier=change.to_name, why=why)
    return _("回到%(tier)s · %(why)s", tier=change.to_name, why=why)


def tier_numbers(change: Change) -> str:
    """The numbers it was decided on, and until when."""
    told = []
    if change.amount is not None and change.measure is not None:
        name, amount = measure_name(change.measure), tier_amount(change.amount, change.measure)
        if change.needed:
            needed = tier_amount(change.needed, change.measure)
            told.append(
                _("%(measure)s %(amount)s，要 %(needed)s", measure=name, amount=amount, needed=needed)
            )
        else:
            told.append(_("%(measure)s %(amount)s", measure=name, amount=amount))
    if change.until_at is not None:
        told.append(_("到%(day)s为止", day=shop_date(change.until_at - MOMENT)))
    return _("，").join(told)


def tier_perks(ladder: tuple[TierRule, ...]) -> tuple[Perk, ...]:
    """What each step brings; a row for everything that at least one step has."""
    rows: tuple[tuple[str, Callable[[TierRule], str]], ...] = (
        (_("消费得分"), lambda tier: _times(tier.multiplier_permille)),
        (_("签到得分"), lambda tier: _times(tier.signin_multiplier_permille)),
        (_("包邮"), lambda tier: _("有") if tier.free_shipping else NOTHING),
        (_("生日礼"), _birthday),
        (_("每月抽奖券"), lambda tier: _pieces(tier.monthly_tickets)),
        (_("每月优惠券"), lambda tier: _pieces(tier.monthly_coupons)),
        (_("用积分升"), _price),
    )
    table = [Perk(label, tuple(cell(tier) for tier in ladder)) for label, cell in rows]
    return tuple(perk for perk in table if perk is table[0] or set(perk.cells) - {NOTHING, _times(1000)})


def _times(permille: int) -> str:
    return f"{plain_permille(permille)}×"


def _pieces(count: int) -> str:
    return _("%(count)s 张", count=count) if count else NOTHING


def _birthday(tier: TierRule) -> str:
    return _("%(points)s 积分", points=points(tier.birthday_points)) if tier.birthday_points else NOTHING


def _price(tier: TierRule) -> str:
    if tier.price_points is None:
        return NOTHING
    return _("%(points)s 积分 %(months)s 个月", points=points(tier.price_points), months=tier.price_months)
