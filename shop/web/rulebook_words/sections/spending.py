"""What points buy, and how long they last."""

from collections.abc import Iterator
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from shop.queries.catalogue.categories import category_names
from shop.rules.points.expiry import NEVER, expires_at
from shop.rules.points.redeeming import offset_limits
from shop.rules.rulebook import SOURCE_CLASSES, OffsetWindow, Rulebook
from shop.web.filters import points, shop_date, shop_datetime, yuan
from shop.web.rulebook_words.pieces import SOURCES, expiry_words, ratio_words

EXAMPLE_CENTS = 12600
PLENTY_OF_POINTS = 1_000_000


def offset_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
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
    if rule.pays_shipping:
        yield _("运费也能用积分抵，和商品合起来算。")
    for window in rule.windows:
        said = _("「%(name)s」%(start)s 到 %(end)s：%(ratio)s", name=window.name,
                 start=shop_datetime(window.starts_at), end=shop_datetime(window.ends_at),
                 ratio=ratio_words(window.points, window.per_cents))  # fmt: skip
        yield _("，").join((said, *_asked_by(window, rulebook)))


def _asked_by(window: OffsetWindow, rulebook: Rulebook) -> Iterator[str]:
    """For whom and for what a window is."""
    if window.tiers:
        names = {tier.code: tier.name for tier in rulebook.tiers}
        yield _("只给%(tiers)s", tiers=_("、").join(names.get(code, code) for code in window.tiers))
    if window.categories:
        names = category_names()
        goods = _("、").join(names.get(slug, slug) for slug in window.categories)
        yield _("只在商品都是「%(goods)s」的时候", goods=goods)


def expiry_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    main = expiry_words(rulebook.expiry.purchase)
    yield _("消费所得%(until)s到期，用的时候总是先用快到期的", until=main)
    for name in SOURCE_CLASSES:
        until = expiry_words(rulebook.expiry.policy_for(name))
        yield _("%(source)s得的：%(until)s", source=SOURCES[name], until=until)


def reminders_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    rule = rulebook.reminders
    ahead = _("、").join(str(days) for days in rule.days)
    yield _("积分到期前 %(days)s 天会提醒你", days=ahead)
    yield _("没有提前至少 %(days)s 天提醒过的积分不会过期，会往后延。", days=rule.notice_days_min)


def worth_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    stated = rulebook.worth.points_per_yuan
    if stated is None:
        yield _("店里按积分抵现的比例给商品定积分价")
    else:
        yield _("店里按 %(points)s 积分算 1 元给商品定积分价", points=points(stated))


def offset_example(rulebook: Rulebook, at: datetime) -> Iterator[str]:
    """An example that the rules work out."""
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


def expiry_example(rulebook: Rulebook, at: datetime) -> Iterator[str]:
    """An example that the rules work out."""
    for name in ("purchase", "interaction"):
        end = expires_at(rulebook.expiry.policy_for(name), at, current_app.config["SHOP_ZONE"])
        if end < NEVER:
            yield _("今天%(source)s得的，%(day)s 零点到期", source=SOURCES[name], day=shop_date(end))
