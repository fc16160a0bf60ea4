"""Columns by their names, and cells by what stands in them."""

from datetime import date

import pytest

from shop.rules.merchant.import_states import IMPORT_EVENTS, IMPORT_STATES, IMPORT_TRANSITIONS
from shop.rules.merchant.importing import FIELDS, FOREVER, CellRefused, guess_fields
from shop.rules.merchant.importing.cells import day, last_day_of_points, whole_number
from shop.rules.merchant.importing.fields import HEADERS
from shop.rules.merchant.importing.rows import masked

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (("手机号", "姓名", "可用积分", "积分有效期"), ("phone", "name", "points", "expires_on")),
        (("Mobile", "Full name", "Points balance", "Expiry date"), ("phone", "name", "points", "expires_on")),
        (
            ("手机号", "积分", "到期日", "积分2", "到期日 2"),
            ("phone", "points", "expires_on", "points_2", "expires_on_2"),
        ),
        (("电话", "手机"), ("phone", "")),
        (("会员编号", "*手机号（必填）"), ("", "")),
    ],
)
def test_columns_are_guessed_by_their_names(headers, fields):
    assert guess_fields(headers, "members", {}) == fields


def test_what_was_chosen_the_last_time_comes_first():
    assert guess_fields(("卡号", "手机号"), "members", {"卡号": "phone"}) == ("phone", "")


def test_every_field_is_known_by_some_name():
    plain = {field for fields in FIELDS.values() for field in fields if not field.endswith(("_2", "_3"))}

    assert plain == set(HEADERS)


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("7", 7), ("1,234", 1234), ("1,234,567", 1_234_567), ("007", 7)]
)
def test_whole_numbers_are_read(text, number):
    assert whole_number(text, high=10_000_000) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-1", "negative"),
        ("- 1", "negative"),
        ("1.0", "not_whole"),
        ("1,23", "not_whole"),
        ("1e3", "not_whole"),
        ("１", "not_whole"),
        ("NaN", "not_whole"),
        ("٣", "not_whole"),
        ("101", "too_large"),
        ("9" * 30, "not_whole"),
    ],
)
def test_anything_else_is_no_whole_number(text, code):
    with pytest.raises(CellRefused) as refused:
        whole_number(text, high=100)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-28",
        "2026/2/28",
        "2026.02.28",
        "20260228",
        "2026年2月28日",
        "2026-02-28 00:00:00",
        "2026-02-28T10:00",
    ],
)
def test_days_are_read_as_people_write_them(text):
    assert day(text, first=date(1900, 1, 1), last=TODAY) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-02-30", "no_such_day"),
        ("2025-02-29", "no_such_day"),
        ("2026-13-01", "no_such_day"),
        ("28/02/2026", "not_a_day"),
        ("2026-02/28", "not_a_day"),
        ("昨天", "not_a_day"),
        ("46081", "not_a_day"),
        ("2026-03-03", "day_out_of_range"),
    ],
)
def test_a_day_that_is_none_is_refused(text, code):
    with pytest.raises(CellRefused) as refused:
        day(text, first=date(1900, 1, 1), last=TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "last_on"),
    [("2026-03-02", TODAY), ("永久有效", FOREVER), ("Never", FOREVER), ("9999-12-31", FOREVER)],
)
def test_points_end_with_their_last_day(text, last_on):
    assert last_day_of_points(text, today=TODAY) == last_on


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("phone", "13805712046", "138******"),
        ("phone", "12", "1*"),
        ("name", "林小满", "林**"),
        ("points", "-5", "-5"),
        ("reason", "x" * 40, "x" * 24 + "…"),
        ("points", "1\u202e2", "1·2"),
    ],
)
def test_a_report_shows_no_more_of_a_person_than_it_must(name, text, shown):
    assert masked(name, text) == shown


def test_the_life_of_an_import_knows_its_states_and_events():
    assert {state for state, _event in IMPORT_TRANSITIONS} | set(IMPORT_TRANSITIONS.values()) == set(
        IMPORT_STATES
    )
    assert {event for _state, event in IMPORT_TRANSITIONS} == set(IMPORT_EVENTS)
