"""Reading what a program sent, strictly: a number is a number, an unknown field is a fault, and faults have a path."""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from shop.errors import BodyInvalid, BodyUnreadable
from shop.rules.faults import Fault, fault
from shop.rules.rulebook.shapes import FAULTY, MaybeShape, RecordShape, Shape, record_of
from shop.rules.rulebook.shapes.plain import WholeShape

BODY_BYTES_MAX = 256 * 1024
DIGITS = re.compile(r"[0-9]{1,10}", re.ASCII)
Made = TypeVar("Made")


def shape_of_body(made_of: Any) -> RecordShape:
    """The shape of a request's dataclass, worked out once."""
    shape: RecordShape = _kept_shape(made_of)
    return shape


_kept_shape = cache(record_of)


def body_document() -> dict[str, Any]:
    """The JSON object that was sent.  Raises BodyUnreadable, and UnsupportedMediaType for anything that is not JSON.

    A key that stands twice in one object, NaN and the like are refused: no two programs would read them alike.
    """
    raw = request.get_data(cache=True)
    if raw and not request.is_json:
        raise UnsupportedMediaType
    try:
        document = json.loads(raw, object_pairs_hook=_object, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BodyUnreadable from error
    if not isinstance(document, dict):
        raise BodyUnreadable
    return document


def read_body(made_of: type[Made], document: Mapping[str, Any]) -> Made:
    """The typed body.  Raises BodyInvalid with every fault."""
    read: Made = _read(shape_of_body(made_of), document)
    return read


def read_query(made_of: type[Made]) -> Made:
    """The typed parameters of the address, each at most once.  Raises BodyInvalid with every fault."""
    shape = shape_of_body(made_of)
    faults = [
        fault(name, "too_many_items", maximum=1) for name, values in request.args.lists() if len(values) > 1
    ]
    if faults:
        raise BodyInvalid(tuple(faults))
    typed = {name: _typed(shape, name, text) for name, text in request.args.items()}
    read: Made = _read(shape, typed)
    return read


def hash_of_request(document: Mapping[str, Any]) -> str:
    """What makes two requests the same: method, address and content, however the content was spaced."""
    content = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{request.method} {request.path}\n{content}".encode()).hexdigest()


def _read(shape: RecordShape, document: Mapping[str, Any]) -> Any:
    faults: list[Fault] = []
    read = shape.read(document, "", faults)
    if faults or read is FAULTY:
        raise BodyInvalid(tuple(faults))
    return read


def _typed(shape: RecordShape, name: str, text: str) -> object:
    """A parameter of the address is text; where a whole number is asked for, its digits are one."""
    inner: Shape | None = shape.shapes.get(name)
    if isinstance(inner, MaybeShape):
        inner = inner.of
    return int(text) if isinstance(inner, WholeShape) and DIGITS.fullmatch(text) else text


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def faulty_phone(path: str) -> Fault:
    """The fault of a text that is no phone number."""
    return fault(path, "text_malformed")


def unknown_choice(path: str, choices: str) -> Fault:
    """The fault of a number that names nothing which may be chosen."""
    return fault(path, "not_a_choice", choices=choices)
