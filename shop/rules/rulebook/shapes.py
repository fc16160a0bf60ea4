"""What a value of a typed document may look like, read from the annotations of frozen dataclasses.

A shape reads JSON into a value (noting every fault with its path), writes it back, and describes itself as JSON Schema:
one description, so that parser, exporter and schema cannot disagree.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Protocol, get_args, get_origin, get_type_hints

from shop.rules.faults import Fault, fault
from shop.rules.rulebook.limits import Flag, Items, MoreIs, Text, Whole


class _Faulty:
    """Stands for a value that could not be read."""


FAULTY = _Faulty()
Faults = list[Fault]


class Shape(Protocol):
    """Reads, writes and describes one kind of value."""

    @property
    def more_is(self) -> MoreIs | None:
        """Whether a larger value is better or worse for members; None when that depends."""

    def read(self, value: object, path: str, faults: Faults) -> Any:
        """The typed value, or FAULTY after noting why."""

    def write(self, value: Any) -> object:
        """The JSON form of a typed value."""

    def schema(self) -> dict[str, object]:
        """JSON Schema (2020-12)."""


def _refuse(faults: Faults, path: str, code: str, **params: int | str) -> _Faulty:
    faults.append(fault(path, code, **params))
    return FAULTY


@dataclass(frozen=True, slots=True)
class WholeShape:
    """An int; neither a bool nor a float is one."""

    limits: Whole

    @property
    def more_is(self) -> MoreIs | None:
        return self.limits.more_is

    def read(self, value: object, path: str, faults: Faults) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            return _refuse(faults, path, "not_a_whole_number")
        if value < self.limits.minimum:
            return _refuse(faults, path, "below_minimum", minimum=self.limits.minimum)
        if value > self.limits.maximum:
            return _refuse(faults, path, "above_maximum", maximum=self.limits.maximum)
        return value

    def write(self, value: Any) -> object:
        return value

    def schema(self) -> dict[str, object]:
        return {"type": "integer", "minimum": self.limits.minimum, "maximum": self.limits.maximum}


@dataclass(frozen=True, slots=True)
class FlagShape:
    """True or false."""

    more_is: MoreIs | None = None

    def read(self, value: object, path: str, faults: Faults) -> Any:
        return value if isinstance(value, bool) else _refuse(faults, path, "not_yes_or_no")

    def write(self, value: Any) -> object:
        return value

    def schema(self) -> dict[str, object]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class TextShape:
    """A text of limited length, without blanks at its ends."""

    limits: Text
    more_is: MoreIs | None = None

    def read(self, value: object, path: str, faults: Faults) -> Any:
        if not isinstance(value, str):
            return _refuse(faults, path, "not_a_text")
        if not value.strip():
            return _refuse(faults, path, "text_empty")
        if len(value) > self.limits.length_max:
            return _refuse(faults, path, "text_too_long", maximum=self.limits.length_max)
        if value != value.strip() or not value.isprintable() or not self._matches(value):
            return _refuse(faults, path, "text_malformed")
        return value

    def _matches(self, value: str) -> bool:
        return self.limits.pattern is None or re.fullmatch(self.limits.pattern, value) is not None

    def write(self, value: Any) -> object:
        return value

    def schema(self) -> dict[str, object]:
        pattern = {} if self.limits.pattern is None else {"pattern": f"^{self.limits.pattern}$"}
        return {"type": "string", "minLength": 1, "maxLength": self.limits.length_max, **pattern}


@dataclass(frozen=True, slots=True)
class ChoiceShape:
    """One of a few words."""

    choices: tuple[str, ...]
    more_is: MoreIs | None = None

    def read(self, value: object, path: str, faults: Faults) -> Any:
        if isinstance(value, str) and value in self.choices:
            return value
        return _refuse(faults, path, "not_a_choice", choices=", ".join(self.choices))

    def write(self, value: Any) -> object:
        return value

    def schema(self) -> dict[str, object]:
        return {"enum": list(self.choices)}


@dataclass(frozen=True, slots=True)
class MomentShape:
    """A moment with its offset from UTC, as ISO 8601 says it; the offset typed is kept."""

    more_is: MoreIs | None = None

    def read(self, value: object, path: str, faults: Faults) -> Any:
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            moment = None
        if moment is None or moment.utcoffset() is None or not 2000 <= moment.year <= 9000:
            return _refuse(faults, path, "not_a_moment")
        return moment

    def write(self, value: Any) -> object:
        return value.isoformat()

    def schema(self) -> dict[str, object]:
        return {"type": "string", "format": "date-time"}


@dataclass(frozen=True, slots=True)
class MaybeShape:
    """A value or nothing."""

    of: Shape

    @property
    def more_is(self) -> MoreIs | None:
        return self.of.more_is

    def read(self, value: object, path: str, faults: Faults) -> Any:
        return None if value is None else self.of.read(value, path, faults)

    def write(self, value: Any) -> object:
        return None if value is None else self.of.write(value)

    def schema(self) -> dict[str, object]:
        return {"anyOf": [self.of.schema(), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list, read into a tuple."""

    of: Shape
    limits: Items

    @property
    def more_is(self) -> MoreIs | None:
        return self.limits.more_is

    def read(self, value: object, path: str, faults: Faults) -> Any:
        if not isinstance(value, list | tuple):
            return _refuse(faults, path, "not_a_list")
        if len(value) > self.limits.maximum:
            return _refuse(faults, path, "too_many_items", maximum=self.limits.maximum)
        if len(value) < self.limits.minimum:
            return _refuse(faults, path, "too_few_items", minimum=self.limits.minimum)
        read = tuple(self.of.read(item, f"{path}[{index}]", faults) for index, item in enumerate(value))
        return FAULTY if FAULTY in read else read

    def write(self, value: Any) -> object:
        return [self.of.write(item) for item in value]

    def schema(self) -> dict[str, object]:
        bounds = {"minItems": self.limits.minimum, "maxItems": self.limits.maximum}
        return {"type": "array", "items": self.of.schema(), **bounds}


@dataclass(frozen=True, slots=True)
class RecordShape:
    """A frozen dataclass: every field once, and nothing else."""

    made_of: type[Any]
    shapes: Mapping[str, Shape]
    more_is: MoreIs | None = None

    def read(self, value: object, path: str, faults: Faults) -> Any:
        if not isinstance(value, Mapping):
            return _refuse(faults, path, "not_an_object")
        values = self.read_fields(value, path, faults)
        return FAULTY if FAULTY in values.values() else self.made_of(**values)

    def read_fields(self, value: Mapping[Any, object], path: str, faults: Faults) -> dict[str, Any]:
        """Each field's value or FAULTY, so that a caller may look at the sound ones."""
        for key in value:
            if key not in self.shapes:
                faults.append(fault(_join(path, str(key)), "unknown_key"))
        return {
            name: shape.read(value[name], _join(path, name), faults)
            if name in value
            else _refuse(faults, _join(path, name), "missing")
            for name, shape in self.shapes.items()
        }

    def write(self, value: Any) -> object:
        return {name: shape.write(getattr(value, name)) for name, shape in self.shapes.items()}

    def schema(self) -> dict[str, object]:
        return {
            "type": "object",
            "description": " ".join((self.made_of.__doc__ or "").split()),
            "properties": {name: shape.schema() for name, shape in self.shapes.items()},
            "required": list(self.shapes),
            "additionalProperties": False,
        }


def record_of(made_of: type[Any]) -> RecordShape:
    """The shape of a dataclass whose fields are annotated with their limits."""
    hints = get_type_hints(made_of, include_extras=True)
    return RecordShape(made_of, {field.name: shape_of(hints[field.name]) for field in fields(made_of)})


def shape_of(annotation: Any) -> Shape:
    """The shape that an annotation of a document's dataclass asks for."""
    limits = None
    if get_origin(annotation) is Annotated:
        annotation, limits = get_args(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is UnionType:
        (inner,) = (part for part in arguments if part is not NoneType)
        return MaybeShape(shape_of(Annotated[inner, limits]))
    if origin is tuple:
        assert isinstance(limits, Items)
        return ListShape(shape_of(arguments[0]), limits)
    if origin is Literal:
        return ChoiceShape(arguments)
    return _plain_shape(annotation, limits)


def _plain_shape(annotation: Any, limits: Any) -> Shape:
    if annotation is bool:
        return FlagShape(limits.more_is if isinstance(limits, Flag) else None)
    if annotation is int:
        return WholeShape(limits)
    if annotation is str:
        return TextShape(limits)
    if annotation is datetime:
        return MomentShape()
    return record_of(annotation)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
