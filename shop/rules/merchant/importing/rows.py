"""What came of reading a file: the good rows, and what is wrong with the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from shop.rules.merchant.importing.cells import CellRefused

Row = TypeVar("Row")
Value = TypeVar("Value")
SHOWN_MAX = 24
PERSONAL = frozenset({"phone", "name", "member"})
FIRST_DATA_ROW = 2


@dataclass(frozen=True)
class RowFault:
    """One mistake.  ``row`` counts like the spreadsheet does; ``shown`` is the cell, masked where it is personal."""

    row: int
    field: str
    shown: str
    code: str
    params: Mapping[str, int | str]


@dataclass
class RowsRead(Generic[Row]):
    """Good rows in their order, and faults in theirs."""

    good: list[Row] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


@dataclass
class Cells:
    """The cells of one row by field.  Reading one that is bad notes the fault and answers None."""

    number: int
    values: Mapping[str, str]
    faults: list[RowFault] = field(default_factory=list)

    @classmethod
    def of(cls, number: int, row: Sequence[str], fields: Sequence[str]) -> "Cells":
        named = {name: cell for name, cell in zip(fields, row, strict=False) if name}
        return cls(number, named)

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def read(self, name: str, reading: Callable[[str], Value]) -> Value | None:
        """What a cell says; None when it is empty or bad."""
        text = self.text(name)
        if not text:
            return None
        try:
            return reading(text)
        except CellRefused as refused:
            self.refuse(name, refused.code, **refused.params)
            return None

    def refuse(self, name: str, code: str, **params: int | str) -> None:
        """Note what is wrong with a cell."""
        self.faults.append(RowFault(self.number, name, masked(name, self.text(name)), code, params))


def unheard(_number: int) -> None:
    """Nobody wants to know how far the reading is."""


def masked(name: str, text: str) -> str:
    """A cell as it may stand in a report: of a phone and a name only so much that the merchant finds the row."""
    plain = "".join(letter if letter.isprintable() else "·" for letter in text)
    if name in PERSONAL and plain:
        kept = 3 if name in ("phone", "member") and len(plain) > 6 else 1
        return f"{plain[:kept]}{'*' * min(6, max(1, len(plain) - kept))}"
    return plain if len(plain) <= SHOWN_MAX else f"{plain[:SHOWN_MAX]}…"


def row_numbers(rows: Sequence[Sequence[str]]) -> list[tuple[int, Sequence[str]]]:
    """Rows with their numbers in the spreadsheet, without those in which nothing stands."""
    return [(number, row) for number, row in enumerate(rows, FIRST_DATA_ROW) if any(row)]


def years_before(day: date, years: int) -> date:
    """The first of January so many years ago."""
    return date(day.year - years, 1, 1)
