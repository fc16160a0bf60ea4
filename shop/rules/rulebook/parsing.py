"""A JSON document in, a rulebook out: or every fault it has."""

from collections.abc import Mapping
from typing import Any

from shop.rules.faults import Fault, fault
from shop.rules.rulebook.checks import SECTION_CHECKS, credit_faults
from shop.rules.rulebook.sections import Rulebook
from shop.rules.rulebook.shapes import FAULTY, record_of

RULEBOOK_SHAPE = record_of(Rulebook)
OPTIONAL_SECTIONS = frozenset(RULEBOOK_SHAPE.defaults)
"""Sections that came later than the first version: a document may leave them out."""


class RulebookInvalid(Exception):
    """The document is refused whole; ``faults`` names each mistake with its path."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.code}" for fault in faults))
        self.faults = faults


def parse_rulebook(document: Mapping[str, object]) -> Rulebook:
    """Read a rulebook from its JSON document.

    Raises RulebookInvalid with all faults: of form (keys, types, bounds) everywhere, and of sense in each
    section whose form is right, and between rules and the kinds of points that they credit.
    """
    faults: list[Fault] = []
    if not isinstance(document, Mapping):
        raise RulebookInvalid((fault("", "not_an_object"),))
    sections = RULEBOOK_SHAPE.read_fields(document, "", faults)
    for name, check in SECTION_CHECKS.items():
        if sections[name] is not FAULTY:
            faults.extend(check(sections[name]))
    if FAULTY not in (sections["rules"], sections["kinds"]):
        faults.extend(credit_faults(sections["rules"], sections["kinds"]))
    if faults:
        raise RulebookInvalid(tuple(faults))
    return Rulebook(**sections)


def rulebook_document(rulebook: Rulebook) -> dict[str, Any]:
    """The JSON document of a rulebook; ``parse_rulebook`` reads it back to an equal one."""
    document = RULEBOOK_SHAPE.write(rulebook)
    assert isinstance(document, dict)
    return document


def rulebook_schema() -> dict[str, Any]:
    """JSON Schema of the document.  What spans several fields is checked by ``parse_rulebook`` alone."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rulebook",
        **RULEBOOK_SHAPE.schema(),
    }
