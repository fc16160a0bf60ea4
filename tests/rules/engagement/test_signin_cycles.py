"""Cycles of sign-ins: weeks, months, rounds; steps of a month; and a table that changes in the middle."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.engagement.signin import (
    DaySigned,
    Table,
    due_by_makeup,
    due_on,
    makeup_reward,
    sign_in_reward,
)
from shop.rules.rulebook import (
    DEFAULT_RULEBOOK,
    Milestone,
    MonthStep,
    RulebookInvalid,
    parse_rulebook,
    rulebook_document,
)

ONE_DAY = timedelta(days=1)
MONDAY = date(2026, 3, 2)
NOON = datetime(2026, 1, 1, 4, tzinfo=UTC)
FLAT = replace(DEFAULT_RULEBOOK.signin, day_points=(10,), milestones=())
WEEK = replace(
    FLAT,
    day_points=(5, 5, 10, 10, 15, 15, 30),
    streak_cycle="week",
    milestones=(Milestone(days=3, points=20), Milestone(days=7, points=70)),
)
MONTH = replace(WEEK, streak_cycle="month", day_points=(1, 2), milestones=(Milestone(days=3, points=20),))
ROUNDS = replace(FLAT, day_points=(5, 5, 10, 10, 15, 15, 30), cycle=True)
STEPS = replace(FLAT, month_steps=(MonthStep(days=3, points=30), MonthStep(days=5, points=50)))


class Member:
    """Signs in and makes up, under the table that is in force on each day."""

    def __init__(self, table_of: Callable[[date], Table]) -> None:
        self.table_of = table_of
        self.days: list[DaySigned] = []

    def sign(self, *days: date) -> list[int]:
        return [self._keep(due_on(day, self.days, self.table_of(day)), day) for day in days]

    def make_up(self, day: date, on: date) -> int:
        due = due_by_makeup(day, self.days, self.table_of(on))
        following = {each.day: each for each in self.days}
        end = day
        while end + ONE_DAY in following:
            end += ONE_DAY
        for place, each in enumerate(self.days):
            if day < each.day <= end:
                self.days[place] = replace(each, streak=each.streak + due.streak)
        return self._keep(due, on)

    def _keep(self, due, on) -> int:
        recorded = NOON + timedelta(days=(on - MONDAY).days, minutes=len(self.days))
        self.days.append(
            DaySigned(
                due.day,
                due.streak,
                due.cycle,
                self.table_of(on),
                recorded,
                due.reward.days_of("milestone"),
            )
        )
        self.days.sort(key=lambda each: each.day)
        return due.reward.total

    def kept(self, day: date) -> list[str]:
        """What the reward of a day says about versions."""
        reasons = due_on(day, self.days, self.table_of(day)).reward.rows[0].reasons
        return [f"{each.code} {each.params['version']}" for each in reasons if "kept" in each.code]


def under(rule) -> Member:
    return Member(lambda _day: Table(1, rule))


def changing(*tables) -> Member:
    """Tables by the day from which they are in force."""

    def table_of(day: date) -> Table:
        number = max(number for number, (since, _rule) in enumerate(tables) if since <= day)
        return Table(number + 1, tables[number][1])

    return Member(table_of)


def days(first: date, count: int) -> Iterable[date]:
    return [first + number * ONE_DAY for number in range(count)]


def test_week_table_pays_ninety_and_starts_again_on_monday():
    member = under(replace(WEEK, milestones=()))

    assert member.sign(*days(MONDAY, 7)) == [5, 5, 10, 10, 15, 15, 30]
    assert member.sign(*days(MONDAY + 7 * ONE_DAY, 2)) == [5, 5]


def test_a_week_that_begins_on_friday_has_three_days():
    member = under(replace(WEEK, milestones=()))

    assert member.sign(*days(MONDAY + 4 * ONE_DAY, 4)) == [5, 5, 10, 5]


def test_a_milestone_comes_once_a_week_though_the_streak_began_again():
    member = under(WEEK)

    assert member.sign(*days(MONDAY, 3)) == [5, 5, 30]
    assert member.sign(*days(MONDAY + 4 * ONE_DAY, 3)) == [5, 5, 10]
    assert member.sign(*days(MONDAY + 7 * ONE_DAY, 3)) == [5, 5, 30]


def test_a_month_counts_anew_on_its_first():
    member = under(MONTH)

    assert member.sign(*days(date(2028, 2, 27), 6)) == [1, 2, 22, 1, 2, 22]


def test_made_up_day_joins_within_the_week_alone():
    """Friday to Sunday before, Monday missed, Tuesday and Wednesday signed: the made-up Monday is the first of its week."""
    member = under(WEEK)
    member.sign(*days(MONDAY - 3 * ONE_DAY, 3), MONDAY + ONE_DAY, MONDAY + 2 * ONE_DAY)

    assert member.make_up(MONDAY, on=MONDAY + 2 * ONE_DAY) == 5 + 20
    assert member.sign(*days(MONDAY + 3 * ONE_DAY, 4)) == [10, 15, 15, 30 + 70]


def test_steps_of_a_month_need_no_streak_and_come_once():
    member = under(STEPS)

    assert member.sign(*(date(2026, 3, day) for day in (2, 9, 20, 22, 31))) == [10, 10, 40, 10, 60]
    assert member.sign(*(date(2026, 4, day) for day in (1, 3, 5))) == [10, 10, 40]


def test_made_up_day_counts_in_its_month():
    member = under(STEPS)
    member.sign(MONDAY, MONDAY + 3 * ONE_DAY)

    assert member.make_up(MONDAY + ONE_DAY, on=MONDAY + 3 * ONE_DAY) == 10 + 30
    assert member.sign(MONDAY + 4 * ONE_DAY) == [10]


@given(st.lists(st.integers(0, 30), unique=True, max_size=31), st.integers(0, 31))
def test_each_step_once_whatever_the_order(numbers, made_up):
    """Of a month's days, signed in order with some made up later, each step is paid once when its number is reached."""
    steps = tuple(MonthStep(days=each, points=1000) for each in (1, 4, 9, 31))
    member = under(replace(FLAT, month_steps=steps))
    chosen = [date(2026, 3, 1) + number * ONE_DAY for number in sorted(numbers)]
    later = set(chosen[:made_up:2])
    paid = sum(member.sign(*(day for day in chosen if day not in later)))
    paid += sum(member.make_up(day, on=date(2026, 3, 31)) for day in sorted(later))

    assert paid // 1000 == sum(step.days <= len(chosen) for step in steps)


def test_running_week_finishes_under_the_table_it_began_with():
    richer = replace(WEEK, day_points=(50,), milestones=())
    member = changing((date.min, WEEK), (MONDAY + 2 * ONE_DAY, richer))

    assert member.sign(*days(MONDAY, 7)) == [5, 5, 30, 10, 15, 15, 100]
    assert member.sign(*days(MONDAY + 7 * ONE_DAY, 2)) == [50, 50]


def test_a_broken_streak_stays_in_its_week():
    member = changing((date.min, WEEK), (MONDAY + 2 * ONE_DAY, replace(FLAT, day_points=(50,))))
    member.sign(MONDAY)

    assert member.kept(MONDAY + 3 * ONE_DAY) == ["sign_in_cycle_kept 1"]
    assert member.sign(MONDAY + 3 * ONE_DAY, MONDAY + 7 * ONE_DAY) == [5, 50]


def test_running_round_of_an_endless_streak_finishes_and_the_next_counts_from_its_first_day():
    member = changing((date.min, ROUNDS), (MONDAY + 2 * ONE_DAY, replace(ROUNDS, day_points=(1, 2, 3))))

    assert member.sign(*days(MONDAY, 11)) == [5, 5, 10, 10, 15, 15, 30, 1, 2, 3, 1]
    assert member.days[-1].streak == 11


def test_a_flat_table_changes_on_the_next_day():
    member = changing((date.min, FLAT), (MONDAY + 2 * ONE_DAY, replace(FLAT, day_points=(20,))))

    assert member.sign(*days(MONDAY, 4)) == [10, 10, 20, 20]
    assert member.kept(MONDAY + 4 * ONE_DAY) == []


def test_a_broken_streak_begins_under_the_new_table():
    member = changing((date.min, ROUNDS), (MONDAY + 2 * ONE_DAY, replace(FLAT, day_points=(50,))))

    assert member.sign(MONDAY, MONDAY + ONE_DAY, MONDAY + 3 * ONE_DAY) == [5, 5, 50]


def test_what_does_not_pay_changes_nothing_in_the_middle():
    """Make-ups that cost more do not begin a new round."""
    dearer = replace(ROUNDS, makeup=replace(ROUNDS.makeup, cost_points=99))
    member = changing((date.min, ROUNDS), (MONDAY + 2 * ONE_DAY, dearer))

    assert member.sign(*days(MONDAY, 8)) == [5, 5, 10, 10, 15, 15, 30, 5]
    assert member.kept(MONDAY + 8 * ONE_DAY) == []


def test_a_month_keeps_the_steps_it_began_with():
    richer = replace(STEPS, month_steps=(MonthStep(days=4, points=500),))
    member = changing((date.min, STEPS), (date(2026, 3, 10), richer))
    member.sign(date(2026, 3, 2))

    assert member.sign(*(date(2026, 3, day) for day in (11, 12, 13))) == [10, 40, 10]
    assert member.kept(date(2026, 3, 20)) == ["sign_in_month_kept 1"]
    assert member.sign(*(date(2026, 4, day) for day in (1, 2, 3, 4))) == [10, 10, 10, 510]


def test_made_up_day_of_the_running_round_is_paid_by_its_table():
    member = changing((date.min, ROUNDS), (MONDAY + 4 * ONE_DAY, replace(ROUNDS, day_points=(1, 2, 3))))
    member.sign(*days(MONDAY, 3))
    member.sign(MONDAY + 4 * ONE_DAY)

    assert member.make_up(MONDAY + 3 * ONE_DAY, on=MONDAY + 4 * ONE_DAY) == 10


def test_a_made_up_day_never_pays_a_milestone_twice_at_once():
    """A version that brings milestones to a run of ninety days that never had any."""
    rule = replace(FLAT, milestones=(Milestone(days=7, points=70),), milestone_cycle_days=30)
    run = {MONDAY + number * ONE_DAY for number in range(90)}

    reward = makeup_reward(MONDAY + 50 * ONE_DAY, run - {MONDAY + 50 * ONE_DAY}, [], rule)

    assert reward.days_of("milestone") == (7,)


def test_examples_need_no_calendar():
    assert [sign_in_reward(day, WEEK).total for day in range(1, 9)] == [5, 5, 30, 10, 15, 15, 100, 5]


def faults_of(**signin):
    document = rulebook_document(DEFAULT_RULEBOOK)
    document["signin"] |= signin
    with pytest.raises(RulebookInvalid) as raised:
        parse_rulebook(document)
    return {(fault.path, fault.code) for fault in raised.value.faults}


def step(number, points=1, **more):
    return {"days": number, "points": points, **more}


@pytest.mark.parametrize(
    ("signin", "path", "code"),
    [
        ({"streak_cycle": "week", "milestones": []}, "signin.day_points", "table_after_cycle"),
        (
            {"streak_cycle": "week", "milestones": [step(8)]},
            "signin.milestones[0].days",
            "milestone_after_cycle",
        ),
        ({"streak_cycle": "year"}, "signin.streak_cycle", "not_a_choice"),
        (
            {"streak_cycle": "month", "milestones": [step(32)]},
            "signin.milestones[0].days",
            "milestone_after_cycle",
        ),
        ({"milestones": [step(3, 0)]}, "signin.milestones[0].points", "reward_missing"),
        ({"month_steps": [step(3, 0, tickets=0)]}, "signin.month_steps[0].points", "reward_missing"),
        ({"month_steps": [step(5), step(5)]}, "signin.month_steps[1].days", "milestones_not_rising"),
        ({"month_steps": [step(32)]}, "signin.month_steps[0].days", "above_maximum"),
        (
            {"month_steps": [step(5, coupon_code="a b")]},
            "signin.month_steps[0].coupon_code",
            "text_malformed",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(signin, path, code):
    assert (path, code) in faults_of(**signin)


def test_a_step_may_bring_nothing_but_a_coupon_or_tickets():
    document = rulebook_document(DEFAULT_RULEBOOK)
    document["signin"] |= {"month_steps": [step(5, 0, tickets=1), step(9, 0, coupon_code="five")]}

    assert [each.tickets for each in parse_rulebook(document).signin.month_steps] == [1, 0]
