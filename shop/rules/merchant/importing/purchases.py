"""Purchases of a till: who, how much, which receipt, when and where."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import partial

from shop.rules.merchant.importing.cells import CellRefused, cents, moment
from shop.rules.merchant.importing.members import ReadPhone
from shop.rules.merchant.importing.rows import Cells, RowsRead, row_numbers, unheard

PURCHASE_CENTS_MAX = 100_000_000
RECEIPT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}", re.ASCII)
"""What a till prints as the number of a receipt."""
NUMBER_OF_MEMBER = re.compile(r"[#＃]([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True)
class Till:
    """What is known of the shop: the time in which a purchase can lie, and its stores by name in small letters."""

    first: datetime
    last: datetime
    zone: tzinfo
    stores: Mapping[str, int]


@dataclass(frozen=True)
class PurchaseRow:
    """One good row.  ``phone`` is the member's, or ``#`` and the member's number; ``store_id`` None: no store was said."""

    number: int
    phone: str
    cents: int
    receipt: str
    at: datetime
    store_id: int | None

    @property
    def day(self) -> date:
        """The day on the shop's clock: a receipt's number is unique in its store for that day."""
        return self.at.date()

    @property
    def points(self) -> int:
        """What a purchase earns, only the rules know."""
        return 0


def read_purchases(
    rows: Sequence[Sequence[str]],
    fields: Sequence[str],
    till: Till,
    read_phone: ReadPhone,
    watch: Callable[[int], None] = unheard,
) -> RowsRead[PurchaseRow]:
    """Read every row.  The same receipt of one store and day twice is a mistake, whatever else the rows say."""
    result: RowsRead[PurchaseRow] = RowsRead()
    seen: dict[tuple[int | None, date, str], int] = {}
    for number, row in row_numbers(rows):
        watch(number)
        cells = Cells.of(number, row, fields)
        read = _read(cells, till, read_phone)
        if read is not None:
            earlier = seen.setdefault((read.store_id, read.day, read.receipt), number)
            if earlier != number:
                cells.refuse("receipt", "receipt_repeated", other=earlier)
        if read is None or cells.faults:
            result.faults += cells.faults
        else:
            result.good.append(read)
    return result


def _read(cells: Cells, till: Till, read_phone: ReadPhone) -> PurchaseRow | None:
    """The row; None when a cell of it is bad."""
    who = _member(cells, read_phone)
    paid = cells.read("amount", partial(cents, high=PURCHASE_CENTS_MAX))
    number = cells.read("receipt", _receipt)
    at = cells.read("bought_at", partial(moment, first=till.first, last=till.last, zone=till.zone))
    store = cells.text("store")
    if store and store.lower() not in till.stores:
        cells.refuse("store", "unknown_store")
    for field, code in (
        ("amount", "amount_missing"),
        ("receipt", "receipt_missing"),
        ("bought_at", "moment_missing"),
    ):
        if not cells.text(field):
            cells.refuse(field, code)
    if cells.faults or who is None or paid is None or number is None or at is None:
        return None
    return PurchaseRow(cells.number, who, paid, number, at, till.stores[store.lower()] if store else None)


def _member(cells: Cells, read_phone: ReadPhone) -> str | None:
    text = cells.text("member")
    if numbered := NUMBER_OF_MEMBER.fullmatch(text):
        return f"#{int(numbered[1])}"
    phone = read_phone(text) if text else None
    if phone is None:
        cells.refuse("member", "not_a_member" if text else "member_missing")
    return phone


def _receipt(text: str) -> str:
    if not RECEIPT.fullmatch(text):
        raise CellRefused("not_a_receipt")
    return text
