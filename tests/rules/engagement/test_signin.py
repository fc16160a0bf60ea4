"""Sign-in: streaks, milestones once a cycle, and made-up days."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.engagement.signin import (
    makeup_refusal,
    makeup_reward,
    next_milestone,
    points_for_day,
    sign_in_reward,
    streak_after,
    streak_of,
)
from shop.rules.rulebook import DEFAULT_RULEBOOK
from tests.rules.rulebooks import NATURAL

RULE = DEFAULT_RULEBOOK.signin
TODAY = date(2026, 11, 21)
ONE_DAY = timedelta(days=1)
WEEK_TABLE = replace(RULE, day_points=(5, 5, 10, 10, 15, 15, 30), cycle=True, milestones=())


def run(first: date, length: int) -> set[date]:
    return {first + number * ONE_DAY for number in range(length)}


@pytest.mark.parametrize(
    ("last", "streak", "today", "after"),
    [
        (None, 0, TODAY, 1),
        (TODAY - ONE_DAY, 14, TODAY, 15),
        (TODAY, 15, TODAY, 15),
        (TODAY - 2 * ONE_DAY, 14, TODAY, 1),
        (TODAY + ONE_DAY, 16, TODAY, 16),
        (date(2028, 2, 29), 3, date(2028, 3, 1), 4),
        (date(2026, 2, 28), 3, date(2026, 3, 1), 4),
        (date(2028, 2, 28), 3, date(2028, 3, 1), 1),
        (date(2026, 12, 31), 9, date(2027, 1, 1), 10),
    ],
)
def test_streak_after_signing_in(last, streak, today, after):
    assert streak_after(last, streak, today) == after


@pytest.mark.parametrize(
    ("days", "streak"),
    [
        (set(), 0),
        ({TODAY}, 1),
        (run(TODAY - 13 * ONE_DAY, 14), 14),
        (run(TODAY - 14 * ONE_DAY, 14), 14),
        (run(TODAY - 15 * ONE_DAY, 14), 0),
        (run(date(2026, 11, 1), 5) | run(date(2026, 11, 7), 14), 14),
        ({TODAY + ONE_DAY, TODAY}, 1),
    ],
)
def test_streak_of_the_days_alone(days, streak):
    assert streak_of(days, TODAY) == streak


@given(gaps=st.lists(st.integers(1, 3), min_size=1, max_size=40))
def test_counter_and_days_agree(gaps):
    day, last, streak, days = date(2026, 2, 20), None, 0, set()
    for gap in gaps:
        day += gap * ONE_DAY
        last, streak = day, streak_after(last, streak, day)
        days.add(day)

        assert streak_of(days, day) == streak


@pytest.mark.parametrize(
    ("rule", "streak", "points", "milestones"),
    [
        (RULE, 1, 10, []),
        (RULE, 3, 10, [(3, 10)]),
        (RULE, 7, 10, [(7, 30)]),
        (RULE, 8, 20, []),
        (RULE, 14, 20, []),
        (RULE, 15, 20, [(15, 50)]),
        (RULE, 30, 20, [(30, 100)]),
        (RULE, 31, 20, []),
        (RULE, 33, 20, [(3, 10)]),
        (RULE, 60, 20, [(30, 100)]),
        (NATURAL.signin, 100, 10, []),
    ],
)
def test_reward_of_a_day(rule, streak, points, milestones):
    reward = sign_in_reward(streak, rule)

    assert (reward.rows[0].kind, reward.rows[0].points) == ("base", points)
    assert [(row.milestone_days, row.points) for row in reward.rows[1:]] == milestones
    assert reward.total == points + sum(extra for _, extra in milestones)


def test_week_table_starts_again():
    assert [points_for_day(day, WEEK_TABLE) for day in range(1, 9)] == [5, 5, 10, 10, 15, 15, 30, 5]
    assert sum(sign_in_reward(day, WEEK_TABLE).total for day in range(1, 8)) == 90
    assert sum(sign_in_reward(day, WEEK_TABLE).total for day in range(1, 5)) == 30


def test_reasons_say_the_day_and_the_milestone():
    day, milestone = (row.reasons[0].to_document() for row in sign_in_reward(15, RULE).rows)

    assert day == {"code": "signed_in_day", "params": {"streak": 15}}
    assert milestone == {"code": "sign_in_milestone", "params": {"days": 15}}


@pytest.mark.parametrize(
    ("streak", "days", "missing"),
    [(0, 3, 3), (2, 3, 1), (3, 7, 4), (14, 15, 1), (15, 30, 15), (30, 3, 3), (31, 3, 2)],
)
def test_next_milestone(streak, days, missing):
    upcoming = next_milestone(streak, RULE)

    assert (upcoming.milestone.days, upcoming.missing_days) == (days, missing)
    assert any(row.milestone_days == days for row in sign_in_reward(streak + missing, RULE).rows)


def test_no_milestones_no_next_one():
    assert next_milestone(5, NATURAL.signin) is None


def refusal(day: date, **changes: object) -> str | None:
    usual = {
        "today": TODAY,
        "joined_on": date(2026, 1, 1),
        "used_this_month": 0,
        "signed_days": {TODAY - ONE_DAY},
        "rule": RULE.makeup,
    }
    reason = makeup_refusal(day, **{**usual, **changes})
    return reason and reason.code


@pytest.mark.parametrize(
    ("day", "changes", "code"),
    [
        (TODAY - 2 * ONE_DAY, {}, None),
        (TODAY - 7 * ONE_DAY, {}, None),
        (TODAY - 8 * ONE_DAY, {}, "makeup_too_old"),
        (TODAY, {}, "makeup_not_past"),
        (TODAY + ONE_DAY, {}, "makeup_not_past"),
        (TODAY - ONE_DAY, {}, "makeup_not_missed"),
        (TODAY - 2 * ONE_DAY, {"used_this_month": 1}, "makeup_used_up"),
        (TODAY - 2 * ONE_DAY, {"joined_on": TODAY - ONE_DAY}, "makeup_before_joining"),
        (TODAY - 2 * ONE_DAY, {"joined_on": TODAY - 2 * ONE_DAY}, None),
        (date(2026, 10, 31), {"today": date(2026, 11, 2)}, "makeup_other_month"),
        (date(2026, 2, 28), {"today": date(2026, 3, 1)}, "makeup_other_month"),
        (date(2028, 2, 29), {"today": date(2028, 3, 1)}, "makeup_other_month"),
        (TODAY - 2 * ONE_DAY, {"rule": replace(RULE.makeup, per_month=0)}, "makeup_used_up"),
    ],
)
def test_which_day_may_be_made_up(day, changes, code):
    assert refusal(day, **changes) == code


def milestones_of(reward) -> list[int]:
    return [row.milestone_days for row in reward.rows if row.kind == "milestone"]


def test_made_up_day_pays_its_own_place_and_what_the_joined_run_reaches():
    """Signed 1 to 5 and 7 to 20: the 6th makes a streak of 20, and the 15-day milestone is due."""
    days = run(date(2026, 11, 1), 5) | run(date(2026, 11, 7), 14)
    paid = [(date(2026, 11, 3), 3), (date(2026, 11, 9), 3), (date(2026, 11, 13), 7)]

    reward = makeup_reward(date(2026, 11, 6), days, paid, RULE)

    assert reward.rows[0].points == 10
    assert milestones_of(reward) == [15]


def test_made_up_day_pays_no_milestone_twice():
    days = run(date(2026, 11, 1), 4) | run(date(2026, 11, 6), 4)
    paid = [(date(2026, 11, 3), 3), (date(2026, 11, 8), 3)]

    assert milestones_of(makeup_reward(date(2026, 11, 5), days, paid, RULE)) == [7]
    assert milestones_of(makeup_reward(date(2026, 11, 5), days, [*paid, (date(2026, 11, 7), 7)], RULE)) == []


def test_milestones_of_another_run_do_not_count():
    days = run(date(2026, 10, 1), 3) | {date(2026, 11, 1), date(2026, 11, 3)}

    assert milestones_of(makeup_reward(date(2026, 11, 2), days, [(date(2026, 10, 3), 3)], RULE)) == [3]


def test_day_made_up_alone_starts_a_streak_of_one():
    reward = makeup_reward(date(2026, 11, 10), set(), [], RULE)

    assert (reward.total, milestones_of(reward)) == (10, [])


def test_joined_runs_reach_the_end_of_a_cycle():
    days = run(date(2026, 10, 1), 29) | run(date(2026, 10, 31), 6)
    paid = [(date(2026, 10, 3), 3), (date(2026, 10, 7), 7), (date(2026, 10, 15), 15), (date(2026, 11, 2), 3)]

    reward = makeup_reward(date(2026, 10, 30), days, paid, RULE)

    assert reward.rows[0].points == 20
    assert milestones_of(reward) == [30]


@given(before=st.integers(0, 70), after=st.integers(0, 6))
def test_a_made_up_gap_never_pays_less_or_more_milestones_than_an_unbroken_run(before, after):
    first = date(2026, 1, 1)
    gap = first + before * ONE_DAY
    days = run(first, before) | run(gap + ONE_DAY, after)
    paid = [
        milestone
        for start, length in ((first, before), (gap + ONE_DAY, after))
        for milestone in paid_in(start, length)
    ]

    made_up = milestones_of(makeup_reward(gap, days, paid, RULE))
    all_paid = sorted([days for _, days in paid] + made_up)
    unbroken = sorted(days for _, days in paid_in(first, before + 1 + after))

    # The later run may have been paid early milestones that the joined one would not reach again.
    assert set(unbroken) <= set(all_paid)
    for milestone in RULE.milestones:
        assert all_paid.count(milestone.days) == max(
            unbroken.count(milestone.days), [days for _, days in paid].count(milestone.days)
        )


def paid_in(start: date, length: int) -> list[tuple[date, int]]:
    """What an unbroken run of ordinary sign-ins is paid."""
    return [
        (start + (streak - 1) * ONE_DAY, row.milestone_days)
        for streak in range(1, length + 1)
        for row in sign_in_reward(streak, RULE).rows
        if row.milestone_days
    ]
