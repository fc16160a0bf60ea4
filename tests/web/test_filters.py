"""How numbers, days and phones are written."""

from datetime import UTC, date, datetime

import pytest
from flask_babel import force_locale

from shop.web import filters
from tests.web.stage import make_stage

NIGHT = datetime(2027, 2, 18, 16, 30, tzinfo=UTC)  # half past midnight of the 19th in Shanghai
NBSP = filters.NO_BREAK


@pytest.fixture
def stage():
    app = make_stage()
    with app.test_request_context():
        yield app


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (filters.points, 1234, "1,234"),
        (filters.points, 0, "0"),
        (filters.points, -1000, "−1,000"),
        (filters.signed_points, 151, "+151"),
        (filters.signed_points, -1000, "−1,000"),
        (filters.signed_points, 0, "0"),
        (filters.yuan, 12690, "¥126.90"),
        (filters.yuan, 5, "¥0.05"),
        (filters.yuan, -123456789, "−¥1,234,567.89"),
        (filters.signed_yuan, 300, "+¥3.00"),
        (filters.signed_yuan, -1200, "−¥12.00"),
        (filters.percent_ppm, 1000, "0.10%"),
        (filters.percent_ppm, 324_000, "32.40%"),
        (filters.percent_ppm, 1_000_000, "100.00%"),
        (filters.percent_ppm, 1, "0.0001%"),
        (filters.percent_ppm, 120, "0.012%"),
        (filters.phone, "+8613805712046", f"138{NBSP}0571{NBSP}2046"),
        (filters.phone, "+14155550100", "+14155550100"),
        (filters.masked_phone, "+8613805712046", f"138{NBSP}****{NBSP}2046"),
        (filters.iso, date(2027, 2, 19), "2027-02-19"),
        (filters.iso, NIGHT, "2027-02-18T16:30:00+00:00"),
    ],
)
def test_numbers_are_exact(write, value, text):
    assert write(value) == text


@pytest.mark.parametrize(
    ("locale", "write", "text"),
    [
        ("zh_Hans", filters.shop_date, "2027 年 2 月 19 日"),
        ("zh_Hant", filters.shop_day, "2 月 19 日"),
        ("zh_Hans", filters.shop_month, "2027 年 2 月"),
        ("zh_Hans", filters.shop_datetime, "2027 年 2 月 19 日 00:30"),
        ("zh_Hans", filters.shop_time, "00:30"),
        ("en", filters.shop_date, "19 Feb 2027"),
        ("en", filters.shop_day, "19 Feb"),
        ("en", filters.shop_month, "February 2027"),
        ("en", filters.shop_datetime, "19 Feb 2027, 00:30"),
    ],
)
def test_moments_are_told_in_the_shops_time(stage, locale, write, text):
    with force_locale(locale):
        assert write(NIGHT).replace(NBSP, " ") == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2027, 2, 19), "今天"),
        (date(2027, 2, 18), "昨天"),
        (date(2027, 2, 20), "明天"),
        (date(2027, 3, 1), "3 月 1 日"),
        (date(2026, 12, 31), "2026 年 12 月 31 日"),
        (NIGHT, "今天"),
    ],
)
def test_near_days_have_names(stage, day, text):
    assert filters.relative_day(day, date(2027, 2, 19)).replace(NBSP, " ") == text


def test_moment_without_a_zone_is_our_own_mistake(stage):
    with pytest.raises(AssertionError):
        filters.shop_time(datetime(2027, 2, 19, 0, 30))  # noqa: DTZ001
