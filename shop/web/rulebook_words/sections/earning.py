"""What purchases earn, and how much at most."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from shop.rules.points.earning import purchase_awards
from shop.rules.rulebook import EarningRule, Rulebook
from shop.web.filters import points, yuan
from shop.web.rulebook_words.pieces import rate_words, sources_words

EXAMPLE_CENTS = 12600


def earning_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    rule = rulebook.earning
    yield rate_words(rule.points, rule.per_cents) + (
        _("，运费也算") if rule.includes_shipping else _("，不算运费")
    )
    yield _("积分抵掉的部分不得分；算出来不满一分的去掉。")
    yield _credited_words(rule)


def _credited_words(rule: EarningRule) -> str:
    if rule.credited == "paid":
        if rule.wait_days:
            return _("付款满 %(days)s 天到账。", days=rule.wait_days)
        return _("付款就到账。")
    if rule.wait_days:
        return _("收货满 %(days)s 天到账。", days=rule.wait_days)
    return _("收货就到账。")


def caps_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    if not rulebook.caps:
        yield _("没有上限。")
    for cap in rulebook.caps:
        values = {"name": cap.name, "sources": sources_words(cap.classes), "points": points(cap.points)}
        if cap.per == "day":
            yield _("「%(name)s」%(sources)s加起来每天最多 %(points)s 分", **values)
        else:
            yield _("「%(name)s」%(sources)s加起来每月最多 %(points)s 分", **values)


def earning_example(rulebook: Rulebook, _at: datetime) -> Iterator[str]:
    """An example that the rules work out."""
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
