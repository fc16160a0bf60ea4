"""Writing answers: frozen dataclasses become JSON, and describe themselves as JSON Schema."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from flask_babel import lazy_gettext as _l

from shop.web.api.saying import example_of, meaning_of, said

CURRENCY = "CNY"
Schemas = dict[str, dict[str, Any]]
PLAIN: Mapping[Any, dict[str, Any]] = {
    int: {"type": "integer"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    Any: {},
}


@dataclass(frozen=True, kw_only=True)
class Money:
    """A sum of money."""

    amount: int = said(_l("金额，单位是分"), 1990)
    currency: Literal["CNY"] = said(_l("币种"), CURRENCY)


def money(cents: int) -> Money:
    """So many cents of the shop's currency."""
    return Money(amount=cents, currency="CNY")


def to_json(value: Any) -> str:
    """The text that is sent.  A lone surrogate, which only a hostile request can bring, is written as its escape."""
    text = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode()


def plain(value: Any) -> Any:
    """A value as JSON knows it: moments in UTC, days as ISO 8601."""
    if isinstance(value, int | str | float | None):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    return str(value)  # a sentence that waits for its language


def schema_of(annotation: Any, schemas: Schemas) -> dict[str, Any]:
    """The schema of an answer's annotation; dataclasses are collected in ``schemas`` and referred to."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is UnionType:
        inner = [schema_of(part, schemas) for part in arguments if part is not NoneType]
        return {"anyOf": [*inner, {"type": "null"}]}
    if origin is tuple:
        return {"type": "array", "items": schema_of(arguments[0], schemas)}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is not None:
        return {"type": "object"}
    if is_dataclass(annotation):
        return _reference(annotation, schemas)
    return dict(PLAIN[annotation])


def _reference(made_of: Any, schemas: Schemas) -> dict[str, Any]:
    name = made_of.__name__
    if name not in schemas:
        schemas[name] = {}
        hints = get_type_hints(made_of)
        schemas[name] |= {
            "type": "object",
            "properties": {
                each.name: _described(schema_of(hints[each.name], schemas), meaning_of(each))
                for each in fields(made_of)
            },
            "required": [each.name for each in fields(made_of)],
        }
    return {"$ref": f"#/components/schemas/{name}"}


def _described(schema: dict[str, Any], meaning: str) -> dict[str, Any]:
    return {**schema, "description": meaning} if meaning else schema


def example_answer(made_of: Any) -> Any:
    """An answer of the examples that stand beside its fields."""
    hints = get_type_hints(made_of)
    return {each.name: _example(hints[each.name], example_of(each)) for each in fields(made_of)}


def _example(annotation: Any, example: Any) -> Any:
    if example is not None:
        return plain(example)
    if is_dataclass(annotation):
        return example_answer(annotation)
    arguments = get_args(annotation)
    if get_origin(annotation) is tuple:
        return [example_answer(arguments[0])] if is_dataclass(arguments[0]) else []
    if get_origin(annotation) is UnionType and is_dataclass(arguments[0]):
        return example_answer(arguments[0])
    return None
