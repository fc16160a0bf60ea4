"""Points to give: phone, how many, why, and of which class."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from shop.rules.merchant.importing.cells import line_of_text, whole_number
from shop.rules.merchant.importing.members import ReadPhone, phone_of
from shop.rules.merchant.importing.rows import Cells, RowsRead, row_numbers, unheard
from shop.rules.rulebook import SOURCE_CLASSES

GRANT_POINTS_MAX = 1_000_000
REASON_MAX = 200


@dataclass(frozen=True)
class GrantRow:
    """One good row."""

    number: int
    phone: str
    points: int
    reason: str
    source_class: str


def read_grants(
    rows: Sequence[Sequence[str]],
    fields: Sequence[str],
    read_phone: ReadPhone,
    watch: Callable[[int], None] = unheard,
) -> RowsRead[GrantRow]:
    """Read every row.  The same phone may get points for several reasons; exactly the same row twice is a mistake."""
    result: RowsRead[GrantRow] = RowsRead()
    seen: dict[tuple[str, int, str], int] = {}
    for number, row in row_numbers(rows):
        watch(number)
        cells = Cells.of(number, row, fields)
        read = _read(cells, read_phone)
        earlier = seen.setdefault((read.phone, read.points, read.reason), number)
        if earlier != number and not cells.faults:
            cells.refuse("phone", "repeated", other=earlier)
        if cells.faults:
            result.faults += cells.faults
        else:
            result.good.append(read)
    return result


def _read(cells: Cells, read_phone: ReadPhone) -> GrantRow:
    phone = phone_of(cells, read_phone)
    points = cells.read("points", partial(whole_number, high=GRANT_POINTS_MAX)) or 0
    if not points and not cells.faults:
        cells.refuse("points", "points_missing")
    reason = cells.read("reason", partial(line_of_text, high=REASON_MAX)) or ""
    if not reason and not cells.faults:
        cells.refuse("reason", "reason_missing")
    source_class = cells.text("source_class").lower() or "grant"
    if source_class not in SOURCE_CLASSES:
        cells.refuse("source_class", "unknown_class", choices=", ".join(SOURCE_CLASSES))
    return GrantRow(cells.number, phone, points, reason, source_class)
