"""What the docs page shows of each call: its fields in words, an example that can be pasted, and an example answer."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from shop import errors
from shop.errors import ShopError
from shop.rules.rulebook.shapes import Shape, record_of
from shop.rules.rulebook.shapes.compound import ListShape, MaybeShape, RecordShape
from shop.web.api.calls import AREAS, CALLS, Call
from shop.web.api.openapi import PLACE, template_of
from shop.web.api.saying import example_of, meaning_of
from shop.web.api.writing import example_answer, plain

NUMBER_VARIABLE = re.compile(r'"(\$(?:MEMBER|POINTS|AMOUNT))"')
GENERAL: tuple[type[ShopError], ...] = (
    errors.ApiKeyMissing,
    errors.ApiKeyUnknown,
    errors.ScopeMissing,
    errors.BodyUnreadable,
    errors.BodyInvalid,
    errors.IdempotencyKeyMissing,
    errors.IdempotencyKeyMalformed,
    errors.KeyReused,
    errors.TooManyRequests,
    errors.Busy,
)


@dataclass(frozen=True)
class FieldRow:
    """One field of a request: its path, its kind, whether it must be sent, and what it means."""

    path: str
    kind: str
    is_required: bool
    says: str


@dataclass(frozen=True)
class CallPage:
    """One call of the page."""

    call: Call
    address: str
    fields: tuple[FieldRow, ...]
    curl: str
    answer: str
    gives: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Area:
    """The calls of one area."""

    name: str
    title: str
    calls: tuple[CallPage, ...]


@dataclass(frozen=True)
class ProblemRow:
    """A refusal that programs may meet."""

    code: str
    status: int
    says: str


def areas_of_calls() -> tuple[Area, ...]:
    """Every call, by area."""
    return tuple(
        Area(name, str(title), tuple(_page(call) for call in CALLS if call.area == name))
        for name, title in AREAS.items()
        if any(call.area == name for call in CALLS)
    )


def problem_rows() -> tuple[ProblemRow, ...]:
    """Every refusal that a call declares or that may meet any call, by code."""
    kinds: dict[str, type[ShopError]] = {}
    for error in (*GENERAL, *(each for call in CALLS for each in call.problems)):
        kinds.setdefault(error.code, error)
    return tuple(
        ProblemRow(code, error.status, _without_numbers(error)) for code, error in sorted(kinds.items())
    )


def curl_of(call: Call) -> str:
    """A command to paste into a shell that knows ``$SHOP``, ``$KEY`` and the examples' variables."""
    address = PLACE.sub(lambda found: call.places[found[2]], call.path)
    lines = [f'curl "$SHOP/api/v1{address}{_query(call)}"', '-H "Authorization: Bearer $KEY"']
    if call.method == "PUT" or (call.method == "POST" and not call.takes_body):
        lines.insert(1, f"-X {call.method}")
    if call.repeats == "key":
        lines.append('-H "Idempotency-Key: $(date +%s)-$RANDOM"')
    if call.takes_body:
        lines.append('-H "Content-Type: application/json"')
        lines.append(
            f'-d "{call.example_body}"' if call.example_body else f"-d @- <<JSON\n{example_body(call)}\nJSON"
        )
    return " \\\n  ".join(lines)


def example_body(call: Call) -> str:
    """The example of a body as JSON text; a variable that holds a number stands without quotes."""
    assert call.body is not None
    text = json.dumps(plain(_example(call.body)), ensure_ascii=False, indent=2)
    return NUMBER_VARIABLE.sub(r"\1", text)


def what_it_gives(call: Call) -> tuple[tuple[str, str], ...]:
    """Which field of the answer the examples below use, and under which variable: ``("id", "$MEMBER")``."""
    return tuple((field, f"${variable}") for variable, field in call.gives.items())


def _page(call: Call) -> CallPage:
    rows = tuple(_rows(record_of(call.body), "")) if call.body else ()
    if call.query:
        rows = (*rows, *_rows(record_of(call.query), ""))
    answer = json.dumps(example_answer(call.answer), ensure_ascii=False, indent=2) if call.answer else ""
    return CallPage(call, "/api/v1" + template_of(call), rows, curl_of(call), answer, what_it_gives(call))


def _rows(shape: RecordShape, path: str) -> Iterator[FieldRow]:
    for each in fields(shape.made_of):
        inner = shape.shapes[each.name]
        place = f"{path}{each.name}"
        yield FieldRow(place, _kind(inner), each.name not in shape.defaults, meaning_of(each))
        while isinstance(inner, MaybeShape | ListShape):
            place += "[]" if isinstance(inner, ListShape) else ""
            inner = inner.of
        if isinstance(inner, RecordShape):
            yield from _rows(inner, f"{place}.")


def _kind(shape: Shape) -> str:
    schema: Any = shape.of.schema() if isinstance(shape, MaybeShape) else shape.schema()
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    return str(schema.get("format") or schema.get("type"))


def _query(call: Call) -> str:
    if call.query is None:
        return ""
    example = _example(call.query)
    return "?" + "&".join(f"{name}={value}" for name, value in example.items()) if example else ""


def _example(made_of: Any) -> dict[str, Any]:
    """The examples of a request's fields; a field without one is left out, unless it is an object that must be sent."""
    shape = record_of(made_of)
    example: dict[str, Any] = {}
    for each in fields(made_of):
        inner = shape.shapes[each.name]
        if (value := example_of(each)) is not None:
            example[each.name] = value
        elif isinstance(inner, RecordShape) and each.name not in shape.defaults:
            example[each.name] = _example(inner.made_of)
    return example


def _without_numbers(error: type[ShopError]) -> str:
    """The sentence of a refusal with its numbers left open."""
    return str(error.message) % _Open()


class _Open(dict[str, str]):
    """Stands for numbers that are not known yet."""

    def __missing__(self, name: str) -> str:
        return "…"
