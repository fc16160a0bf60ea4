"""What is told as an offer, and to the second until when (E09)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.points.conditions import period_holds
from shop.rules.points.offers import end_of_period, running_offers
from shop.rules.rulebook import (
    BirthdayCondition,
    ChannelCondition,
    GoodsCondition,
    PeriodCondition,
    PointsEffect,
    TierCondition,
)
from tests.rules.points.rule_stories import DOUBLE, book, rule
from tests.rules.rulebooks import SHANGHAI, at

MONDAY = at("2026-03-02T12:00:00")
MARCH = {"starts_at": at("2026-03-01T00:00:00"), "ends_at": at("2026-03-12T00:00:00")}


def told(*rules, now=MONDAY, tier_code="plain", closed=()):
    return running_offers(book(*rules), now, SHANGHAI, tier_code=tier_code, closed=closed)


@pytest.mark.parametrize(
    ("period", "ends"),
    [
        (PeriodCondition(**MARCH), "2026-03-12T00:00:00"),
        (PeriodCondition(weekdays=(1,)), "2026-03-03T00:00:00"),
        (PeriodCondition(weekdays=(1, 2, 3)), "2026-03-05T00:00:00"),
        (PeriodCondition(month_days=(2, 8)), "2026-03-03T00:00:00"),
        (PeriodCondition(hour_from=10, hour_until=14), "2026-03-02T14:00:00"),
        (PeriodCondition(hour_from=10), "2026-03-03T00:00:00"),
        (PeriodCondition(ends_at=at("2026-03-02T13:00:00"), hour_until=14), "2026-03-02T13:00:00"),
    ],
)
def test_an_offer_ends_at_the_first_moment_that_it_no_longer_counts(period, ends):
    (offer,) = told(rule("double", DOUBLE, period))
    assert offer.ends_at == at(ends)
    assert (offer.name, offer.multiplier_permille, offer.points) == ("「double」", 2000, None)


def test_an_end_at_midnight_belongs_to_the_day_before():
    (offer,) = told(rule("double", DOUBLE, PeriodCondition(weekdays=(1,))))
    assert offer.last_day == MONDAY.date()


def test_what_never_stops_or_has_not_begun_is_no_offer():
    assert not told(
        rule("always", DOUBLE),
        rule("open", DOUBLE, PeriodCondition(starts_at=MARCH["starts_at"])),
        rule("every_day", DOUBLE, PeriodCondition(weekdays=(1, 2, 3, 4, 5, 6, 7))),
        rule("tuesday", DOUBLE, PeriodCondition(weekdays=(2,))),
        rule("over", DOUBLE, PeriodCondition(**MARCH), PeriodCondition(ends_at=MONDAY)),
    )


def test_only_what_this_visitor_could_enjoy_in_the_mall_is_told():
    march = PeriodCondition(**MARCH)
    rules = (
        rule("gold", DOUBLE, march, TierCondition(tiers=("gold",))),
        rule("store", DOUBLE, march, ChannelCondition(channels=("store",))),
        rule("birthday", DOUBLE, march, BirthdayCondition()),
        rule("review", PointsEffect(points=20), march, event="reviewed"),
        rule("spent", DOUBLE, march, budget_points=100),
        rule("tea", PointsEffect(points=30), march, GoodsCondition(tags=("茶",))),
    )
    assert [(each.rule_code, each.is_for_some) for each in told(*rules, closed={"spent"})] == [("tea", True)]
    assert [each.rule_code for each in told(*rules, tier_code="gold")] == ["gold", "spent", "tea"]


@given(
    weekdays=st.sets(st.integers(1, 7)).map(tuple),
    hour_from=st.integers(0, 22),
    hours=st.integers(1, 24),
    moment=st.datetimes(
        min_value=at("2026-01-01T00:00:00").replace(tzinfo=None),
        max_value=at("2029-01-01T00:00:00").replace(tzinfo=None),
    ),
)
def test_until_its_end_an_offer_counts_and_then_no_more(weekdays, hour_from, hours, moment):
    period = PeriodCondition(
        weekdays=weekdays, hour_from=hour_from, hour_until=min(24, hour_from + hours), ends_at=None
    )
    moment = moment.replace(tzinfo=SHANGHAI)
    end = end_of_period(period, moment) if period_holds(period, moment) else None
    if end is not None:
        assert end > moment
        assert not period_holds(period, end)
        assert all(period_holds(period, moment + (end - moment) * part / 8) for part in range(8))
