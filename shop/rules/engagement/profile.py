"""When a profile is full."""

from collections.abc import Mapping

from shop.rules.rulebook.sections.people import ProfileRule

GENDERS = ("female", "male", "other")
SKIN_TYPES = ("dry", "oily", "combination", "normal", "sensitive")
FIXED_CHOICES: Mapping[str, tuple[str, ...]] = {"gender": GENDERS, "skin_type": SKIN_TYPES}
APART = frozenset({"name", "birthday"})
"""What has a form of its own, with its own limits."""


def asked_for(rule: ProfileRule) -> tuple[str, ...]:
    """The codes of everything that belongs to a full profile, in order."""
    return (*rule.fields, *(each.code for each in rule.own))


def missing_from(filled: Mapping[str, str | None], rule: ProfileRule) -> tuple[str, ...]:
    """What is not filled yet.  An answer that is no longer offered does not count."""
    offered = {**FIXED_CHOICES, **{each.code: each.choices for each in rule.own}}
    return tuple(
        code
        for code in asked_for(rule)
        if not filled.get(code) or (code in offered and filled[code] not in offered[code])
    )


def is_full(filled: Mapping[str, str | None], rule: ProfileRule) -> bool:
    """Whether everything is filled; a shop that asks for nothing has no full profiles."""
    return bool(asked_for(rule)) and not missing_from(filled, rule)
