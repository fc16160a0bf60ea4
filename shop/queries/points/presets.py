"""The policies that ship with the mall, and a document checked, for the command line."""

from collections.abc import Mapping
from typing import Any

from shop.queries.points.rulebook import faults_of
from shop.rules.rulebook import rulebook_document
from shop.rules.rulebook.presets import PRESETS

PRESET_NAMES = tuple(PRESETS)


def preset_document(name: str) -> dict[str, Any]:
    """The document of a preset.  Raises KeyError."""
    return rulebook_document(PRESETS[name])


def plain_faults(document: object) -> tuple[str, ...]:
    """Every fault of a document as ``path: code (numbers)``; empty when it is sound."""
    if not isinstance(document, Mapping):
        return ("the document is not a JSON object",)
    return tuple(_plain(fault.path, fault.code, fault.params) for fault in faults_of(document))


def _plain(path: str, code: str, params: Mapping[str, object]) -> str:
    numbers = ", ".join(f"{name}={value}" for name, value in params.items())
    return f"{path}: {code}" + (f" ({numbers})" if numbers else "")
