"""Further kinds of points in sentences."""

from collections.abc import Iterator

from flask_babel import gettext as _

from shop.rules.rulebook import KindRule, Rulebook
from shop.web.rulebook_words.pieces import expiry_words


def kinds_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences: what each kind is called, how it comes, what it buys and how long it lasts."""
    if not rulebook.kinds:
        yield _("只有一种积分。")
        return
    for kind in rulebook.kinds:
        yield _(
            "除了积分，还有「%(kind)s」，按“%(unit)s”数，单独记账，和积分不能互换。",
            kind=kind.name,
            unit=kind.unit,
        )
        yield _coming(kind, rulebook)
        yield _(
            "「%(kind)s」只用来换标价是它的东西，不抵现、不换券、不算等级。有效期：%(expiry)s。",
            kind=kind.name,
            expiry=expiry_words(kind.expiry),
        )


def _coming(kind: KindRule, rulebook: Rulebook) -> str:
    rules = [rule.name for rule in rulebook.rules if rule.credits == kind.code]
    if not rules:
        return _("「%(kind)s」由店家发放。", kind=kind.name)
    return _("「%(kind)s」这样来：%(rules)s。", kind=kind.name, rules=_("、").join(rules))
