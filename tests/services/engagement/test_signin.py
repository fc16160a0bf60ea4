"""Signing in once a day: the streak, milestones, caps, and making up a missed day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from shop.errors import InsufficientPoints, MakeUpRefused, MemberSuspended
from shop.extensions import db
from shop.models import Member, PointsEntry, SignIn
from shop.queries.engagement.signin.calendar import calendar_for, today_for
from shop.queries.points.balance import balance_of
from shop.rules.rulebook import CapRule, MakeUpRule, MultiplyEffect, PeriodCondition, Rule
from shop.services.engagement.signin import make_up, sign_in
from shop.transaction import transaction
from tests.factories import AT_ONCE, MONDAY, give_points, make_member, make_rulebook
from tests.races import errors_of, results_of, run_together

A_DAY = timedelta(days=1)
RULE = AT_ONCE.signin


def sign_in_days(member_id, *offsets):
    """Sign in so many days after MONDAY."""
    return [sign_in(member_id, MONDAY + offset * A_DAY) for offset in offsets]


def entries_like(prefix):
    return db.session.scalar(select(func.count()).where(PointsEntry.reference.startswith(prefix)))


def streaks(member_id):
    statement = select(SignIn.streak).where(SignIn.member_id == member_id).order_by(SignIn.day)
    return list(db.session.scalars(statement))


def test_second_sign_in_of_a_day_pays_nothing(app):
    member_id = make_member()
    first = sign_in(member_id, MONDAY)

    second = sign_in(member_id, MONDAY + timedelta(hours=3))

    assert (first.points, first.is_repeat) == (10, False)
    assert (second.points, second.day, second.is_repeat) == (10, first.day, True)
    assert balance_of(member_id, MONDAY).available == 10


def test_twenty_taps_at_once_are_one_entry(app):
    member_id = make_member()

    outcomes = run_together([lambda: sign_in(member_id, MONDAY)] * 20)

    assert not errors_of(outcomes)
    assert sum(not result.is_repeat for result in results_of(outcomes)) == 1
    assert entries_like("signin") == 1


def test_streak_grows_pays_its_milestones_and_starts_again_after_a_gap(app):
    member_id = make_member()

    first_week = sign_in_days(member_id, *range(8))
    after_gap = sign_in_days(member_id, 9)

    assert [day.points for day in first_week] == [10, 10, 20, 10, 10, 10, 40, 20]
    assert [day.streak for day in first_week] == list(range(1, 9))
    assert (after_gap[0].streak, after_gap[0].points) == (1, 10)


def test_day_changes_at_midnight_of_the_shop(app):
    member_id = make_member()
    before = datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Shanghai
    after = before + timedelta(seconds=1)

    days = [sign_in(member_id, before).day, sign_in(member_id, after).day]

    assert days == [date(2026, 3, 2), date(2026, 3, 3)]


def test_cap_cuts_points_but_the_day_counts(app):
    cap = CapRule(name="互动积分", classes=("interaction",), points=25, per="month")
    make_rulebook(replace(AT_ONCE, caps=(cap,)))
    member_id = make_member()

    days = sign_in_days(member_id, 0, 1, 2, 3)

    assert [day.points for day in days] == [10, 10, 5, 0]
    assert days[-1].streak == 4
    assert calendar_for(member_id, MONDAY + 3 * A_DAY).found == 4


def test_cap_of_a_month_ends_with_the_month(app):
    cap = CapRule(name="互动积分", classes=("interaction",), points=10, per="month")
    make_rulebook(replace(AT_ONCE, caps=(cap,)))
    member_id = make_member()
    last_of_march = datetime(2026, 3, 31, 4, 0, tzinfo=UTC)

    points = [sign_in(member_id, last_of_march + offset * A_DAY).points for offset in (-1, 0, 1)]

    assert points == [10, 0, 10]


def test_made_up_day_joins_the_runs_and_pays_the_milestone_once(app):
    member_id = make_member(points=100)
    sign_in_days(member_id, 0, 1, 3, 4)

    made_up = make_up(member_id, (MONDAY + 2 * A_DAY).date(), MONDAY + 4 * A_DAY)

    assert (made_up.points, made_up.streak) == (20, 3)  # the third day and the milestone of three days
    assert streaks(member_id) == [1, 2, 3, 4, 5]
    assert sign_in(member_id, MONDAY + 5 * A_DAY).streak == 6
    assert balance_of(member_id, MONDAY + 5 * A_DAY).available == 100 + 4 * 10 + 20 - 50 + 10


def test_make_up_twice_costs_once(app):
    member_id = make_member(points=200)
    sign_in_days(member_id, 0, 2)
    tuesday = (MONDAY + A_DAY).date()

    outcomes = run_together([lambda: make_up(member_id, tuesday, MONDAY + 2 * A_DAY)] * 10)

    assert not errors_of(outcomes)
    assert entries_like("signin-makeup:") == 1


@pytest.mark.parametrize(
    "offset", [2, 3, 0, -8, -400], ids=["today", "tomorrow", "signed", "too old", "before joining"]
)
def test_only_a_missed_day_of_late_can_be_made_up(app, offset):
    member_id = make_member(points=500, now=MONDAY - 2 * A_DAY)
    sign_in_days(member_id, 0, 2)

    with pytest.raises(MakeUpRefused):
        make_up(member_id, (MONDAY + offset * A_DAY).date(), MONDAY + 2 * A_DAY)

    assert balance_of(member_id, MONDAY + 2 * A_DAY).available == 520


def test_make_ups_of_a_month_are_counted(app):
    member_id = make_member(points=500)
    sign_in_days(member_id, 0, 3)
    make_up(member_id, (MONDAY + A_DAY).date(), MONDAY + 3 * A_DAY)

    with pytest.raises(MakeUpRefused):
        make_up(member_id, (MONDAY + 2 * A_DAY).date(), MONDAY + 3 * A_DAY)


def test_make_up_without_points_changes_nothing(app):
    member_id = make_member(points=20)
    sign_in_days(member_id, 2)

    with pytest.raises(InsufficientPoints):
        make_up(member_id, (MONDAY + A_DAY).date(), MONDAY + 2 * A_DAY)

    assert streaks(member_id) == [1]


def test_free_make_up_books_no_spending(app):
    makeup = MakeUpRule(per_month=1, within_days=7, cost_points=0)
    make_rulebook(replace(AT_ONCE, signin=replace(RULE, makeup=makeup)))
    member_id = make_member()
    sign_in_days(member_id, 1)

    make_up(member_id, MONDAY.date(), MONDAY + A_DAY)

    assert streaks(member_id) == [1, 2]
    assert entries_like("signin-makeup:") == 0


def test_suspended_member_cannot_sign_in(app):
    member_id = make_member()
    with transaction() as session:
        session.execute(update(Member).where(Member.id == member_id).values(state="suspended"))

    with pytest.raises(MemberSuspended):
        sign_in(member_id, MONDAY)


def test_calendar_shows_found_missed_and_coming_days(app):
    member_id = make_member()
    sign_in_days(member_id, 0, 2)

    calendar = calendar_for(member_id, MONDAY + 3 * A_DAY)

    states = {cell.day.day: cell.state for cell in calendar.cells}
    assert (states[2], states[3], states[4], states[5], states[6]) == ("got", "miss", "got", "today", "gift")
    assert (calendar.found, calendar.missed, calendar.streak) == (2, 1, 1)
    assert calendar.makeup.days == (date(2026, 3, 3),)
    assert calendar.offer.points == 10


def test_month_never_repeats_a_find(app):
    member_id = make_member()
    sign_in_days(member_id, *range(29))

    calendar = calendar_for(member_id, MONDAY + 28 * A_DAY)

    pictures = [cell.picture for cell in calendar.cells if cell.picture]
    assert len(pictures) == len(set(pictures)) == 29


def test_offer_is_what_signing_in_then_pays(app):
    member_id = make_member()
    for offset in range(10):
        moment = MONDAY + offset * A_DAY
        offer = today_for(member_id, moment).offer

        signed = sign_in(member_id, moment)

        assert signed.points == offer.points + offer.milestone_points


def test_offer_promises_no_more_than_the_cap_leaves(app):
    cap = CapRule(name="互动积分", classes=("interaction",), points=25, per="month")
    make_rulebook(replace(AT_ONCE, caps=(cap,)))
    member_id = make_member()
    for offset in range(4):
        moment = MONDAY + offset * A_DAY
        offer = calendar_for(member_id, moment).offer

        assert sign_in(member_id, moment).points == offer.points + offer.milestone_points


def test_streak_is_gone_after_a_missed_day(app):
    member_id = make_member()
    give_points(member_id, 10)
    sign_in_days(member_id, 0, 1)

    assert today_for(member_id, MONDAY + 2 * A_DAY).streak == 2
    assert today_for(member_id, MONDAY + 3 * A_DAY).streak == 0


def test_tier_and_special_day_multiply_the_day_as_lines_of_their_own(app):
    """S06: 10 for the day, half as much again for the tier, as much again on the eighth of a month."""
    eighth = Rule(
        code="eighth",
        name="会员日",
        event="signed_in",
        effect=MultiplyEffect(multiplier_permille=2000),
        conditions=(PeriodCondition(month_days=(8,)),),
        source_class="interaction",
    )
    tiers = tuple(replace(tier, signin_multiplier_permille=1500) for tier in AT_ONCE.tiers)
    make_rulebook(replace(AT_ONCE, rules=(eighth,), tiers=tiers))
    member_id = make_member()

    seventh, day = (sign_in(member_id, MONDAY + timedelta(days=days)) for days in (5, 6))

    assert (seventh.points, day.points) == (15, 25)
    assert sign_in(member_id, MONDAY + timedelta(days=6)).points == 25
    assert points_booked(member_id) == [10, 5, 10, 5, 10]


def points_booked(member_id):
    return list(db.session.scalars(select(PointsEntry.points).order_by(PointsEntry.id)))
