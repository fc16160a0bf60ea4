"""What a field of a request or an answer means: said beside the field, read by the OpenAPI document and the docs page."""

from dataclasses import MISSING, Field, field
from typing import Any


def said(text: Any, example: Any = None, *, default: Any = MISSING) -> Any:
    """A dataclass field with its meaning and an example.  With a default it may be left out of a request."""
    metadata = {"says": text, "example": example}
    return field(metadata=metadata) if default is MISSING else field(default=default, metadata=metadata)


def meaning_of(each: "Field[Any]") -> str:
    """What a field means, in the reader's language; empty when nobody said."""
    return str(each.metadata.get("says", ""))


def example_of(each: "Field[Any]") -> Any:
    """The example of a field, None when there is none."""
    return each.metadata.get("example")
