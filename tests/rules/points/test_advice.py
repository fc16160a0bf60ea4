"""Honest advice: every sentence is true by the published rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.engagement.signin import sign_in_reward
from shop.rules.points.advice import LivingLot, PublishedRules, better_time, way_to_goal, worse_time
from shop.rules.points.redeeming import OffsetRatio
from shop.rules.rulebook import DEFAULT_RULEBOOK, CapRule, OffsetWindow

NOW = datetime(2026, 8, 1, 4, tzinfo=UTC)
A_DAY = timedelta(days=1)
NOVEMBER = datetime(2026, 10, 31, 16, tzinfo=UTC)  # 1 November in Shanghai
LIVES = NOW + A_DAY * 500


def rules(points=20, per_cents=100, windows=()):
    offset = replace(DEFAULT_RULEBOOK.offset, points=points, per_cents=per_cents, windows=windows)
    return replace(DEFAULT_RULEBOOK, offset=offset)


def published(rulebook, starts_at=NOW - A_DAY, ends_at=None):
    return PublishedRules(starts_at, ends_at, rulebook)


def festival(points=10, starts_at=NOVEMBER, days=11):
    return OffsetWindow(name="会员节", starts_at=starts_at, ends_at=starts_at + A_DAY * days, points=points,
                        per_cents=100)  # fmt: skip


def test_waiting_for_the_festival_doubles_what_outlives_it():
    lots = [LivingLot(966, LIVES)]

    found = better_time(lots, [published(rules(windows=(festival(),)))], NOW)

    assert (found.at, found.points, found.lapsing, found.doubles) == (NOVEMBER, 966, 0, True)
    assert (found.cents_now, found.cents_then) == (4830, 9660)


def test_points_that_end_before_are_not_told_to_wait():
    lots = [LivingLot(300, NOVEMBER), LivingLot(666, LIVES)]

    found = better_time(lots, [published(rules(windows=(festival(),)))], NOW)

    assert (found.points, found.lapsing) == (666, 300)
    assert better_time(lots[:1], [published(rules(windows=(festival(),)))], NOW) is None


@pytest.mark.parametrize(
    "rulebook",
    [
        rules(),
        rules(windows=(festival(points=20),)),
        rules(windows=(festival(points=30),)),
        rules(windows=(festival(starts_at=NOW + A_DAY * 200),)),
        replace(rules(windows=(festival(),)), offset=replace(rules().offset, share_percent_max=0)),
    ],
)
def test_nothing_better_is_ahead(rulebook):
    assert better_time([LivingLot(100, LIVES)], [published(rulebook)], NOW) is None


def test_a_published_version_counts_from_its_day_and_hides_the_windows_of_the_one_before():
    before = published(rules(windows=(festival(),)), ends_at=NOVEMBER - A_DAY)
    after = published(rules(points=15), starts_at=NOVEMBER - A_DAY)

    found = better_time([LivingLot(100, LIVES)], [before, after], NOW)

    assert (found.at, found.then) == (NOVEMBER - A_DAY, OffsetRatio(15, 100))


def test_the_end_of_a_festival_is_told_while_it_lasts():
    book = published(rules(windows=(festival(starts_at=NOW - A_DAY),)))

    found = worse_time([LivingLot(100, LIVES)], [book], NOW)

    assert (found.at, found.now, found.then.points) == (NOW + A_DAY * 10, OffsetRatio(10, 100, "会员节"), 20)
    assert worse_time([], [book], NOW) is None
    assert worse_time([LivingLot(1, LIVES)], [published(rules(windows=(festival(),)))], NOW) is None


def test_the_way_to_a_goal_follows_the_sign_in_table_and_its_cap():
    signin = replace(DEFAULT_RULEBOOK.signin, day_points=(20,), milestones=())
    book = replace(DEFAULT_RULEBOOK, signin=signin, caps=())
    assert way_to_goal(320, 0, date(2026, 8, 1), {}, book).sign_ins == 16
    assert way_to_goal(320, 0, date(2026, 8, 1), {}, book).cents == 32_000

    cap = CapRule(name="互动", classes=("interaction",), points=100, per="month")
    capped = replace(book, caps=(cap,))

    assert way_to_goal(200, 0, date(2026, 8, 1), {}, capped).sign_ins == 31 + 5
    assert way_to_goal(100, 0, date(2026, 8, 1), {"互动": 100}, capped).sign_ins == 31 + 5


def test_a_goal_out_of_reach_is_not_promised_by_sign_ins():
    signin = replace(DEFAULT_RULEBOOK.signin, day_points=(0,), milestones=())

    assert way_to_goal(10, 0, date(2026, 8, 1), {}, replace(DEFAULT_RULEBOOK, signin=signin)).sign_ins is None


@given(missing=st.integers(1, 2000), streak=st.integers(0, 100))
def test_exactly_so_many_sign_ins_are_enough_and_one_less_is_not(missing, streak):
    book = replace(DEFAULT_RULEBOOK, caps=())

    count = way_to_goal(missing, streak, date(2026, 8, 1), {}, book).sign_ins

    earned = [sign_in_reward(streak + day, book.signin).total for day in range(1, count + 1)]
    assert sum(earned) >= missing > sum(earned[:-1])
