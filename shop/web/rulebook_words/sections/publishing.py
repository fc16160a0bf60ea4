"""How the rules themselves change."""

from collections.abc import Iterator

from flask_babel import gettext as _

from shop.rules.rulebook import Rulebook
from shop.web.filters import points


def publishing_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    rule = rulebook.publishing
    yield _("对会员变少的改动，至少提前 %(days)s 天告诉每位会员", days=rule.notice_days)
    yield _("改规则只影响以后，已经到手的积分不变短、不变少。")
    if rule.second_person:
        yield _("每次发布要两个人：一个人写，另一个人批准。")
    if rule.adjustments_second_person_above is not None:
        above = points(rule.adjustments_second_person_above)
        yield _("手工加减积分超过 %(points)s 分，要另一个人批准。", points=above)
