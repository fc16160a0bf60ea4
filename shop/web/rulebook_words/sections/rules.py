"""The rules with conditions and effects, how they stack, and an example that the rules work out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from flask import current_app
from flask_babel import gettext as _

from shop.rules.points.earning import evaluate
from shop.rules.points.occurrences import BoughtLine, MemberFacts, Occurrence
from shop.rules.rulebook import Rule, Rulebook
from shop.web.filters import points, yuan
from shop.web.rulebook_words.rule_sentences import rule_sentence

EXAMPLE_CENTS = 39900


def rules_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    if not rulebook.rules:
        yield _("没有另外的得分规则。")
    for rule in rulebook.rules:
        yield _(
            "「%(name)s」%(sentence)s",
            name=rule.name,
            sentence=rule_sentence(rule, rulebook.tiers, rulebook.kinds),
        )


def stacking_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    if rulebook.stacking.between_groups == "multiply":
        yield _("几样加倍碰到一起时相乘；同一组里只算最好的一个。")
    else:
        yield _("几样加倍碰到一起时，各自多得的加起来；同一组里只算最好的一个。")
    if rulebook.stacking.order_points_max is not None:
        yield _("每单最多得 %(points)s 分。", points=points(rulebook.stacking.order_points_max))


def rules_example(rulebook: Rulebook, at: datetime) -> Iterator[str]:
    """For each rule on purchases, what an order of ¥399 earns with it alone, by a member who meets it."""
    for rule in rulebook.rules:
        occurrence = _made_up(rule, rulebook, at)
        earned = evaluate(occurrence, replace(rulebook, rules=(rule,))).awards
        awards = [award for award in earned if award.points_kind == rule.credits]
        if rule.event == "purchase" and any(award.rule == rule.code for award in awards):
            parts = " + ".join(points(award.points) for award in awards)
            total = points(sum(award.points for award in awards))
            kind = rulebook.kind(rule.credits)
            values = {"name": rule.name, "cash": yuan(EXAMPLE_CENTS), "parts": parts, "total": total}
            if kind is None:
                yield _("「%(name)s」实付 %(cash)s：%(parts)s = %(total)s 分", **values)
            else:
                values |= {"unit": kind.unit, "kind": kind.name}
                yield _("「%(name)s」实付 %(cash)s：得 %(total)s %(unit)s%(kind)s", **values)


def _made_up(rule: Rule, rulebook: Rulebook, at: datetime) -> Occurrence:
    """An order of one line, by a member whose birthday is today and known for long."""
    zone = current_app.config["SHOP_ZONE"]
    today: date = at.astimezone(zone).date()
    line = BoughtLine(cents=EXAMPLE_CENTS)
    for condition in rule.conditions:
        if condition.kind == "goods" and not condition.excluded:
            line = BoughtLine(
                cents=EXAMPLE_CENTS,
                sku=next(iter(condition.skus), None),
                category=next(iter(condition.categories), None),
                tags=condition.tags,
            )
    tier = next((c.tiers[0] for c in rule.conditions if c.kind == "tier"), rulebook.tiers[0].code)
    member = MemberFacts(tier_code=tier, birthday=today)
    return Occurrence(event=rule.event, at=at, zone=zone, lines=(line,), member=member)
