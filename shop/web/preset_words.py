"""The presets in words: a name and one line for each, and its key numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from shop.queries.points.cost import costs_of_rulebook
from shop.rules.rulebook import Rulebook
from shop.rules.rulebook.presets import PRESETS
from shop.web.rulebook_words.costs import share_words
from shop.web.rulebook_words.pieces import expiry_words, rate_words, ratio_words

NAMES: Mapping[str, tuple[Any, Any]] = {
    "default": (lazy_pgettext("preset", "拾分默认"), _l("四级会员，签到有连续奖励，适合先用起来再慢慢改。")),
    "simple": (lazy_pgettext("preset", "最简单"), _l("1 元 1 分，100 分当 10 元，不分等级，永不过期。")),
    "retail": (
        lazy_pgettext("preset", "零售"),
        _l("四张卡，得分省着给，积分跟着年月到期。适合小额多次的店。"),
    ),
    "restaurant": (lazy_pgettext("preset", "餐饮"), _l("结账就到账，下一顿就能用。三级：食客、熟客、常座。")),
    "coffee": (lazy_pgettext("preset", "咖啡"), _l("每天都来的小店：25 分当 1 元，一路攒一杯。")),
    "clothing": (lazy_pgettext("preset", "服装"), _l("退换期过了才到账，每单最多抵三成。")),
    "beauty": (
        lazy_pgettext("preset", "美妆"),
        _l("20 分当 1 元，可以全抵；互动积分 90 天有效，每月最多 300 分。"),
    ),
    "education": (lazy_pgettext("preset", "教育"), _l("学费高，10 元 1 分；重在天天打卡，满 21 天有奖。")),
    "camping": (lazy_pgettext("preset", "露营户外"), _l("一年来几趟也不怕过期：积分两年有效。")),
    "welfare": (lazy_pgettext("preset", "企业福利"), _l("1 分就是 1 元，按名单发，次年底前用完，全额可抵。")),
}


@dataclass(frozen=True)
class PresetInWords:
    """One card of the list.  ``is_dear``: the helper would warn."""

    code: str
    name: str
    line: str
    facts: tuple[str, ...]
    cost: str
    is_dear: bool


def presets_in_words(now: datetime) -> tuple[PresetInWords, ...]:
    """Every preset with its key numbers and what it costs."""
    return tuple(_preset(code, rulebook, now) for code, rulebook in PRESETS.items())


def preset_name(code: str) -> str:
    """What a preset is called."""
    return str(NAMES[code][0])


def _preset(code: str, rulebook: Rulebook, now: datetime) -> PresetInWords:
    costs = costs_of_rulebook(rulebook, now)
    offset = rulebook.offset
    facts = (
        rate_words(rulebook.earning.points, rulebook.earning.per_cents),
        ratio_words(offset.points, offset.per_cents),
        _("%(count)s 级会员", count=len(rulebook.tiers)),
        _("消费所得：%(until)s", until=expiry_words(rulebook.expiry.purchase)),
    )
    name, line = NAMES[code]
    return PresetInWords(code, str(name), str(line), facts, share_words(costs.usual_ppm), costs.is_dear)
