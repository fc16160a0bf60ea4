"""Tables from people: CSV in the usual encodings, and XLSX; read as plain text, within bounds, or refused.

Nothing in a file is ever computed: a formula is text like any other, and the rules say which text is refused.
"""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from shop.errors import FileRefused

BYTES_MAX = 10 * 1024 * 1024
UNPACKED_BYTES_MAX = 150 * 1024 * 1024
PARTS_MAX = 500
ROWS_MAX = 50_000
COLUMNS_MAX = 60
CELL_MAX = 300
ENCODINGS = ("utf-8-sig", "gb18030")
SEPARATORS = ",;\t"
ZIP_MAGIC = b"PK\x03\x04"
OLD_EXCEL_MAGIC = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Table:
    """The first row as headers, the others below; every row as wide as the headers, every cell without spaces around it."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_table(raw: bytes) -> Table:
    """Read a CSV (UTF-8 or GB18030) or XLSX file, whatever it is called.  Raises FileRefused."""
    if not raw.strip():
        raise FileRefused("empty")
    if len(raw) > BYTES_MAX:
        raise FileRefused("too_large")
    rows = _xlsx_rows(raw) if raw.startswith(ZIP_MAGIC) else _csv_rows(raw)
    return _table(rows)


def _csv_rows(raw: bytes) -> list[tuple[str, ...]]:
    if raw.startswith(OLD_EXCEL_MAGIC) or b"\0" in raw:
        raise FileRefused("not_a_table")
    text = _decoded(raw)
    first_line = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first_line.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        return _bounded(tuple(row) for row in reader)
    except csv.Error as error:
        raise FileRefused("not_a_table") from error


def _decoded(raw: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("encoding")


def _xlsx_rows(raw: bytes) -> list[tuple[str, ...]]:
    _refuse_bombs(raw)
    try:
        with warnings.catch_warnings(), closing(_workbook(raw)) as workbook:
            warnings.simplefilter("ignore")  # about styles, which nobody looks at
            sheet = workbook.worksheets[0]
            sheet.reset_dimensions()  # what a file says about its own size is not to be believed
            rows = sheet.iter_rows(max_col=COLUMNS_MAX + 1, values_only=True)
            return _bounded(tuple(_plain(cell) for cell in row) for row in rows)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        zlib.error,
        ParseError,
        EOFError,
        OSError,
        ArithmeticError,
        AttributeError,
        IndexError,
        KeyError,
        TypeError,
        ValueError,
    ) as error:
        raise FileRefused("not_a_table") from error


def _workbook(raw: bytes) -> Any:
    return load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)


def _refuse_bombs(raw: bytes) -> None:
    """Look at the archive's directory before unpacking, and at the head of each part: no document types, no entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_BYTES_MAX:
                raise FileRefused("too_large")
            for part in parts:
                with archive.open(part) as content:
                    if b"<!" in content.read(1024).replace(b"<!--", b""):
                        raise FileRefused("not_a_table")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise FileRefused("not_a_table") from error


def _plain(cell: object) -> str:
    """A cell as it would stand in a CSV file."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _bounded(rows: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """The rows, cut off right behind the first that is one too many."""
    kept = [tuple(cell.strip()[:CELL_MAX] for cell in row) for row in islice(rows, ROWS_MAX + 2)]
    while kept and not any(kept[-1]):
        kept.pop()
    return kept


def _table(rows: list[tuple[str, ...]]) -> Table:
    if not rows or not any(rows[0]):
        raise FileRefused("header_missing")
    headers = rows[0]
    width = max(place for place, header in enumerate(headers, 1) if header)
    if width > COLUMNS_MAX:
        raise FileRefused("too_many_columns")
    if len(rows) - 1 > ROWS_MAX:
        raise FileRefused("too_many_rows")
    if len(rows) == 1:
        raise FileRefused("no_rows")
    named = tuple(header[:60] for header in headers[:width])
    return Table(named, tuple((*row[:width], *[""] * (width - len(row))) for row in rows[1:]))
