"""Tables from people: whatever comes is read as plain text within bounds, or refused."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.adapters.spreadsheets import BYTES_MAX, read_table
from shop.errors import FileRefused
from tests.imports import csv_file, xlsx_file


def refusal(raw: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        read_table(raw)
    return refused.value.reason


def test_a_file_above_ten_megabytes_is_refused_unread():
    assert refusal(b"x" * (BYTES_MAX + 1)) == "too_large"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(separator):
    raw = separator.join(("phone", "points")).encode() + b"\n" + separator.join(("138", "5")).encode()

    assert read_table(raw).rows == (("138", "5"),)


def test_rows_are_as_wide_as_the_headers_and_empty_ends_are_cut():
    table = read_table(b"a,b,\n1\n1,2,3,4\n,,\n\n")

    assert table.headers == ("a", "b")
    assert table.rows == (("1", ""), ("1", "2"))


def test_cells_of_a_workbook_are_what_a_text_file_would_say():
    rows = [[13805712046, 5.0, 1.5, datetime(2027, 12, 31), date(2027, 1, 2), None, True, "=1+1"]]  # noqa: DTZ001

    table = read_table(xlsx_file(tuple("abcdefgh"), rows))

    assert table.rows[0][:7] == ("13805712046", "5", "1.5", "2027-12-31", "2027-01-02", "", "True")
    assert table.rows[0][7] in ("", "=1+1")  # nobody has computed it, and nobody does


@pytest.mark.parametrize("place", [30, 60, 200, 1000])
def test_a_damaged_workbook_is_refused_or_read_but_never_fails(place):
    raw = bytearray(xlsx_file(("手机号", "积分"), [["13805712046", 5]]))
    raw[place : place + 8] = b"\x00\xff" * 4

    try:
        read_table(bytes(raw))
    except FileRefused:
        return


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw):
    try:
        table = read_table(raw)
    except FileRefused:
        return
    assert all(len(row) == len(table.headers) for row in table.rows)


def test_both_encodings_say_the_same():
    rows = [["13805712046", "林小满"]]

    assert read_table(csv_file(("手机号", "姓名"), rows, "gb18030")) == read_table(
        csv_file(("手机号", "姓名"), rows)
    )
