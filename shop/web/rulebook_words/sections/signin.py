"""What signing in pays."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from shop.rules.engagement.signin import sign_in_reward
from shop.rules.rulebook import Rulebook
from shop.web.filters import points
from shop.web.signin_words import after_table, signin_rules

DAYS_SHOWN = 7


def signin_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    rule = rulebook.signin
    days = " / ".join(points(number) for number in rule.day_points[:DAYS_SHOWN])
    yield _("连续签到每天得：%(days)s", days=days)
    if len(rule.day_points) > DAYS_SHOWN:
        rest = " / ".join(points(number) for number in rule.day_points[DAYS_SHOWN:])
        yield _("第 %(day)s 天起：%(days)s", day=DAYS_SHOWN + 1, days=rest)
    if ends := after_table(rule):
        yield ends
    yield from signin_rules(rule)
    makeup = rule.makeup
    if makeup.per_month:
        yield _("漏了可以补：每月 %(times)s 次，最近 %(days)s 天内，每次用 %(points)s 分。",
                times=makeup.per_month, days=makeup.within_days, points=points(makeup.cost_points))  # fmt: skip
    yield _("规则改了，正在走的这一轮（这一周、这个月）还按开始时的规则走完。")


def signin_example(rulebook: Rulebook, _at: datetime) -> Iterator[str]:
    """An example that the rules work out."""
    total = sum(sign_in_reward(day, rulebook.signin).total for day in range(1, DAYS_SHOWN + 1))
    yield _("连续签到 %(days)s 天，一共得 %(points)s 分", days=DAYS_SHOWN, points=points(total))
