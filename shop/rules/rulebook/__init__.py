"""The rulebook: its sections, its document in and out, its schema, and what changes between two of them."""

from shop.rules.rulebook import sections
from shop.rules.rulebook.changes import Change, changes_between
from shop.rules.rulebook.defaults import DEFAULT_RULEBOOK
from shop.rules.rulebook.parsing import (
    OPTIONAL_SECTIONS,
    RulebookInvalid,
    parse_rulebook,
    rulebook_document,
    rulebook_schema,
)
from shop.rules.rulebook.sections import *  # noqa: F403 (what a section may say, it lists itself)

__all__ = [
    "DEFAULT_RULEBOOK",
    "OPTIONAL_SECTIONS",
    "Change",
    "RulebookInvalid",
    "changes_between",
    "parse_rulebook",
    "rulebook_document",
    "rulebook_schema",
]
__all__ += sections.__all__
