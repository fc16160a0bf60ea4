"""Shapes made of other shapes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shop.rules.faults import fault
from shop.rules.rulebook.limits import Items, MoreIs
from shop.rules.rulebook.shapes.reading import FAULTY, Faults, Shape, join, refuse


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
            return refuse(faults, path, "not_a_list")
        if len(value) > self.limits.maximum:
            return refuse(faults, path, "too_many_items", maximum=self.limits.maximum)
        if len(value) < self.limits.minimum:
            return refuse(faults, path, "too_few_items", minimum=self.limits.minimum)
        read = tuple(self.of.read(item, f"{path}[{index}]", faults) for index, item in enumerate(value))
        return FAULTY if FAULTY in read else read

    def write(self, value: Any) -> object:
        return [self.of.write(item) for item in value]

    def schema(self) -> dict[str, object]:
        bounds = {"minItems": self.limits.minimum, "maxItems": self.limits.maximum}
        return {"type": "array", "items": self.of.schema(), **bounds}


@dataclass(frozen=True, slots=True)
class RecordShape:
    """A frozen dataclass: every field once, and nothing else.

    A field with a default came later than the first version: a document without it reads as it did before.
    """

    made_of: type[Any]
    shapes: Mapping[str, Shape]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    more_is: MoreIs | None = None

    def read(self, value: object, path: str, faults: Faults) -> Any:
        if not isinstance(value, Mapping):
            return refuse(faults, path, "not_an_object")
        values = self.read_fields(value, path, faults)
        return FAULTY if FAULTY in values.values() else self.made_of(**values)

    def read_fields(self, value: Mapping[Any, object], path: str, faults: Faults) -> dict[str, Any]:
        """Each field's value or FAULTY, so that a caller may look at the sound ones."""
        for key in value:
            if key not in self.shapes:
                faults.append(fault(join(path, str(key)), "unknown_key"))
        return {
            name: shape.read(value[name], join(path, name), faults)
            if name in value
            else self._absent(name, path, faults)
            for name, shape in self.shapes.items()
        }

    def _absent(self, name: str, path: str, faults: Faults) -> Any:
        if name in self.defaults:
            return self.defaults[name]
        return refuse(faults, join(path, name), "missing")

    def write(self, value: Any) -> object:
        return {name: shape.write(getattr(value, name)) for name, shape in self.shapes.items()}

    def schema(self) -> dict[str, object]:
        return {
            "type": "object",
            "description": " ".join((self.made_of.__doc__ or "").split()),
            "properties": {name: shape.schema() for name, shape in self.shapes.items()},
            "required": [name for name in self.shapes if name not in self.defaults],
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class OneOfShape:
    """One of several dataclasses, told apart by their field ``kind``."""

    kinds: Mapping[str, RecordShape]
    more_is: MoreIs | None = None

    def shape_of(self, value: Any) -> RecordShape:
        """The shape of a value that was read."""
        return self.kinds[value.kind]

    def read(self, value: object, path: str, faults: Faults) -> Any:
        if not isinstance(value, Mapping):
            return refuse(faults, path, "not_an_object")
        kind = value.get("kind")
        if not isinstance(kind, str) or kind not in self.kinds:
            return refuse(faults, join(path, "kind"), "not_a_choice", choices=", ".join(self.kinds))
        return self.kinds[kind].read(value, path, faults)

    def write(self, value: Any) -> object:
        return self.shape_of(value).write(value)

    def schema(self) -> dict[str, object]:
        return {"oneOf": [shape.schema() for shape in self.kinds.values()]}
