"""What a value of a typed document may look like, read from the annotations of frozen dataclasses.

A shape reads JSON into a value (noting every fault with its path), writes it back, and describes itself as JSON Schema:
one description, so that parser, exporter and schema cannot disagree.
"""

from dataclasses import MISSING, Field, fields
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from shop.rules.rulebook.limits import Flag, Items
from shop.rules.rulebook.shapes.compound import ListShape, MaybeShape, OneOfShape, RecordShape
from shop.rules.rulebook.shapes.plain import (
    ChoiceShape,
    DayShape,
    FlagShape,
    MomentShape,
    TextShape,
    WholeShape,
)
from shop.rules.rulebook.shapes.reading import FAULTY, Faults, Shape

__all__ = [
    "FAULTY",
    "Faults",
    "ListShape",
    "MaybeShape",
    "OneOfShape",
    "RecordShape",
    "Shape",
    "record_of",
    "shape_of",
]


def record_of(made_of: type[Any]) -> RecordShape:
    """The shape of a dataclass whose fields are annotated with their limits."""
    hints = get_type_hints(made_of, include_extras=True)
    shapes = {each.name: shape_of(hints[each.name]) for each in fields(made_of)}
    return RecordShape(
        made_of, shapes, {each.name: _default(each) for each in fields(made_of) if _has_default(each)}
    )


def shape_of(annotation: Any) -> Shape:
    """The shape that an annotation of a document's dataclass asks for."""
    limits = None
    if get_origin(annotation) is Annotated:
        annotation, limits = get_args(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (UnionType, Union):  # a Literal or nothing is a Union, a class or nothing a UnionType
        return _union_shape(arguments, limits)
    if origin is tuple:
        assert isinstance(limits, Items)
        return ListShape(shape_of(arguments[0]), limits)
    if origin is Literal:
        return ChoiceShape(arguments)
    return _plain_shape(annotation, limits)


def _union_shape(arguments: tuple[Any, ...], limits: Any) -> Shape:
    """A value or nothing, or one of several dataclasses."""
    inner = [part for part in arguments if part is not NoneType]
    shape = shape_of(Annotated[inner[0], limits]) if len(inner) == 1 else _one_of(inner)
    return MaybeShape(shape) if len(inner) < len(arguments) else shape


def _one_of(made_of: list[type[Any]]) -> OneOfShape:
    kinds: dict[str, RecordShape] = {}
    for each in made_of:
        (kind,) = get_args(get_type_hints(each)["kind"])
        kinds[kind] = record_of(each)
    return OneOfShape(kinds)


def _plain_shape(annotation: Any, limits: Any) -> Shape:
    if annotation is bool:
        return FlagShape(limits.more_is if isinstance(limits, Flag) else None)
    if annotation is int:
        return WholeShape(limits)
    if annotation is str:
        return TextShape(limits)
    if annotation is datetime:
        return MomentShape()
    if annotation is date:
        return DayShape()
    return record_of(annotation)


def _has_default(each: "Field[Any]") -> bool:
    return each.default is not MISSING or each.default_factory is not MISSING


def _default(each: "Field[Any]") -> Any:
    return each.default if each.default_factory is MISSING else each.default_factory()
