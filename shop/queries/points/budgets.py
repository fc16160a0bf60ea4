"""Rules that have given away all that they may (E23): nobody is promised anything by them any more."""

from datetime import datetime

from shop.books.points.facts import out_of_budget
from shop.books.rulebooks import occasion_at
from shop.rules.rulebook import Rule

__all__ = ["Rule", "used_up_rules"]


def used_up_rules(now: datetime) -> tuple[Rule, ...]:
    """The rules in force whose budget is used up; none in a shop without rules."""
    try:
        rules = occasion_at(now).rulebook.rules
    except LookupError:
        return ()
    closed = out_of_budget(rules)
    return tuple(rule for rule in rules if rule.code in closed)
