"""有赞: a shop in ten minutes, by its five pages, one rule and one coupon; then its members move in from a file."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import Member
from tests.imports import balance_of_phone, lots_of_phone, phone_of, send, youzan_file
from tests.scenarios.cast import Guest, Owner, let_the_jobs_run, newcomer, open_shop
from tests.setting_up import set_up

SHANGHAI = ZoneInfo("Asia/Shanghai")
MARCH = datetime(2026, 3, 2, 12, tzinfo=SHANGHAI)
END_OF_2027 = datetime(2028, 1, 1, tzinfo=SHANGHAI)


@pytest.fixture
def owner(app, clock) -> Owner:
    clock.stand_at(MARCH)
    owner = open_shop(app)
    owner.open("/merchant")
    set_up(owner, preset="simple")
    return owner


def finish_the_rules(owner: Owner) -> None:
    """Points for registering, no freight; and a coupon of ¥10 for 100 points."""
    owner.add_rule(
        "注册礼", event="registered", effect_kind="points", points__points=100, source_class="interaction"
    )
    owner.change_rules("shipping", fee_cents="0")
    assert owner.publish_rules("开门") == 3
    owner.open("/merchant/coupons").follow("做一张")
    owner.press("存下来", name="10 元券", off_cents="10", price_points="100", valid_days="30")
    owner.press("开始发放")


def buys(owner: Owner, member: Guest, path: str, *, pays: str) -> None:
    """A member buys it, with the coupon where there is one, and has it."""
    number = member.redeem(path, way="shipping")
    member.reads("还要付", pays).pay()
    owner.ship(number)
    member.receive(number)
    let_the_jobs_run()


def test_a_shop_in_ten_minutes(app, owner):
    finish_the_rules(owner)
    member = newcomer(app, "13905180518", "小满")
    let_the_jobs_run()
    assert member.balance == 100
    member.add_address()

    goods = {yuan: owner.put_on_sale(f"面包 {yuan}", yuan=yuan, units=9) for yuan in ("88", "50")}
    buys(owner, member, goods["88"], pays="¥88.00")
    assert member.balance == 188
    member.open("/coupons").press("100 积分换").reads("换好了")
    assert member.balance == 88
    buys(owner, member, goods["50"], pays="¥40.00")

    assert member.balance == 128
    assert member.history() == [40, -100, 88, 100]
    member.open("/member/points").reads("下单得积分", "换券：10 元券", "下单得积分", "注册礼")


def test_members_move_in_with_balances_and_ends(owner):
    send(owner, youzan_file(), source="有赞").press("检查每一行").reads("可以记的行", "997", "有错的行", "3")
    owner.reads("19", "不是手机号", "402", "不能是负数", "1001", "没有这一天")
    assert db.session.scalar(select(func.count()).select_from(Member)) == 0

    owner.press("记进账里").reads("记好了")

    assert db.session.scalar(select(func.count()).select_from(Member)) == 997
    assert balance_of_phone(phone_of(5)) == 6
    assert lots_of_phone(phone_of(5)) == [(6, END_OF_2027)]
