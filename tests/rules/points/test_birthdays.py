"""On which day a birthday is celebrated."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.points.birthdays import birthday_key, keys_of_day


@pytest.mark.parametrize(
    ("day", "celebrated"),
    [
        ("2026-02-28", [(2, 28), (2, 29)]),
        ("2028-02-28", [(2, 28)]),
        ("2028-02-29", [(2, 29)]),
        ("2100-02-28", [(2, 28), (2, 29)]),
        ("2026-12-31", [(12, 31)]),
    ],
)
def test_whose_birthday_a_day_is(day, celebrated):
    assert list(keys_of_day(date.fromisoformat(day))) == celebrated


@given(birthday=st.dates(date(1920, 1, 1), date(2025, 12, 31)), year=st.integers(2026, 2120))
def test_everybody_has_one_birthday_a_year(birthday, year):
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    days = [first + timedelta(days=number) for number in range(length)]

    assert sum(birthday_key(birthday) in keys_of_day(day) for day in days) == 1
