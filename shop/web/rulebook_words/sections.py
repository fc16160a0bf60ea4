"""Every section of a rulebook as sentences, with examples that the rules themselves work out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.rules.engagement.signin import sign_in_reward
from shop.rules.points.earning import purchase_awards
from shop.rules.points.expiry import NEVER, expires_at
from shop.rules.points.redeeming import offset_limits
from shop.rules.rulebook import SOURCE_CLASSES, Rulebook
from shop.web.filters import points, shop_date, shop_datetime, yuan
from shop.web.numbers import plain_permille
from shop.web.rulebook_words.pieces import SOURCES, expiry_words, rate_words, ratio_words, sources_words

EXAMPLE_CENTS = 12600
PLENTY_OF_POINTS = 1_000_000
DAYS_SHOWN = 7

TITLES: Mapping[str, Any] = {
    "earning": _l("消费得分"),
    "tiers": _l("会员等级"),
    "offset": _l("积分抵现"),
    "expiry": _l("有效期"),
    "signin": _l("签到"),
    "caps": _l("得分上限"),
    "returns": _l("退货退款"),
    "orders": _l("订单时限"),
    "shipping": _l("运费"),
}
SECTIONS = tuple(TITLES)


@dataclass(frozen=True)
class Section:
    """A part of the rulebook.  ``summary`` is its first sentence; ``examples`` are worked out by the rules."""

    code: str
    title: str
    sentences: tuple[str, ...]
    examples: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        return self.sentences[0]


@dataclass(frozen=True)
class WayToEarn:
    """A row of the table "where points come from"."""

    deed: str
    reward: str
    lasts: str


def sections_of(rulebook: Rulebook, at: datetime) -> tuple[Section, ...]:
    """All sections in words, in the order in which people ask.  ``at`` decides which period is open in examples."""
    return tuple(
        Section(
            code=code,
            title=str(TITLES[code]),
            sentences=tuple(WRITERS[code](rulebook)),
            examples=tuple(EXAMPLES[code](rulebook, at)) if code in EXAMPLES else (),
        )
        for code in SECTIONS
    )


def ways_to_earn(rulebook: Rulebook) -> tuple[WayToEarn, ...]:
    """What earns how much and lasts how long."""
    expiry, days = rulebook.expiry, rulebook.signin.day_points
    low, high = points(min(days)), points(max(days))
    daily = _("%(points)s 分", points=low) if low == high else _("%(low)s – %(high)s 分", low=low, high=high)
    buying = rate_words(rulebook.earning.points, rulebook.earning.per_cents)
    return (
        WayToEarn(_("消费，按实付"), buying, expiry_words(expiry.purchase)),
        WayToEarn(_("每天签到"), daily, expiry_words(expiry.interaction)),
        WayToEarn(_("抽奖"), _("看奖品"), expiry_words(expiry.draw)),
        WayToEarn(_("店家发放"), _("看活动"), expiry_words(expiry.grant)),
    )


def _earning(rulebook: Rulebook) -> Iterator[str]:
    rule = rulebook.earning
    yield rate_words(rule.points, rule.per_cents) + (
        _("，运费也算") if rule.includes_shipping else _("，不算运费")
    )
    yield _("积分抵掉的部分不得分；算出来不满一分的去掉。")
    if rule.wait_days:
        yield _("收货满 %(days)s 天到账。", days=rule.wait_days)
    else:
        yield _("收货就到账。")


def _tiers(rulebook: Rulebook) -> Iterator[str]:
    names = [f"{tier.name} {plain_permille(tier.multiplier_permille)}×" for tier in rulebook.tiers]
    yield _("%(count)s 级：", count=len(names)) + " · ".join(names)
    yield _("每实付 1 元得 1 成长值，退款会扣回；花积分不会让成长值变少。")
    for tier in rulebook.tiers:
        times = plain_permille(tier.multiplier_permille)
        yield _("%(tier)s：成长值 %(growth)s 起，消费得分 %(times)s 倍",
                tier=tier.name, growth=points(tier.growth_from), times=times)  # fmt: skip


def _offset(rulebook: Rulebook) -> Iterator[str]:
    rule = rulebook.offset
    if rule.share_percent_max == 0:
        yield _("现在不能用积分抵现金。")
        return
    ratio = ratio_words(rule.points, rule.per_cents)
    yield _("%(ratio)s，最多抵商品现金部分的 %(percent)s%%", ratio=ratio, percent=rule.share_percent_max)
    if rule.step_points > 1:
        yield _("每次用 %(step)s 分的整数倍。", step=points(rule.step_points))
    if rule.points_min:
        yield _("每单至少用 %(points)s 分。", points=points(rule.points_min))
    if rule.points_max is not None:
        yield _("每单最多用 %(points)s 分。", points=points(rule.points_max))
    if rule.cash_cents_min:
        yield _("每单至少付 %(cash)s 现金。", cash=yuan(rule.cash_cents_min))
    for window in rule.windows:
        yield _("「%(name)s」%(start)s 到 %(end)s：%(ratio)s", name=window.name,
                start=shop_datetime(window.starts_at), end=shop_datetime(window.ends_at),
                ratio=ratio_words(window.points, window.per_cents))  # fmt: skip


def _expiry(rulebook: Rulebook) -> Iterator[str]:
    main = expiry_words(rulebook.expiry.purchase)
    yield _("消费所得%(until)s到期，用的时候总是先用快到期的", until=main)
    for name in SOURCE_CLASSES:
        until = expiry_words(rulebook.expiry.policy_for(name))
        yield _("%(source)s得的：%(until)s", source=SOURCES[name], until=until)


def _signin(rulebook: Rulebook) -> Iterator[str]:
    rule = rulebook.signin
    days = " / ".join(points(number) for number in rule.day_points[:DAYS_SHOWN])
    yield _("连续签到每天得：%(days)s", days=days)
    if len(rule.day_points) > DAYS_SHOWN:
        rest = " / ".join(points(number) for number in rule.day_points[DAYS_SHOWN:])
        yield _("第 %(day)s 天起：%(days)s", day=DAYS_SHOWN + 1, days=rest)
    yield _("走完一轮从头再来。") if rule.cycle else _("之后每天都按最后一天算。")
    for milestone in rule.milestones:
        yield _("连续满 %(days)s 天另加 %(points)s 分", days=milestone.days, points=points(milestone.points))
    if rule.milestones:
        yield _("连续奖励每 %(days)s 天一轮。", days=rule.milestone_cycle_days)
    makeup = rule.makeup
    if makeup.per_month:
        yield _("漏了可以补：每月 %(times)s 次，最近 %(days)s 天内，每次用 %(points)s 分。",
                times=makeup.per_month, days=makeup.within_days, points=points(makeup.cost_points))  # fmt: skip


def _caps(rulebook: Rulebook) -> Iterator[str]:
    if not rulebook.caps:
        yield _("没有上限。")
    for cap in rulebook.caps:
        values = {"name": cap.name, "sources": sources_words(cap.classes), "points": points(cap.points)}
        if cap.per == "day":
            yield _("「%(name)s」%(sources)s加起来每天最多 %(points)s 分", **values)
        else:
            yield _("「%(name)s」%(sources)s加起来每月最多 %(points)s 分", **values)


def _returns(rulebook: Rulebook) -> Iterator[str]:
    rule = rulebook.returns
    yield _("用掉的积分退回原来那一批，有效期不变")
    if rule.grace_days:
        yield _("原来那一批已经过期的，再给 %(days)s 天。", days=rule.grace_days)
    else:
        yield _("原来那一批已经过期的，退回来也是过期的。")
    if rule.shortage == "debt":
        yield _("下单得的积分会收回，余额不够时记作欠分，下次得分先抵。")
    else:
        yield _("下单得的积分会收回，余额不够的部分不用还。")


def _orders(rulebook: Rulebook) -> Iterator[str]:
    rule = rulebook.orders
    yield _("下单后 %(minutes)s 分钟内付款，过时自动取消、全部退回", minutes=rule.hold_minutes)
    yield _("发货 %(days)s 天后自动确认收货。", days=rule.receive_after_days)


def _shipping(rulebook: Rulebook) -> Iterator[str]:
    rule = rulebook.shipping
    if rule.fee_cents == 0:
        yield _("全部包邮")
    elif rule.free_from_cents is None:
        yield _("每单运费 %(fee)s", fee=yuan(rule.fee_cents))
    else:
        yield _("运费 %(fee)s，现金部分满 %(from)s 包邮",
                **{"fee": yuan(rule.fee_cents), "from": yuan(rule.free_from_cents)})  # fmt: skip
    if rule.fee_cents and rule.free_for_points_only:
        yield _("只用积分换的包邮。")


def _earning_example(rulebook: Rulebook, _at: datetime) -> Iterator[str]:
    for tier in (rulebook.tiers[0], rulebook.tiers[min(1, len(rulebook.tiers) - 1)]):
        awards = purchase_awards(
            paid_goods_cents=EXAMPLE_CENTS, shipping_cents=0, tier_code=tier.code, rulebook=rulebook
        )
        values = {"tier": tier.name, "cash": yuan(EXAMPLE_CENTS), "total": points(awards.total)}
        if len(awards.awards) > 1:
            parts = " + ".join(points(award.points) for award in awards.awards)
            yield _("%(tier)s会员实付 %(cash)s，得 %(parts)s = %(total)s 分", parts=parts, **values)
        else:
            yield _("%(tier)s会员实付 %(cash)s，得 %(total)s 分", **values)
        if len(rulebook.tiers) == 1:
            return


def _offset_example(rulebook: Rulebook, at: datetime) -> Iterator[str]:
    limits = offset_limits(
        goods_cents=EXAMPLE_CENTS,
        offsettable_cents=EXAMPLE_CENTS,
        points_available=PLENTY_OF_POINTS,
        rulebook=rulebook,
        at=at,
    )
    if limits.points_max:
        yield _("%(cash)s 的商品现在最多用 %(points)s 分，抵 %(off)s", cash=yuan(EXAMPLE_CENTS),
                points=points(limits.points_max), off=yuan(limits.cents_for(limits.points_max)))  # fmt: skip


def _signin_example(rulebook: Rulebook, _at: datetime) -> Iterator[str]:
    total = sum(sign_in_reward(day, rulebook.signin).total for day in range(1, DAYS_SHOWN + 1))
    yield _("连续签到 %(days)s 天，一共得 %(points)s 分", days=DAYS_SHOWN, points=points(total))


def _expiry_example(rulebook: Rulebook, at: datetime) -> Iterator[str]:
    for name in ("purchase", "interaction"):
        end = expires_at(rulebook.expiry.policy_for(name), at, current_app.config["SHOP_ZONE"])
        if end < NEVER:
            yield _("今天%(source)s得的，%(day)s 零点到期", source=SOURCES[name], day=shop_date(end))


Writer = Callable[[Rulebook], Iterator[str]]
WRITERS: Mapping[str, Writer] = {
    "earning": _earning,
    "tiers": _tiers,
    "offset": _offset,
    "expiry": _expiry,
    "signin": _signin,
    "caps": _caps,
    "returns": _returns,
    "orders": _orders,
    "shipping": _shipping,
}
EXAMPLES: Mapping[str, Callable[[Rulebook, datetime], Iterator[str]]] = {
    "earning": _earning_example,
    "offset": _offset_example,
    "expiry": _expiry_example,
    "signin": _signin_example,
}
