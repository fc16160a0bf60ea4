"""JSON Schema as far as our own documents use it: what is wrong with a value, place by place."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
FORMATS = {"date": date.fromisoformat, "date-time": datetime.fromisoformat, "uri-reference": str}


def mistakes(
    value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], place: str = "$"
) -> Iterator[str]:
    """Every place at which a value is not what its schema says.  A field that no schema names is one, too."""
    if "$ref" in schema:
        yield from mistakes(value, resolved(schema["$ref"], root), root, place)
    if "anyOf" in schema and all(any(mistakes(value, each, root, place)) for each in schema["anyOf"]):
        yield f"{place}: none of the kinds that are possible"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: {value!r} is none of {schema['enum']}"
    if kind := schema.get("type"):
        yield from _of_kind(value, kind, schema, root, place)


def resolved(reference: str, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of a document that a reference names."""
    found: Any = root
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found


def _of_kind(
    value: Any, kind: str, schema: Mapping[str, Any], root: Mapping[str, Any], place: str
) -> Iterator[str]:
    if not isinstance(value, KINDS[kind]) or (kind == "integer" and isinstance(value, bool)):
        yield f"{place}: {value!r} is no {kind}"
    elif kind == "object":
        yield from _of_object(value, schema, root, place)
    elif kind == "array":
        for number, item in enumerate(value):
            yield from mistakes(item, schema.get("items", {}), root, f"{place}[{number}]")
    elif kind == "string" and "format" in schema:
        try:
            FORMATS[schema["format"]](value.replace("Z", "+00:00"))
        except ValueError:
            yield f"{place}: {value!r} is no {schema['format']}"
    elif kind == "integer" and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{place}: {value} is out of bounds"


def _of_object(
    value: dict[str, Any], schema: Mapping[str, Any], root: Mapping[str, Any], place: str
) -> Iterator[str]:
    known = schema.get("properties")
    if known is None:
        return
    yield from (f"{place}: {name} is missing" for name in schema.get("required", ()) if name not in value)
    for name, inner in value.items():
        if name in known:
            yield from mistakes(inner, known[name], root, f"{place}.{name}")
        else:
            yield f"{place}: nobody knows {name}"
