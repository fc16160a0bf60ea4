"""A new version in the words that concern members most: what a hundred yuan earns, what points buy, how long they last.

Sentences say before and after; whatever has no sentence of its own is told by its label.  The numbers come from the same
functions that book the points.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from shop.rules.points.earning import purchase_awards
from shop.rules.rulebook import Rulebook, changes_between
from shop.web.filters import points, yuan
from shop.web.numbers import plain_permille
from shop.web.rulebook_words.changes import ChangeInWords, in_words, names_of
from shop.web.rulebook_words.pieces import SOURCES, expiry_words, ratio_words

A_HUNDRED_YUAN = 10_000
SENTENCES_IN_BOX = 3
EARNING = frozenset({"earning.points", "earning.per_cents"})
RATIO = frozenset({"offset.points", "offset.per_cents"})


def news_sentences(before: Rulebook, after: Rulebook) -> tuple[str, ...]:
    """Every difference that members feel, the ones that concern everybody first."""
    return tuple(_sentences(before, after))


def notice_in_words(before: Rulebook, after: Rulebook, params: Mapping[str, Any]) -> str:
    """The notice in a member's box: the member's own points first, then the first differences."""
    sentences = list(_own_points(params))
    general = [
        sentence
        for sentence in news_sentences(before, after)
        if not sentences or sentence != _ratio_sentence(before, after)
    ]
    sentences += general
    left = len(sentences) - SENTENCES_IN_BOX
    told = _("；").join(sentences[:SENTENCES_IN_BOX])
    if left > 0:
        return _("%(told)s；还有 %(count)s 处，点开看。", told=told, count=left)
    return _("%(told)s。", told=told) if told else _("内容有小的改动，点开看。")


def _own_points(params: Mapping[str, Any]) -> Iterator[str]:
    if {"points", "before_cents", "after_cents"} <= params.keys():
        yield _("你的 %(points)s 积分现在能抵 %(before)s，那天起能抵 %(after)s",
                points=points(params["points"]), before=yuan(params["before_cents"]),
                after=yuan(params["after_cents"]))  # fmt: skip


def _sentences(before: Rulebook, after: Rulebook) -> Iterator[str]:
    changes = [change for change in changes_between(before, after) if change.is_felt]
    names = names_of(before, after)
    told = {change.path for change in changes} & RATIO
    earned = tuple(_earned(rulebook) for rulebook in (before, after))
    if earned[0] != earned[1]:
        told |= EARNING
        yield _("消费 100 元得 %(new)s 分，以前 %(old)s 分", old=points(earned[0]), new=points(earned[1]))
    if told & RATIO:
        yield _ratio_sentence(before, after)
    yield from _tiers(before, after)
    yield from _expiries(before, after)
    for change in changes:
        if change.path not in told and not _is_told(change.path):
            yield _by_label(in_words(change, names=names))


def _earned(rulebook: Rulebook) -> int:
    return purchase_awards(
        paid_goods_cents=A_HUNDRED_YUAN, shipping_cents=0, tier_code=rulebook.tiers[0].code, rulebook=rulebook
    ).total


def _ratio_sentence(before: Rulebook, after: Rulebook) -> str:
    old = ratio_words(before.offset.points, before.offset.per_cents)
    new = ratio_words(after.offset.points, after.offset.per_cents)
    return _("%(new)s，以前 %(old)s", new=new, old=old)


def _tiers(before: Rulebook, after: Rulebook) -> Iterator[str]:
    for tier in after.tiers:
        old = next((each for each in before.tiers if each.code == tier.code), None)
        if old and old.multiplier_permille != tier.multiplier_permille:
            yield _("%(tier)s会员得分 %(new)s 倍，以前 %(old)s 倍", tier=tier.name,
                    new=plain_permille(tier.multiplier_permille),
                    old=plain_permille(old.multiplier_permille))  # fmt: skip


def _expiries(before: Rulebook, after: Rulebook) -> Iterator[str]:
    """Only of points that come later: what a member has keeps its end."""
    for source, name in SOURCES.items():
        old, new = (getattr(rulebook.expiry, source, None) for rulebook in (before, after))
        if old and new and old != new:
            yield _("以后%(source)s得的积分：%(new)s，以前%(old)s", source=name,
                    new=expiry_words(new), old=expiry_words(old))  # fmt: skip


def _is_told(path: str) -> bool:
    if path.startswith("expiry."):
        return True
    return path.endswith("].multiplier_permille") and path.startswith("tiers[")


def _by_label(change: ChangeInWords) -> str:
    if change.old and change.new:
        return _("%(what)s：%(new)s，以前 %(old)s", what=change.label, old=change.old, new=change.new)
    if change.new:
        return _("新增 %(what)s：%(new)s", what=change.label, new=change.new)
    return _("取消 %(what)s：%(old)s", what=change.label, old=change.old)
