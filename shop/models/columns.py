"""Column types and constraints that several tables share."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB

Document = JSON().with_variant(JSONB(), "postgresql")
"""A small JSON document: reasons, a quote, parameters of a message."""

JsonObject = dict[str, Any]


def one_of(column: str, values: Sequence[str]) -> CheckConstraint:
    """A CHECK that a string column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_known")


def not_negative(*columns: str) -> tuple[CheckConstraint, ...]:
    """One CHECK for each column that it is never below zero."""
    return tuple(CheckConstraint(f"{column} >= 0", name=f"{column}_not_negative") for column in columns)
