"""The rulebook's JSON Schema, for blueprints: what a document may contain."""

from typing import Any

from shop.rules.rulebook import rulebook_schema


def schema_of_rulebook() -> dict[str, Any]:
    """JSON Schema (2020-12) of the rulebook's document."""
    return rulebook_schema()
