"""Shapes of single values."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shop.rules.rulebook.limits import MoreIs, Text, Whole
from shop.rules.rulebook.shapes.reading import Faults, refuse


@dataclass(frozen=True, slots=True)
class WholeShape:
    """An int; neither a bool nor a float is one."""

    limits: Whole

    @property
    def more_is(self) -> MoreIs | None:
        return self.limits.more_is

    def read(self, value: object, path: str, faults: Faults) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            return refuse(faults, path, "not_a_whole_number")
        if value < self.limits.minimum:
            return refuse(faults, path, "below_minimum", minimum=self.limits.minimum)
        if value > self.limits.maximum:
            return refuse(faults, path, "above_maximum", maximum=self.limits.maximum)
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
        return value if isinstance(value, bool) else refuse(faults, path, "not_yes_or_no")

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
            return refuse(faults, path, "not_a_text")
        if not value.strip():
            return refuse(faults, path, "text_empty")
        if len(value) > self.limits.length_max:
            return refuse(faults, path, "text_too_long", maximum=self.limits.length_max)
        if value != value.strip() or not value.isprintable() or not self._matches(value):
            return refuse(faults, path, "text_malformed")
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
        return refuse(faults, path, "not_a_choice", choices=", ".join(self.choices))

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
            return refuse(faults, path, "not_a_moment")
        return moment

    def write(self, value: Any) -> object:
        return value.isoformat()

    def schema(self) -> dict[str, object]:
        return {"type": "string", "format": "date-time"}


@dataclass(frozen=True, slots=True)
class DayShape:
    """A day of the shop's calendar, as ISO 8601 says it."""

    more_is: MoreIs | None = None

    def read(self, value: object, path: str, faults: Faults) -> Any:
        try:
            day = date.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            day = None
        if day is None or not 2000 <= day.year <= 9000:
            return refuse(faults, path, "not_a_day")
        return day

    def write(self, value: Any) -> object:
        return value.isoformat()

    def schema(self) -> dict[str, object]:
        return {"type": "string", "format": "date"}
