"""Signing in by the week, with a coupon, tickets and a month's steps: typed into the back office, lived by a member."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.coupons import make_template
from tests.draws import make_draw
from tests.scenarios.cast import newcomer, open_shop

MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)  # noon in Shanghai
A_DAY = timedelta(days=1)
WEEK = {f"day_points-{day}": points for day, points in enumerate((5, 5, 10, 10, 15, 15, 30))}


@pytest.fixture
def cast(app, clock):
    """A shop with a week table, a milestone with a coupon, a month's step with tickets; a draw; and a member."""
    clock.stand_at(MONDAY - A_DAY)
    owner = open_shop(app)
    code = make_template(name="五元券", code="five-off")
    make_draw(now=MONDAY, free_per_day=0)
    owner.open("/merchant/rulebook/sections/signin").press_value("remove_row", "day_points-7")
    for _row in range(3):
        owner.press_value("remove_row", "milestones-1")
    owner.press_value("add_row", "month_steps")
    owner.press(
        "存进草稿",
        streak_cycle="week",
        **WEEK,
        **{"milestones-0-days": 3, "milestones-0-points": 20, "milestones-0-coupon_code": code},
        **{"month_steps-0-days": 5, "month_steps-0-points": "", "month_steps-0-tickets": 2},
    ).reads("草稿已经存好")
    owner.publish_rules()
    return owner, newcomer(app, "13805712046")


def signs_in(clock, member, day):
    clock.stand_at(MONDAY + day * A_DAY)
    return member.open("/signin").press("拾一拾")


def test_a_week_of_signing_in(clock, cast):
    _owner, member = cast
    member.open("/rules").reads(
        "5 / 5 / 10 / 10 / 15 / 15 / 30", "连续天数每周一从头数", "连续满 3 天另加 20 积分、1 张优惠券",
        "连续奖励每周各给一次", "一个月里签满 5 天（不用连着）另加 2 张抽奖券",
    )  # fmt: skip
    clock.stand_at(MONDAY)
    calendar = member.open("/signin")
    calendar.reads(
        "+5 积分", "+10 积分，满 3 天再加 20，还有1 张优惠券", "+15 积分，还有2 张抽奖券", "每周一从头数"
    )

    signs_in(clock, member, 0)
    signs_in(clock, member, 1)
    signs_in(clock, member, 2).reads("连续 3 天里程碑", "+20", "送你一张「五元券」")
    member.open("/member/coupons").reads("五元券")
    assert member.balance == 5 + 5 + 10 + 20

    signs_in(clock, member, 3)
    signs_in(clock, member, 4).reads("送你 2 张抽奖券，抽「周末抽一抽」用")
    member.open("/draws/weekend").reads("这次用 1 张抽奖券，还有 2 张")
    before = member.balance
    member.open("/draws/weekend").press("抽一抽")
    member.open("/draws/weekend").reads("这次用 1 张抽奖券，还有 1 张")
    assert member.balance in (before, before + 20)  # the ticket paid; the draw may give 20

    before = member.balance
    signs_in(clock, member, 5)
    signs_in(clock, member, 6)
    assert member.balance == before + 15 + 30
    signs_in(clock, member, 7).reads("今日签到，连续第 8 天", "+5")
    assert "是这一轮的第 1 天" in member.why()


def test_new_rules_wait_for_the_next_week(clock, cast):
    owner, member = cast
    signs_in(clock, member, 0)
    signs_in(clock, member, 1)
    owner.change_rules("signin", **{f"day_points-{day}": 40 for day in range(7)})
    owner.publish_rules()

    member.open("/rules").reads("40 / 40 / 40", "正在走的这一轮")
    member.open("/signin").reads("签到规则改过了：你这一轮从第 2 版开始")
    signs_in(clock, member, 2)
    assert member.balance == 5 + 5 + 10 + 20
    assert "这一轮是按第 2 版规则开始的" in member.why(1)
    signs_in(clock, member, 7)
    assert member.history()[0] == 40
    assert "签到规则改过了" not in member.open("/signin").text


def test_the_calendar_names_each_coming_day(clock, cast):
    """The days of the month with what each will bring, as the page says it to those who cannot see it."""
    _owner, member = cast
    clock.stand_at(MONDAY)
    member.open("/signin")

    coming = re.findall(r"(\d+) \+(\d+) 积分", member.text)

    assert coming[:8] == [
        ("3", "5"),
        ("4", "10"),
        ("5", "10"),
        ("6", "15"),
        ("7", "15"),
        ("8", "30"),
        ("9", "5"),
        ("10", "5"),
    ]


def test_what_cannot_be_is_told_at_its_field(cast):
    owner, _member = cast
    owner.open("/merchant/rulebook/sections/signin").press(
        "存进草稿", **{"milestones-0-days": 8, "month_steps-0-tickets": ""}
    )

    owner.reads("不能超过一轮的 7 天", "至少填一样")
    assert 'id="milestones-0-days-error"' in owner.answer.text
