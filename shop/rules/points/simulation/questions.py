"""What a rulebook has to be told before it can decide: found out once for each rulebook of a replay."""

from dataclasses import dataclass

from shop.rules.points.occurrences import CountAsked, asks_for_month, multiplies_sign_ins, questions_of
from shop.rules.rulebook import Rule, Rulebook, SourceClass


@dataclass(frozen=True, slots=True)
class Questions:
    """The counts that its rules ask for, by event the rules that may give nothing more, and what has caps."""

    rulebook: Rulebook
    counts: frozenset[CountAsked]
    asks_for_month: bool
    multiplies_sign_ins: bool
    limited: dict[str, tuple[Rule, ...]]
    capped: frozenset[SourceClass]


def questions_for(rulebook: Rulebook) -> Questions:
    """Look through all rules."""
    limited: dict[str, tuple[Rule, ...]] = {}
    for rule in rulebook.rules:
        if rule.times is not None or rule.budget_points is not None:
            limited[rule.event] = (*limited.get(rule.event, ()), rule)
    return Questions(
        rulebook,
        questions_of(rulebook),
        asks_for_month(rulebook),
        multiplies_sign_ins(rulebook),
        limited,
        frozenset(source_class for cap in rulebook.caps for source_class in cap.classes),
    )
