"""The labels below a chart: the ends always, and on a phone no more than have room."""

import pytest

from shop.web.charts import line_chart


@pytest.mark.parametrize(
    ("days", "shown", "on_a_phone"),
    [
        (1, ["day 0"], ["day 0"]),
        (4, ["day 0", "day 1", "day 2", "day 3"], ["day 0", "day 1", "day 2", "day 3"]),
        (9, ["day 0", "day 2", "day 4", "day 6", "day 8"], ["day 0", "day 4", "day 8"]),
        (31, ["day 0", "day 8", "day 15", "day 22", "day 30"], ["day 0", "day 15", "day 30"]),
    ],
)
def test_dates_that_have_no_room_on_a_phone_step_aside(days, shown, on_a_phone):
    chart = line_chart([f"day {day}" for day in range(days)], [("a", [1] * days)])

    assert [mark.text for mark in chart.labels] == shown
    assert [mark.text for mark in chart.labels if not mark.is_spare] == on_a_phone
