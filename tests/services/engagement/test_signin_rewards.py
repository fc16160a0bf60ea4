"""Cycles, steps of a month, coupons and tickets: what a sign-in books, and what the calendar promised before."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from shop.books import tickets
from shop.extensions import db
from shop.jobs.schedule import tell_what_happened
from shop.models import Coupon, CouponTemplate, Message, PointsEntry, SignIn
from shop.queries.engagement.signin.calendar import calendar_for
from shop.queries.engagement.signin.result import result_of
from shop.queries.points.balance import balance_of
from shop.rules.rulebook import (
    CapRule,
    Milestone,
    MonthStep,
    MultiplyEffect,
    PeriodCondition,
    PointsEffect,
    Rule,
    Times,
)
from shop.services.engagement.signin import make_up, sign_in
from shop.services.points.simulating import replay_live, simulate
from shop.transaction import transaction
from tests.coupons import coupons_of, make_template, template_of
from tests.draws import make_draw
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook
from tests.races import errors_of, results_of, run_together

A_DAY = timedelta(days=1)
FIRST = datetime(2026, 3, 1, 4, tzinfo=UTC)  # a Sunday, noon in Shanghai
FLAT = replace(AT_ONCE.signin, day_points=(10,), milestones=())
WEEK = replace(
    FLAT,
    streak_cycle="week",
    day_points=(5, 5, 10, 10, 15, 15, 30),
    milestones=(Milestone(days=3, points=20),),
)


def shop_with(**signin):
    return make_rulebook(replace(AT_ONCE, signin=replace(FLAT, **signin)))


def codes_of(member_id, now):
    result = result_of(member_id, now.astimezone(UTC).date(), now)
    return [gift["code"] for gift in result.gifts]


def test_the_week_ends_at_midnight_on_sunday_in_the_shop(app):
    make_rulebook(replace(AT_ONCE, signin=WEEK))
    member_id = make_member()
    sunday = datetime(2026, 3, 8, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Shanghai
    paid = [sign_in(member_id, sunday - back * A_DAY).points for back in (2, 1, 0)]

    assert [*paid, sign_in(member_id, sunday + timedelta(seconds=1)).points] == [5, 5, 10 + 20, 5]


def test_the_month_ends_at_midnight_of_its_last_day(app):
    shop_with(month_steps=(MonthStep(days=2, points=100),))
    member_id = make_member()
    last = datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC)

    paid = [sign_in(member_id, last + each).points for each in (-A_DAY, timedelta(0), timedelta(seconds=1))]

    assert paid == [10, 110, 10]
    assert sign_in(member_id, last + 5 * A_DAY).points == 110


def test_a_made_up_day_reaches_a_step_of_its_month_once(app):
    shop_with(month_steps=(MonthStep(days=3, points=100),))
    member_id = make_member(points=100)
    for offset in (0, 2):
        sign_in(member_id, MONDAY + offset * A_DAY)

    made_up = make_up(member_id, (MONDAY + A_DAY).date(), MONDAY + 2 * A_DAY)

    assert made_up.points == 110
    assert sign_in(member_id, MONDAY + 3 * A_DAY).points == 10
    references = db.session.scalars(
        select(PointsEntry.reference).where(PointsEntry.reference.startswith("signin-month:"))
    ).all()
    assert references == [f"signin-month:{member_id}:2026-03:3"]


def test_a_milestone_brings_points_a_coupon_and_tickets_in_one_go(app):
    code, draw_id = make_template(name="五元券"), make_draw()
    shop_with(milestones=(Milestone(days=2, points=20, tickets=3, coupon_code=code),))
    member_id = make_member()
    sign_in(member_id, MONDAY)

    assert sign_in(member_id, MONDAY + A_DAY).points == 30

    assert [coupon.state for coupon in coupons_of(member_id)] == ["unused"]
    assert tickets.left(member_id, draw_id) == 3
    assert codes_of(member_id, MONDAY + A_DAY) == ["sign_in_tickets", "sign_in_coupon"]


def test_twenty_taps_on_the_day_of_a_milestone_bring_one_coupon(app):
    code, draw_id = make_template(), make_draw()
    shop_with(milestones=(Milestone(days=1, points=0, tickets=2, coupon_code=code),))
    member_id = make_member()

    outcomes = run_together([lambda: sign_in(member_id, MONDAY)] * 20)

    assert not errors_of(outcomes)
    assert sum(not each.is_repeat for each in results_of(outcomes)) == 1
    assert (len(coupons_of(member_id)), template_of(code).issued) == (1, 1)
    assert tickets.left(member_id, draw_id) == 2


def test_fifty_members_and_the_last_coupon(app):
    """Everybody's points come; the coupon comes once, and the others are told that it is gone."""
    code = make_template(total_limit=1, name="最后一张")
    shop_with(milestones=(Milestone(days=1, points=7, coupon_code=code),))
    members = [make_member() for _ in range(10)]

    outcomes = run_together([lambda member_id=member_id: sign_in(member_id, MONDAY) for member_id in members])

    assert [each.points for each in results_of(outcomes)] == [17] * 10
    assert db.session.scalar(select(func.count()).select_from(Coupon)) == 1
    told = [codes_of(member_id, MONDAY)[0] for member_id in members]
    assert (told.count("sign_in_coupon"), told.count("sign_in_coupon_gone")) == (1, 9)


@pytest.mark.parametrize("gone", ["withdrawn", "never made", "had enough"])
def test_a_coupon_that_cannot_come_leaves_the_points(app, gone):
    code = make_template(limit_per_member=1)
    shop_with(milestones=(Milestone(days=1, points=5, coupon_code=code if gone != "never made" else "none"),))
    member_id = make_member()
    if gone == "withdrawn":
        with transaction() as session:
            session.execute(update(CouponTemplate).values(state="off"))
    if gone == "had enough":
        sign_in(member_id, MONDAY - 3 * A_DAY)

    assert sign_in(member_id, MONDAY).points == 15
    assert codes_of(member_id, MONDAY) == ["sign_in_coupon_gone"]


def test_tickets_need_an_open_draw(app):
    shop_with(milestones=(Milestone(days=1, points=5, tickets=2),))
    member_id = make_member()

    assert sign_in(member_id, MONDAY).points == 15
    assert codes_of(member_id, MONDAY) == ["sign_in_tickets_gone"]


def test_the_coupon_is_told_in_the_box(app):
    shop_with(milestones=(Milestone(days=1, points=0, coupon_code=make_template(name="五元券")),))
    member_id = make_member()
    sign_in(member_id, MONDAY)
    tell_what_happened(MONDAY)

    assert db.session.scalar(select(func.count()).where(Message.member_id == member_id)) >= 1


def test_a_version_in_the_middle_of_a_week_waits_for_monday(app):
    make_rulebook(replace(AT_ONCE, signin=WEEK))
    member_id = make_member()
    paid = [sign_in(member_id, MONDAY + offset * A_DAY).points for offset in range(3)]
    second = make_rulebook(
        replace(AT_ONCE, signin=replace(FLAT, day_points=(50,))),
        effective_at=MONDAY + 2 * A_DAY + timedelta(hours=1),
    )
    calendar = calendar_for(member_id, MONDAY + 3 * A_DAY)
    paid += [sign_in(member_id, MONDAY + offset * A_DAY).points for offset in range(3, 8)]

    assert paid == [5, 5, 30, 10, 15, 15, 30, 50]
    assert calendar.kept_version == second - 1
    rows = db.session.execute(
        select(SignIn.cycle_version, SignIn.rulebook_version).order_by(SignIn.day)
    ).all()
    assert [row.cycle_version for row in rows] == [second - 1] * 7 + [second]
    assert [row.rulebook_version for row in rows] == [second - 1] * 3 + [second] * 5


def promised_and_paid(member_id, start, days):
    """What the calendar of the first day says of each coming day of its month, and what these days then pay."""
    calendar = calendar_for(member_id, start)
    promised = {cell.day: cell.offer.total for cell in calendar.cells if cell.offer}
    paid = {}
    for offset in range(days):
        moment = start + offset * A_DAY
        offer = calendar_for(member_id, moment).offer
        signed = sign_in(member_id, moment)
        assert signed.points == offer.total
        paid[signed.day] = signed.points
    return promised, paid


def test_the_calendar_promises_what_each_coming_day_pays(app):
    """With a tier, a member day, a gift on the 20th once a year, caps of a day and a month, steps, and a version to come."""
    member_day = Rule(
        code="eighth",
        name="会员日",
        event="signed_in",
        effect=MultiplyEffect(multiplier_permille=2000),
        conditions=(PeriodCondition(month_days=(8, 18)),),
        source_class="interaction",
    )
    once = Rule(
        code="once",
        name="周年",
        event="signed_in",
        effect=PointsEffect(points=33),
        conditions=(PeriodCondition(month_days=(20, 21)),),
        source_class="grant",
        times=Times(count=1, per="year"),
    )
    rulebook = replace(
        AT_ONCE,
        rules=(member_day, once),
        tiers=tuple(replace(tier, signin_multiplier_permille=1500) for tier in AT_ONCE.tiers),
        caps=(
            CapRule(name="互动", classes=("interaction",), points=600, per="month"),
            CapRule(name="每天", classes=("interaction", "grant"), points=40, per="day"),
        ),
        signin=replace(WEEK, month_steps=(MonthStep(days=4, points=9), MonthStep(days=20, points=90))),
    )
    make_rulebook(rulebook)
    better = replace(rulebook.signin, day_points=(12,), milestones=(), month_steps=())
    make_rulebook(replace(rulebook, signin=better), effective_at=FIRST + 10 * A_DAY)
    member_id = make_member(now=FIRST - 3 * A_DAY)

    promised, paid = promised_and_paid(member_id, FIRST, 31)

    assert promised == paid
    assert len(promised) == 31
    assert max(paid.values()) == 40
    assert paid[date(2026, 3, 31)] == 0


def test_what_was_paid_replays_to_the_books(app):
    """Weeks, steps, made-up days and a version in the middle: the simulator's live replay has every point."""
    first = replace(AT_ONCE, signin=replace(WEEK, month_steps=(MonthStep(days=5, points=55),)))
    make_rulebook(first)
    member_id, other_id = make_member(points=200), make_member(points=200)
    second = replace(AT_ONCE, signin=replace(FLAT, day_points=(1, 2, 3), cycle=True, month_steps=()))
    make_rulebook(second, effective_at=MONDAY + 9 * A_DAY)
    for offset in range(40):
        moment = MONDAY + offset * A_DAY + timedelta(minutes=offset)
        if offset % 5 != 3:
            sign_in(member_id, moment)
        if offset == 4:
            make_up(member_id, (moment - A_DAY).date(), moment)
        if offset % 3:
            sign_in(other_id, moment)
        if offset == 13:
            make_up(other_id, (moment - A_DAY).date(), moment)
    end = MONDAY + 41 * A_DAY

    for days in (60, 25, 6):
        figures = replay_live(days, end).figures
        assert figures.balances == {each: balance_of(each, end).available for each in (member_id, other_id)}


def test_a_made_up_day_between_two_tables_leaves_each_its_count(app):
    """Two days by the old table, one missed, two by the new one: the missed day is the old table's third."""
    rounds = replace(FLAT, day_points=(5, 5, 10, 10, 15), cycle=True)
    make_rulebook(replace(AT_ONCE, signin=rounds))
    make_rulebook(
        replace(AT_ONCE, signin=replace(rounds, day_points=(1, 2, 3))), effective_at=MONDAY + 2 * A_DAY
    )
    member_id = make_member(points=100)
    before = [sign_in(member_id, MONDAY + offset * A_DAY).points for offset in (0, 1, 3, 4)]

    made_up = make_up(member_id, (MONDAY + 2 * A_DAY).date(), MONDAY + 4 * A_DAY)
    after = [sign_in(member_id, MONDAY + offset * A_DAY) for offset in (5, 6)]

    assert (before, made_up.points) == ([5, 5, 1, 2], 10)
    assert [(day.streak, day.points) for day in after] == [(6, 3), (7, 1)]
    assert replay_live(60, MONDAY + 7 * A_DAY).figures.balances == {
        member_id: balance_of(member_id, MONDAY + 7 * A_DAY).available
    }


def test_a_draft_with_steps_of_a_month_would_have_given_them(app):
    shop_with()
    member_id = make_member()
    for offset in range(6):
        sign_in(member_id, MONDAY + offset * A_DAY)
    drafted = replace(
        AT_ONCE,
        signin=replace(WEEK, day_points=(10,), milestones=(), month_steps=(MonthStep(days=4, points=100),)),
    )

    document = simulate(drafted, 30, MONDAY + 7 * A_DAY)[0].document

    assert (document["live"]["issued"], document["draft"]["issued"]) == (60, 160)
