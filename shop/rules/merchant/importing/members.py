"""Members with their balances.  Several rows of one phone are one member with several lots."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from shop.rules.merchant.importing.cells import day, last_day_of_points, line_of_text, whole_number
from shop.rules.merchant.importing.fields import LOTS
from shop.rules.merchant.importing.rows import Cells, RowsRead, row_numbers, unheard, years_before

NAME_MAX = 20
POINTS_MAX = 10_000_000
GROWTH_MAX = 100_000_000
OLDEST_YEARS = 120
ReadPhone = Callable[[str], str | None]


@dataclass(frozen=True)
class BroughtLot:
    """Points that end together.  ``last_on`` None: the rulebook decides."""

    points: int
    last_on: date | None


@dataclass(frozen=True)
class MemberRow:
    """One good row.  What is None or empty was not said."""

    number: int
    phone: str
    name: str
    birthday: date | None
    tier_code: str | None
    growth: int | None
    joined_on: date | None
    lots: tuple[BroughtLot, ...]

    @property
    def person(self) -> tuple[object, ...]:
        return self.name, self.birthday, self.tier_code, self.growth, self.joined_on

    @property
    def points(self) -> int:
        return sum(lot.points for lot in self.lots)


@dataclass(frozen=True)
class Bounds:
    """What is known of the shop: its day, and the tiers by everything they are called."""

    today: date
    tiers: Mapping[str, str]


def read_members(
    rows: Sequence[Sequence[str]],
    fields: Sequence[str],
    bounds: Bounds,
    read_phone: ReadPhone,
    watch: Callable[[int], None] = unheard,
) -> RowsRead[MemberRow]:
    """Read every row.  A row with a fault is not good; the others do not care.  ``watch`` hears of each."""
    result: RowsRead[MemberRow] = RowsRead()
    firsts: dict[str, MemberRow] = {}
    seen: dict[tuple[str, tuple[BroughtLot, ...]], int] = {}
    for number, row in row_numbers(rows):
        watch(number)
        cells = Cells.of(number, row, fields)
        read = _read(cells, bounds, read_phone)
        if not cells.faults:
            _compare(cells, read, firsts, seen)
        if cells.faults:
            result.faults += cells.faults
        else:
            result.good.append(read)
    return result


def _read(cells: Cells, bounds: Bounds, read_phone: ReadPhone) -> MemberRow:
    past = partial(day, first=years_before(bounds.today, OLDEST_YEARS), last=bounds.today)
    return MemberRow(
        number=cells.number,
        phone=phone_of(cells, read_phone),
        name=cells.read("name", partial(line_of_text, high=NAME_MAX)) or "",
        birthday=cells.read("birthday", past),
        tier_code=_tier(cells, bounds),
        growth=cells.read("growth", partial(whole_number, high=GROWTH_MAX)),
        joined_on=cells.read("joined_on", past),
        lots=tuple(lot for suffix in LOTS if (lot := _lot(cells, suffix, bounds))),
    )


def phone_of(cells: Cells, read_phone: ReadPhone) -> str:
    """The phone in its international form; a fault when there is none."""
    text = cells.text("phone")
    phone = read_phone(text) if text else None
    if phone is None:
        cells.refuse("phone", "not_a_phone" if text else "phone_missing")
    return phone or ""


def _tier(cells: Cells, bounds: Bounds) -> str | None:
    text = cells.text("tier")
    if text and text.lower() not in bounds.tiers:
        cells.refuse("tier", "unknown_tier")
    return bounds.tiers.get(text.lower()) if text else None


def _lot(cells: Cells, suffix: str, bounds: Bounds) -> BroughtLot | None:
    points = cells.read(f"points{suffix}", partial(whole_number, high=POINTS_MAX))
    if not points:
        return None
    last_on = cells.read(f"expires_on{suffix}", partial(last_day_of_points, today=bounds.today))
    return BroughtLot(points, last_on)


def _compare(
    cells: Cells,
    read: MemberRow,
    firsts: dict[str, MemberRow],
    seen: dict[tuple[str, tuple[BroughtLot, ...]], int],
) -> None:
    """A phone may come again with another lot; with other words about the person, or the same lot, it is a mistake."""
    first = firsts.setdefault(read.phone, read)
    if first is not read and any(
        said and said != known for said, known in zip(read.person, first.person, strict=True)
    ):
        cells.refuse("phone", "contradicts", other=first.number)
        return
    earlier = seen.setdefault((read.phone, read.lots), read.number)
    if earlier != read.number:
        cells.refuse("phone", "repeated", other=earlier)
