"""What reading a document is about: a place, its faults, and a value or the lack of one."""

from typing import Any, Protocol

from shop.rules.faults import Fault, fault
from shop.rules.rulebook.limits import MoreIs


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


def refuse(faults: Faults, path: str, code: str, **params: int | str) -> _Faulty:
    """Note a fault.  Returns FAULTY, to be passed on."""
    faults.append(fault(path, code, **params))
    return FAULTY


def join(path: str, name: str) -> str:
    """The path of a field inside a place."""
    return f"{path}.{name}" if path else name
