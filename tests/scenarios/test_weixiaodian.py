"""微小店: one shop's points, typed in and published at once, and a member's month under them, to the point."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from shop.adapters.messaging import messenger
from shop.extensions import db
from shop.models import Order
from tests.races import results_of, run_together
from tests.scenarios.cast import Guest, Owner, let_the_jobs_run, newcomer, open_shop
from tests.scenarios.ziran_tang import enter_sign_in

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 6, 1, 12, tzinfo=SHANGHAI)
A_DAY = timedelta(days=1)
WEEK = [5, 5, 10, 10, 15, 15, 30]
PHONE = "13905180518"
TABLE = "5 / 5 / 10 / 10 / 15 / 15 / 30"


@pytest.fixture
def owner(app, clock) -> Owner:
    """The rules are in the draft, the coupon is on offer; nothing is published yet."""
    clock.stand_at(MONDAY - A_DAY)
    owner = open_shop(app)
    owner.change_rules("earning", points=1, per_cents="1", wait_days=0)
    enter_sign_in(owner, WEEK)
    owner.change_rules("expiry", **{"interaction-kind": "month_end", "interaction-periods_after": 0})
    owner.open("/merchant/rulebook/sections/reminders")
    owner.press_value("remove_row", "days-2").press_value("remove_row", "days-1")
    owner.press("存进草稿", **{"days-0": 7}).reads("草稿已经存好")
    owner.change_rules("shipping", fee_cents="0")
    owner.change_rules("orders", points_max=1000, code_from_points=1000)
    owner.open("/merchant/coupons/new")
    owner.press(
        "存下来", name="5 元券", off_cents="5", price_points="200", valid_days="30", is_automatic="y"
    ).press("开始发放")
    owner.open("/merchant/categories").press("保存", name="杯子")
    return owner


def on(clock, day: int) -> None:
    clock.stand_at(MONDAY + day * A_DAY)
    let_the_jobs_run()


def later(clock) -> None:
    clock.move(minutes=1)
    let_the_jobs_run()


def buys(owner: Owner, member: Guest, path: str, pays: str) -> None:
    number = member.redeem(path, way="shipping")
    member.reads("还要付", pays).pay()
    owner.ship(number)
    member.receive(number)
    let_the_jobs_run()


def test_what_is_a_draft_nobody_sees_and_what_is_published_stands_at_once(owner, client):
    guest = Guest(client)
    assert TABLE not in guest.open("/rules").text

    owner.publish_rules("开张")

    guest.open("/rules").reads(TABLE, "每单最多用 1,000 积分", "一单用满 1,000 积分，要填手机收到的验证码")


def test_a_month_of_one_member(app, clock, owner):
    owner.publish_rules("开张")
    goods = {yuan: owner.put_on_sale(f"杯垫 {yuan}", yuan=yuan, units=9) for yuan in ("170", "20")}
    on(clock, 0)
    member = newcomer(app, PHONE, "小满")
    member.add_address()
    member.open("/member/coupons/automatic").press("存下来", on_reaching="yes")
    buys(owner, member, goods["170"], "¥170.00")
    assert member.balance == 170

    for day in range(4):
        on(clock, day)
        member.signs_in()
    later(clock)
    assert member.balance == 0
    assert member.history() == [-200, 10, 10, 5, 5, 170]
    member.open("/member/points").reads("自动换券：5 元券")
    for day in range(4, 7):
        on(clock, day)
        member.signs_in()
    later(clock)
    assert member.balance == 60

    buys(owner, member, goods["20"], "¥15.00")
    assert member.balance == 60 + 15
    for day in range(14, 30):
        on(clock, day)
    told = member.open("/member/notifications").text
    assert told.count("60 积分快到期：6 月 30 日 60 分。") == 1, "once in the month"


def test_two_mugs_a_code_and_not_a_third(app, clock, owner):
    owner.publish_rules("开张")
    path = owner.put_on_sale("马克杯", points=500, units=30, kind="service")
    owner.press("保存", limit_per_member=2).reads("存好了")
    on(clock, 0)
    member = newcomer(app, PHONE, "小满")
    owner.give_points(PHONE, 2000, "开业礼")
    let_the_jobs_run()

    member.open("/member").open(path).press("兑换")
    member.press("重新计算", qty=2).reads("1,000", "获取验证码").press("获取验证码")
    let_the_jobs_run()
    code = re.findall(r"\d{6}", messenger().sent[-1].text)[0]
    answers = together(app, member, code)

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1, "twenty taps are one order"
    assert db.session.scalar(select(func.count()).select_from(Order)) == 1
    assert member.balance == 1000
    member.open(path)
    assert not member.has_button("兑换")
    member.reads("你已经换满了，到此为止是 2 件")


def together(app, member: Guest, code: str):
    """The member's form, sent twenty times at one moment."""
    form, _button = member._form_with("确认兑换")
    values = {**form.values, "code": code}

    def tap():
        browser = app.test_client()
        browser._cookies = dict(member.client._cookies)
        return browser.post("/checkout", data=values)

    return results_of(run_together([tap] * 20))
