"""The OpenAPI 3.1 document, made of the declarations that also read requests and write answers."""

import re
from dataclasses import fields
from typing import Any

from flask_babel import gettext as _

from shop.rules.rulebook.shapes import ListShape, MaybeShape, RecordShape, Shape, record_of
from shop.web.api.calls import AREAS, CALLS, PREFIX, Call
from shop.web.api.saying import meaning_of
from shop.web.api.scopes import SCOPES
from shop.web.api.writing import Schemas, schema_of

PLACE = re.compile(r"<(?:(int):)?([a-z_]+)>")
KEY_HEADER = "#/components/parameters/IdempotencyKey"
GENERAL_PROBLEMS = ("401", "403", "422", "429", "500", "503")


def openapi_document(origin: str) -> dict[str, Any]:
    """The whole document, in the language of the request; ``origin`` is the shop's address."""
    schemas: Schemas = {"Problem": problem_schema()}
    paths: dict[str, dict[str, Any]] = {}
    for call in CALLS:
        paths.setdefault(template_of(call), {})[call.method.lower()] = _operation(call, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Shifen API",
            "version": "1",
            "description": _("积分商城的 JSON 接口。积分和金额都是整数，金额单位是分。"),
        },
        "servers": [{"url": origin + PREFIX}],
        "tags": [{"name": name, "description": str(words)} for name, words in AREAS.items()],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": {"IdempotencyKey": _key_parameter()},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }  # fmt: skip


def template_of(call: Call) -> str:
    """The path as OpenAPI writes it: ``/members/{member_id}``."""
    return PLACE.sub(lambda found: "{" + found[2] + "}", call.path)


def described_schema(shape: RecordShape) -> dict[str, Any]:
    """The schema of a request's dataclass with the meaning of each field."""
    schema: dict[str, Any] = shape.schema()
    for each in fields(shape.made_of):
        inner = _record_within(shape.shapes[each.name])
        described = schema["properties"][each.name]
        if inner is not None:
            described = _with_record(shape.shapes[each.name], inner)
        if meaning := meaning_of(each):
            described = {**described, "description": meaning}
        if each.name in shape.defaults and shape.defaults[each.name] not in (None, ()):
            described = {**described, "default": shape.defaults[each.name]}
        schema["properties"][each.name] = described
    return schema


def problem_schema() -> dict[str, Any]:
    """A problem document (RFC 9457)."""
    fault = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("path", "code", "message")},
        "required": ["path", "code", "message"],
    }
    return {
        "type": "object",
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "instance": {"type": "string", "format": "uri-reference"},
            "code": {"type": "string"},
            "params": {"type": "object"},
            "errors": {"type": "array", "items": fault},
        },
        "required": ["type", "title", "status", "detail", "instance", "code"],
    }


def _operation(call: Call, schemas: Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": call.name,
        "tags": [call.area],
        "summary": str(call.summary),
        "description": _description(call),
        "parameters": [*_places(call), *_parameters(call)],
        "responses": _responses(call, schemas),
    }
    if call.takes_body:
        schema = described_schema(record_of(call.body)) if call.body else {"type": "object"}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _description(call: Call) -> str:
    parts = [str(call.says)] if str(call.says) else []
    if call.scope:
        parts.append(_("要有「%(scope)s」权限（%(words)s）。", scope=call.scope, words=SCOPES[call.scope]))
    return " ".join(parts)


def _places(call: Call) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "integer" if kind else "string"}}
        for kind, name in PLACE.findall(call.path)
    ]


def _parameters(call: Call) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = []
    if call.query:
        schema = described_schema(record_of(call.query))
        parameters = [
            {"name": name, "in": "query", "required": name in schema["required"], "schema": inner}
            for name, inner in schema["properties"].items()
        ]
    if call.repeats != "read":
        parameters.append({"$ref": KEY_HEADER})
    return parameters


def _responses(call: Call, schemas: Schemas) -> dict[str, Any]:
    schema = schema_of(call.answer, schemas) if call.answer else {"type": "object"}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    told: dict[str, set[str]] = {status: set() for status in GENERAL_PROBLEMS}
    for error in call.problems:
        told.setdefault(str(error.status), set()).add(error.code)
    answers = {
        status: {"description": ", ".join(sorted(codes)) or _("见「出错时」"), "content": problem}
        for status, codes in sorted(told.items())
    }
    good = {"description": str(call.summary), "content": {"application/json": {"schema": schema}}}
    return {str(call.status): good, **answers}


def _key_parameter() -> dict[str, Any]:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": _("重发时带同一个值，得到第一次的回答，只生效一次。会重复生效的请求必须带。"),
        "schema": {"type": "string", "minLength": 1, "maxLength": 100},
    }


def _record_within(shape: Shape) -> RecordShape | None:
    inner = shape
    while isinstance(inner, MaybeShape | ListShape):
        inner = inner.of
    return inner if isinstance(inner, RecordShape) else None


def _with_record(shape: Shape, record: RecordShape) -> dict[str, Any]:
    """The schema of a shape around a record, the record's fields described."""
    if isinstance(shape, MaybeShape):
        return {"anyOf": [_with_record(shape.of, record), {"type": "null"}]}
    if isinstance(shape, ListShape):
        return {**shape.schema(), "items": _with_record(shape.of, record)}
    return described_schema(record)
