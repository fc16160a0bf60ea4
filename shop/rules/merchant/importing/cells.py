"""One cell: read strictly.  What moves points is never guessed."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo

FOREVER = date.max
"""The last day of points that do not end."""

WHOLE = re.compile(r"[0-9]{1,12}", re.ASCII)
GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+", re.ASCII)
DAY = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?",  # other systems like to add midnight
    re.ASCII,
)
CLOCK = re.compile(r"(\S+)[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?", re.ASCII)
YUAN = re.compile(r"[¥￥]?\s*([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]{1,2}))?\s*元?", re.ASCII)
WORDS_FOR_EVER = frozenset({"永久", "永久有效", "长期", "长期有效", "不过期", "never", "forever"})
FORMULA = ("=", "+", "-", "@")
JOINER = "\u200d"
FIRST_YEAR, LAST_YEAR = 1900, 9000


class CellRefused(Exception):
    """Why a cell cannot be read: a code and its numbers, for the report."""

    def __init__(self, code: str, **params: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, int | str] = params


def whole_number(text: str, *, high: int) -> int:
    """A whole number from 0 to ``high``; 1,234 may be grouped.  Raises CellRefused."""
    if re.fullmatch(r"-\s*[0-9.,]+", text, re.ASCII):
        raise CellRefused("negative")
    plain = text.replace(",", "") if GROUPED.fullmatch(text) else text
    if not WHOLE.fullmatch(plain):
        raise CellRefused("not_whole")
    if int(plain) > high:
        raise CellRefused("too_large", maximum=high)
    return int(plain)


def day(text: str, *, first: date, last: date) -> date:
    """A day such as 2026-02-28, 2026/2/28, 20260228 or 2026 年; an hour behind it is dropped.  Raises CellRefused."""
    found = DAY.fullmatch(text)
    if not found:
        raise CellRefused("not_a_day")
    year, _mark, *parts = found.groups()
    month, of_month = (int(part) for part in parts if part)
    try:
        read = date(int(year), month, of_month)
    except ValueError as error:
        raise CellRefused("no_such_day") from error
    if not first <= read <= last:
        raise CellRefused("day_out_of_range", first=first.isoformat(), last=last.isoformat())
    return read


def last_day_of_points(text: str, *, today: date) -> date:
    """The last day on which points can be used, FOREVER for those that do not end.  Raises CellRefused."""
    if text.lower() in WORDS_FOR_EVER:
        return FOREVER
    read = day(text, first=date(FIRST_YEAR, 1, 1), last=date.max)
    if read < today:
        raise CellRefused("already_expired")
    return FOREVER if read.year >= LAST_YEAR else read


def line_of_text(text: str, *, high: int) -> str:
    """A line that people will read: no formula, no invisible signs, not too long.  Raises CellRefused."""
    if text.startswith(FORMULA):
        raise CellRefused("formula")
    if any(unicodedata.category(letter)[0] == "C" and letter != JOINER for letter in text):
        raise CellRefused("odd_characters")
    if len(text) > high:
        raise CellRefused("too_long", maximum=high)
    return text


def cents(text: str, *, high: int) -> int:
    """Yuan such as 126.90, ¥1,234 or 88 元 as cents above nothing, up to ``high``.  Raises CellRefused."""
    if re.fullmatch(r"[¥￥]?\s*-.*", text):
        raise CellRefused("negative")
    found = YUAN.fullmatch(text)
    if not found:
        raise CellRefused("not_an_amount")
    amount = int(found[1].replace(",", "")) * 100 + int((found[2] or "").ljust(2, "0"))
    if amount == 0:
        raise CellRefused("amount_missing")
    if amount > high:
        raise CellRefused("amount_too_large", cents=high)
    return amount


def moment(text: str, *, first: datetime, last: datetime, zone: tzinfo) -> datetime:
    """A moment of the shop's clock, to the minute at least: a day alone would be a guess.  Raises CellRefused."""
    found = CLOCK.fullmatch(text)
    if not found:
        raise CellRefused("not_a_moment")
    of_day = day(found[1], first=date(FIRST_YEAR, 1, 1), last=date.max)
    try:
        at = time(int(found[2]), int(found[3]), int(found[4] or 0))
    except ValueError as error:
        raise CellRefused("not_a_moment") from error
    read = datetime.combine(of_day, at, zone)
    if read > last:
        raise CellRefused("in_future")
    if read < first:
        raise CellRefused("too_long_ago", first=first.astimezone(zone).date().isoformat())
    return read
