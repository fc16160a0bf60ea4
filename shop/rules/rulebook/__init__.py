"""The rulebook: its sections, its document in and out, its schema, and what changes between two of them."""

from shop.rules.rulebook.changes import Change, changes_between
from shop.rules.rulebook.defaults import DEFAULT_RULEBOOK
from shop.rules.rulebook.parsing import RulebookInvalid, parse_rulebook, rulebook_document, rulebook_schema
from shop.rules.rulebook.sections import (
    SOURCE_CLASSES,
    CapRule,
    EarningRule,
    ExpiryPolicy,
    ExpiryRule,
    MakeUpRule,
    Milestone,
    OffsetRule,
    OffsetWindow,
    OrderRule,
    ReturnRule,
    Rulebook,
    ShippingRule,
    SignInRule,
    SourceClass,
    TierRule,
)

__all__ = [
    "DEFAULT_RULEBOOK",
    "SOURCE_CLASSES",
    "CapRule",
    "Change",
    "EarningRule",
    "ExpiryPolicy",
    "ExpiryRule",
    "MakeUpRule",
    "Milestone",
    "OffsetRule",
    "OffsetWindow",
    "OrderRule",
    "ReturnRule",
    "Rulebook",
    "RulebookInvalid",
    "ShippingRule",
    "SignInRule",
    "SourceClass",
    "TierRule",
    "changes_between",
    "parse_rulebook",
    "rulebook_document",
    "rulebook_schema",
]
