"""Purchases of a till, row by row: what cannot be read for certain is not booked."""

from datetime import datetime, timedelta

import pytest

from shop.phones import international_phone
from shop.rules.merchant.importing import CellRefused, Till, guess_fields, read_purchases
from shop.rules.merchant.importing.cells import cents, moment
from tests.rules.rulebooks import SHANGHAI, at

NOW = at("2026-03-02T12:00:00")
TILL = Till(NOW - timedelta(days=400), NOW, SHANGHAI, {"杭州店": 3})
FIELDS = ("member", "amount", "receipt", "bought_at", "store")
GOOD = ("13805712046", "126.90", "T1-42", "2026-03-01 14:30", "杭州店")


def read(*rows):
    result = read_purchases(rows, FIELDS, TILL, international_phone)
    return result.good, [(fault.row, fault.field, fault.code) for fault in result.faults]


def changed(place, cell):
    return (*GOOD[:place], cell, *GOOD[place + 1 :])


def test_a_good_row():
    (row,), faults = read(GOOD)

    assert faults == []
    assert (row.phone, row.cents, row.receipt, row.store_id) == ("+8613805712046", 12_690, "T1-42", 3)
    assert row.at == datetime(2026, 3, 1, 14, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("place", "cell", "code"),
    [
        (0, "", "member_missing"),
        (0, "1380000", "not_a_member"),
        (0, "#", "not_a_member"),
        (1, "", "amount_missing"),
        (1, "0", "amount_missing"),
        (1, "-5", "negative"),
        (1, "1e3", "not_an_amount"),
        (1, "１２", "not_an_amount"),
        (1, "126.905", "not_an_amount"),
        (1, "1,00.00", "not_an_amount"),
        (1, "1000000.01", "amount_too_large"),
        (2, "", "receipt_missing"),
        (2, "小票", "not_a_receipt"),
        (2, "=1+1", "not_a_receipt"),
        (2, "1" * 41, "not_a_receipt"),
        (3, "", "moment_missing"),
        (3, "2026-03-01", "not_a_moment"),
        (3, "2026-03-01 25:00", "not_a_moment"),
        (3, "2026-02-30 10:00", "no_such_day"),
        (3, "2026-03-02 12:01", "in_future"),
        (3, "2025-01-01 10:00", "too_long_ago"),
        (4, "上海店", "unknown_store"),
    ],
)
def test_a_bad_cell_is_named(place, cell, code):
    good, faults = read(changed(place, cell))

    assert good == []
    assert faults == [(2, FIELDS[place], code)]


def test_every_bad_cell_of_a_row_is_told_at_once():
    assert len(read(("", "", "", "", "上海店"))[1]) == 5


def test_a_receipt_counts_once_for_a_store_and_a_day():
    other_day = changed(3, "2026-02-28 14:30")
    good, faults = read(GOOD, changed(1, "5"), other_day, changed(4, ""))

    assert [row.number for row in good] == [2, 4, 5]
    assert faults == [(3, "receipt", "receipt_repeated")]


def test_a_member_may_be_a_number():
    assert read(changed(0, "#007"))[0][0].phone == "#7"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("88", 8800), ("88.5", 8850), ("¥1,234.05", 123_405), ("￥ 7 元", 700), ("0.01", 1)],
)
def test_yuan_in_their_spellings(text, expected):
    assert cents(text, high=100_000_000) == expected


def test_a_moment_in_its_spellings():
    for text in ("2026/3/1 9:05", "2026-03-01T09:05:00", "20260301 09:05:00.000", "2026年3月1日 9:05"):
        assert moment(text, first=TILL.first, last=NOW, zone=SHANGHAI) == at("2026-03-01T09:05:00")
    with pytest.raises(CellRefused):
        moment("9:05", first=TILL.first, last=NOW, zone=SHANGHAI)


def test_columns_are_guessed_by_their_names():
    headers = ("会员手机号", "实付金额", "小票号", "交易时间", "门店", "收银员")

    assert guess_fields(headers, "purchases", {}) == (*FIELDS, "")
