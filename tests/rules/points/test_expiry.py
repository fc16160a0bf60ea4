"""Points end at the first moment of a shop-day, in every zone and season."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.points.expiry import (
    NEVER,
    end_of_lot,
    expires_at,
    expiry_of_return,
    last_day_of,
    start_of_day,
)
from shop.rules.rulebook import ExpiryPolicy
from tests.rules.rulebooks import NATURAL, SHANGHAI, at

NEW_YORK = ZoneInfo("America/New_York")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
HAVANA = ZoneInfo("America/Havana")
ZONES = [SHANGHAI, NEW_YORK, SAO_PAULO, HAVANA, ZoneInfo("Pacific/Apia"), ZoneInfo("Asia/Kathmandu"), UTC]


def days(count: int) -> ExpiryPolicy:
    return ExpiryPolicy(kind="days", days=count, periods_after=0)


def month_end(periods_after: int) -> ExpiryPolicy:
    return ExpiryPolicy(kind="month_end", days=0, periods_after=periods_after)


def year_end(periods_after: int) -> ExpiryPolicy:
    return ExpiryPolicy(kind="year_end", days=0, periods_after=periods_after)


@pytest.mark.parametrize(
    ("policy", "credited", "ends"),
    [
        (days(90), "2026-01-10T00:00:00", "2026-04-11T00:00:00"),
        (days(90), "2026-01-10T23:59:59.999999", "2026-04-11T00:00:00"),
        (days(90), "2026-01-27T12:00:00", "2026-04-28T00:00:00"),
        (days(90), "2026-12-01T09:00:00", "2027-03-02T00:00:00"),
        (days(1), "2028-02-28T10:00:00", "2028-03-01T00:00:00"),
        (days(365), "2028-02-29T10:00:00", "2029-03-01T00:00:00"),
        (month_end(0), "2026-01-31T23:59:59", "2026-02-01T00:00:00"),
        (month_end(0), "2026-12-01T00:00:00", "2027-01-01T00:00:00"),
        (month_end(1), "2028-01-31T10:00:00", "2028-03-01T00:00:00"),
        (month_end(11), "2026-01-05T10:00:00", "2027-01-01T00:00:00"),
        (month_end(12), "2026-01-05T10:00:00", "2027-02-01T00:00:00"),
        (year_end(0), "2026-12-31T23:59:59.999999", "2027-01-01T00:00:00"),
        (year_end(1), "2026-01-15T10:00:00", "2028-01-01T00:00:00"),
        (year_end(1), "2027-01-01T00:00:00", "2029-01-01T00:00:00"),
    ],
)
def test_points_end_with_a_day_of_the_shop(policy, credited, ends):
    assert expires_at(policy, at(credited).astimezone(UTC), SHANGHAI) == at(ends)


@pytest.mark.parametrize(
    ("policy", "available", "ends"),
    [
        (month_end(0), "2026-01-28T10:00:00", "2026-02-01T00:00:00"),
        (month_end(0), "2026-02-01T00:00:00", "2026-03-01T00:00:00"),
        (month_end(0), "2026-02-04T10:00:00", "2026-03-01T00:00:00"),
        (days(3), "2026-02-04T10:00:00", "2026-02-08T00:00:00"),
        (days(30), "2026-02-04T10:00:00", "2026-02-28T00:00:00"),
    ],
)
def test_points_never_end_before_anybody_could_spend_them(policy, available, ends):
    credited = at("2026-01-28T10:00:00")

    assert end_of_lot(policy, credited, at(available), SHANGHAI) == at(ends)


def test_never_is_one_moment_far_away():
    policy = ExpiryPolicy(kind="never", days=0, periods_after=0)

    assert expires_at(policy, at("2026-01-01"), SHANGHAI) == NEVER == datetime(9999, 12, 31, tzinfo=UTC)


def test_policies_of_the_reference_story():
    interaction, purchase = NATURAL.expiry.interaction, NATURAL.expiry.purchase

    assert expires_at(interaction, at("2026-01-11T08:00:00"), SHANGHAI) == at("2026-04-12")
    assert expires_at(interaction, at("2026-01-26T08:00:00"), SHANGHAI) == at("2026-04-27")
    assert expires_at(purchase, at("2026-01-15T08:00:00"), SHANGHAI) == at("2028-01-01")


@pytest.mark.parametrize(
    ("zone", "day", "first_moment"),
    [
        (NEW_YORK, date(2026, 3, 8), "2026-03-08T05:00:00+00:00"),
        (NEW_YORK, date(2026, 3, 9), "2026-03-09T04:00:00+00:00"),
        (NEW_YORK, date(2026, 11, 1), "2026-11-01T04:00:00+00:00"),
        (NEW_YORK, date(2026, 11, 2), "2026-11-02T05:00:00+00:00"),
        # the clock jumped from 24:00 to 01:00: the day began at 01:00
        (SAO_PAULO, date(2018, 11, 4), "2018-11-04T03:00:00+00:00"),
        # the hour from 00:00 came twice: the day began with the first
        (HAVANA, date(2026, 11, 1), "2026-11-01T04:00:00+00:00"),
    ],
)
def test_day_begins_with_its_first_moment(zone, day, first_moment):
    moment = start_of_day(day, zone)

    assert moment == datetime.fromisoformat(first_moment)
    assert moment.astimezone(zone).date() == day
    assert (moment - timedelta(microseconds=1)).astimezone(zone).date() < day


MOMENTS = st.integers(0, 36_500 * 86_400).map(
    lambda seconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@given(credited=MOMENTS, zone=st.sampled_from(ZONES), count=st.integers(1, 3650))
def test_last_good_day_is_the_counted_one(credited, zone, count):
    ends = expires_at(days(count), credited, zone)
    last_moment = ends - timedelta(microseconds=1)
    last_good_day = credited.astimezone(zone).date() + timedelta(days=count)

    assert ends.tzinfo is UTC
    # Apia has no 30 December 2011: a day that does not exist ends before it begins.
    if start_of_day(last_good_day, zone) < ends:
        assert last_moment.astimezone(zone).date() == last_good_day


@given(
    first=MOMENTS,
    second=MOMENTS,
    zone=st.sampled_from(ZONES),
    policy=st.sampled_from([days(1), days(90), month_end(0), month_end(3), year_end(0), year_end(1)]),
)
def test_later_points_never_end_earlier(first, second, zone, policy):
    earlier, later = sorted([first, second])

    assert earlier < expires_at(policy, earlier, zone) <= expires_at(policy, later, zone)


@pytest.mark.parametrize(
    ("lot_ends", "grace_days", "ends", "code"),
    [
        ("2026-05-02", 7, "2026-05-02", "returned_in_time"),
        ("2026-05-01T12:00:01", 7, "2026-05-01T12:00:01", "returned_in_time"),
        ("2026-05-01T12:00:00", 7, "2026-05-09", "returned_with_grace"),
        ("2026-01-01", 30, "2026-06-01", "returned_with_grace"),
        ("2026-01-01", 0, "2026-01-01", None),
    ],
)
def test_returned_points_keep_their_end_or_get_a_grace(lot_ends, grace_days, ends, code):
    back = expiry_of_return(at(lot_ends), at("2026-05-01T12:00:00"), grace_days, SHANGHAI)

    assert back.expires_at == at(ends)
    assert [reason.code for reason in back.reasons] == ([code] if code else [])


def quarter_end(periods_after: int) -> ExpiryPolicy:
    return ExpiryPolicy(kind="quarter_end", days=0, periods_after=periods_after)


def fixed(day: str) -> ExpiryPolicy:
    return ExpiryPolicy(kind="fixed", days=0, periods_after=0, on=date.fromisoformat(day))


@pytest.mark.parametrize(
    ("policy", "credited_at", "ends_at"),
    [
        (quarter_end(0), "2026-01-01T00:00:00", "2026-04-01T00:00:00"),
        (quarter_end(0), "2026-03-31T23:59:59", "2026-04-01T00:00:00"),
        (quarter_end(0), "2026-12-31T23:59:59", "2027-01-01T00:00:00"),
        (quarter_end(1), "2026-11-05T10:00:00", "2027-04-01T00:00:00"),
        (quarter_end(4), "2026-11-05T10:00:00", "2028-01-01T00:00:00"),
        (fixed("2026-06-30"), "2026-06-30T23:59:59", "2026-07-01T00:00:00"),
        (fixed("2026-06-30"), "2026-07-01T00:00:00", "2027-07-01T00:00:00"),
        (fixed("2027-06-30"), "2026-01-01T00:00:00", "2027-07-01T00:00:00"),
        (fixed("2024-02-29"), "2026-01-05T10:00:00", "2026-03-01T00:00:00"),
        (fixed("2024-02-29"), "2027-12-31T10:00:00", "2028-03-01T00:00:00"),
    ],
)
def test_quarters_and_fixed_days_end_at_midnight_of_the_shop(policy, credited_at, ends_at):
    shanghai = ZoneInfo("Asia/Shanghai")

    end = expires_at(policy, datetime.fromisoformat(credited_at).replace(tzinfo=shanghai), shanghai)

    assert end == datetime.fromisoformat(ends_at).replace(tzinfo=shanghai)


POLICIES = st.one_of(
    st.builds(
        ExpiryPolicy,
        kind=st.sampled_from(["days", "rolling", "renewing"]),
        days=st.integers(1, 3650),
        periods_after=st.just(0),
    ),
    st.builds(
        ExpiryPolicy,
        kind=st.sampled_from(["month_end", "quarter_end", "year_end"]),
        days=st.just(0),
        periods_after=st.integers(0, 120),
    ),
    st.builds(
        ExpiryPolicy,
        kind=st.just("fixed"),
        days=st.just(0),
        periods_after=st.just(0),
        on=st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    ),
)
FIRST, LAST = at("2000-01-01T00:00:00").replace(tzinfo=None), at("2099-01-01T00:00:00").replace(tzinfo=None)
ZONE_NAMES = st.sampled_from(
    ["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Asia/Beirut"]
)


@given(
    policy=POLICIES,
    credited_at=st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    zone_name=ZONE_NAMES,
)
def test_every_policy_ends_with_a_whole_day_of_the_shop_after_the_credit(policy, credited_at, zone_name):
    zone = ZoneInfo(zone_name)

    end = expires_at(policy, credited_at, zone)

    assert end > credited_at, "nothing is credited dead, also on 29 February and where midnight is skipped"
    last_on = last_day_of(end, zone)
    assert last_on >= credited_at.astimezone(zone).date()
    assert end == start_of_day(last_on + timedelta(days=1), zone)


@given(policy=POLICIES, day=st.dates(date(2000, 1, 1), date(2099, 1, 1)), zone_name=ZONE_NAMES)
def test_the_hour_of_the_credit_changes_nothing(policy, day, zone_name):
    zone = ZoneInfo(zone_name)
    first = start_of_day(day, zone)
    last = start_of_day(day + timedelta(days=1), zone) - timedelta(microseconds=1)
    if last < first:  # a day that the zone never had
        return

    assert expires_at(policy, first, zone) == expires_at(policy, last, zone)
