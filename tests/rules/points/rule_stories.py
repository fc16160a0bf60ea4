"""What the tests of rules share: a plain rulebook, a rule in a line, a purchase in a line."""

from dataclasses import replace
from datetime import date

from shop.rules.points.earning import evaluate
from shop.rules.points.occurrences import BoughtLine, MemberFacts, Occurrence
from shop.rules.rulebook import DEFAULT_RULEBOOK, EarningRule, MultiplyEffect, Rule, TierRule
from tests.rules.rulebooks import SHANGHAI, at

TIERS = tuple(
    TierRule(code=code, name=name, growth_from=growth, multiplier_permille=permille)
    for code, name, growth, permille in (
        ("plain", "普通", 0, 1000),
        ("silver", "银卡", 100, 1200),
        ("gold", "金卡", 200, 1500),
        ("diamond", "钻石", 300, 2000),
    )
)
PLAIN = replace(
    DEFAULT_RULEBOOK,
    earning=EarningRule(points=1, per_cents=100, includes_shipping=False, wait_days=0),
    tiers=TIERS,
)
MAY_20 = at("2026-05-20T12:00:00")
KNOWN = {"birthday": date(1990, 5, 18), "birthday_known_on": date(2026, 1, 10)}
DOUBLE = MultiplyEffect(multiplier_permille=2000)


def rule(code: str, effect: object, *conditions: object, **values: object) -> Rule:
    return Rule(code=code, name=f"「{code}」", effect=effect, conditions=conditions, **values)


def book(*rules: Rule, **sections: object):
    return replace(PLAIN, rules=rules, **sections)


def bought(*cents: int, **values: object) -> Occurrence:
    member = MemberFacts(**{"tier_code": "plain", **values.pop("member", {})})
    lines = values.pop("lines", tuple(BoughtLine(cents=each, sku=f"S{n}") for n, each in enumerate(cents)))
    return Occurrence(**{"at": MAY_20, "zone": SHANGHAI, "lines": lines, "member": member, **values})


def points(occurrence: Occurrence, rulebook) -> list[int]:
    return [award.points for award in evaluate(occurrence, rulebook).awards]
