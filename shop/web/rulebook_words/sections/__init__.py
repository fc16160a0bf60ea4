"""Every section of a rulebook as sentences, with examples that the rules themselves work out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.rules.rulebook import Rulebook
from shop.web.filters import points
from shop.web.rulebook_words.pieces import expiry_words, rate_words
from shop.web.rulebook_words.sections.earning import (
    caps_sentences,
    earning_example,
    earning_sentences,
)
from shop.web.rulebook_words.sections.kinds import kinds_sentences
from shop.web.rulebook_words.sections.orders import orders_sentences, returns_sentences, shipping_sentences
from shop.web.rulebook_words.sections.people import (
    newcomer_sentences,
    profile_sentences,
    referral_sentences,
)
from shop.web.rulebook_words.sections.publishing import publishing_sentences
from shop.web.rulebook_words.sections.rules import rules_example, rules_sentences, stacking_sentences
from shop.web.rulebook_words.sections.signin import signin_example, signin_sentences
from shop.web.rulebook_words.sections.spending import (
    expiry_example,
    expiry_sentences,
    offset_example,
    offset_sentences,
    reminders_sentences,
    worth_sentences,
)
from shop.web.rulebook_words.sections.tiers import tier_policy_sentences, tiers_sentences

TITLES: Mapping[str, Any] = {
    "earning": _l("消费得分"),
    "rules": _l("另外的得分规则"),
    "stacking": _l("加倍怎么叠加"),
    "tiers": _l("会员等级"),
    "tier_policy": _l("升级和保级"),
    "offset": _l("积分抵现"),
    "expiry": _l("有效期"),
    "signin": _l("签到"),
    "caps": _l("得分上限"),
    "newcomer": _l("新人礼包"),
    "profile": _l("完善资料"),
    "referral": _l("邀请朋友"),
    "returns": _l("退货退款"),
    "orders": _l("订单时限"),
    "shipping": _l("运费"),
    "publishing": _l("规则怎么改"),
    "reminders": _l("到期提醒"),
    "worth": _l("积分值多少"),
    "kinds": _l("别的积分"),
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


Writer = Callable[[Rulebook], Iterator[str]]
WRITERS: Mapping[str, Writer] = {
    "earning": earning_sentences,
    "rules": rules_sentences,
    "stacking": stacking_sentences,
    "tiers": tiers_sentences,
    "tier_policy": tier_policy_sentences,
    "offset": offset_sentences,
    "expiry": expiry_sentences,
    "signin": signin_sentences,
    "caps": caps_sentences,
    "newcomer": newcomer_sentences,
    "profile": profile_sentences,
    "referral": referral_sentences,
    "returns": returns_sentences,
    "orders": orders_sentences,
    "shipping": shipping_sentences,
    "publishing": publishing_sentences,
    "reminders": reminders_sentences,
    "worth": worth_sentences,
    "kinds": kinds_sentences,
}
EXAMPLES: Mapping[str, Callable[[Rulebook, datetime], Iterator[str]]] = {
    "earning": earning_example,
    "rules": rules_example,
    "offset": offset_example,
    "expiry": expiry_example,
    "signin": signin_example,
}


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


def member_sections(rulebook: Rulebook, at: datetime) -> tuple[Section, ...]:
    """The sections that members read: kinds of points only where there is more than one."""
    return tuple(
        section for section in sections_of(rulebook, at) if section.code != "kinds" or rulebook.kinds
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
