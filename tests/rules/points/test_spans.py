"""Years and the last twelve months, in whole days of the shop."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.points.spans import ALL_TIME, Span, months_after, span_of

SHANGHAI, BERLIN, SYDNEY = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Sydney")
zones = st.sampled_from([SHANGHAI, BERLIN, SYDNEY, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")])
moments = st.datetimes(datetime(2001, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def day(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("on", "months", "then"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2028-02-29", -12, "2027-02-28"),
    ],
)
def test_the_same_day_of_another_month(on, months, then):
    assert months_after(date.fromisoformat(on), months) == date.fromisoformat(then)


@pytest.mark.parametrize(
    ("at", "first_day"),
    [
        ("2026-03-15T23:59:59", "2025-03-16"),
        ("2026-03-16T00:00:00", "2025-03-17"),
        ("2028-02-28T12:00:00", "2027-03-01"),
        ("2028-02-29T12:00:00", "2027-03-01"),
        ("2028-03-01T12:00:00", "2027-03-02"),
        ("2029-02-28T12:00:00", "2028-02-29"),
        ("2029-03-01T12:00:00", "2028-03-02"),
    ],
)
def test_the_last_twelve_months_are_whole_days(at, first_day):
    assert span_of("rolling_12_months", day(at), SHANGHAI) == Span(day(first_day), None)


def test_a_year_is_the_shops():
    last_second = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    year = Span(day("2026-01-01"), day("2027-01-01"))

    assert span_of("calendar_year", last_second, SHANGHAI) == year
    assert span_of("calendar_year", last_second + timedelta(seconds=1), SHANGHAI) == Span(
        day("2027-01-01"), day("2028-01-01")
    )


@given(at=moments, zone=zones, window=st.sampled_from(["calendar_year", "rolling_12_months", "lifetime"]))
def test_every_span_holds_its_moment_and_begins_with_a_day(at, zone, window):
    span = span_of(window, at, zone)

    assert span.holds(at)
    if span.from_at is None:
        assert span == ALL_TIME
        return
    yesterday = (span.from_at - timedelta(microseconds=1)).astimezone(zone).date()
    assert span.from_at.astimezone(zone).date() > yesterday  # a day begins there, also where clocks change
    assert timedelta(0) <= at - span.from_at <= timedelta(days=367)


@given(at=moments, later=st.timedeltas(timedelta(0), timedelta(days=800)), zone=zones)
def test_windows_only_move_forward(at, later, zone):
    for window in ("calendar_year", "rolling_12_months"):
        assert span_of(window, at, zone).from_at <= span_of(window, at + later, zone).from_at
