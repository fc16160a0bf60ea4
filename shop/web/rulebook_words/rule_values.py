"""Parts of a rule as a person reads them, from the document: for differences between two versions."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from shop.rules.rulebook import Condition, Effect, ExpiryPolicy, Rule, Times
from shop.rules.rulebook.shapes import Shape, shape_of
from shop.web.rulebook_words.pieces import expiry_words
from shop.web.rulebook_words.rule_sentences import condition_words, effect_words, rule_sentence, times_words

CONDITION = shape_of(Condition)
PARTS: Mapping[str, tuple[Shape, Callable[[Any], str]]] = {
    "rules[]": (shape_of(Rule), rule_sentence),
    "rules[].effect": (shape_of(Effect), effect_words),
    "rules[].expiry": (shape_of(ExpiryPolicy), expiry_words),
    "rules[].times": (shape_of(Times), times_words),
}


def rule_part_words(shape: str, value: Any) -> str | None:
    """A rule or a part of one in words; None when the place is another.  ``shape`` is a path without its keys."""
    if shape == "rules[].conditions":
        parts = [condition_words(CONDITION.read(each, "", [])) for each in value]
        return _("，").join(parts) or _("没有")
    if shape not in PARTS:
        return None
    reader, words = PARTS[shape]
    return words(reader.read(value, "", []))
