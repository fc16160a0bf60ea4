"""Tiers with a term: typed into the back office, climbed by buying, kept and lost, bought for points, given by hand."""

import pytest

from tests.scenarios.cast import let_the_jobs_run, newcomer, open_shop
from tests.services.points.tier_stories import at

PHONE = "13805712046"
LADDER = {
    "tiers-0-name": "普卡", "tiers-1-name": "银卡", "tiers-1-growth_from": "1000", "tiers-1-price_points": "800",
    "tiers-2-name": "金卡", "tiers-2-growth_from": "5000", "tiers-2-free_shipping": "y", "tiers-2-birthday_points": "100",
    "tiers-3-name": "黑卡", "tiers-3-growth_from": "20000",
}  # fmt: skip


@pytest.fixture
def cast(app, clock):
    """A shop whose tiers go by spending in twelve months and are kept for twelve; and a member."""
    clock.stand_at(at("2026-01-05T10:00"))
    owner = open_shop(app)
    owner.change_rules("earning", wait_days="0")
    owner.change_rules("tiers", **LADDER)
    owner.change_rules(
        "tier_policy", measure="spend", window="rolling_12_months", kept_months="12", grace_days="7"
    )
    owner.publish_rules()
    owner.open("/merchant/categories").press("保存", name="露营")
    goods = {
        "kettle": owner.put_on_sale("水壶", units=9, yuan="1200"),
        "tent": owner.put_on_sale("帐篷", units=9, yuan="4000"),
    }
    member = newcomer(app, PHONE)
    member.add_address()
    return owner, member, goods


def buys(clock, cast, what, on):
    """An order that is paid, sent and received within the hour.  Returns its number."""
    owner, member, goods = cast
    clock.stand_at(at(f"{on}T10:00"))
    number = member.redeem_and_pay(goods[what])
    owner.ship(number)
    clock.stand_at(at(f"{on}T11:00"))
    member.receive(number)
    let_the_jobs_run()
    return number


def test_the_rules_say_how_tiers_are_reached_and_kept(cast):
    _owner, member, _goods = cast

    member.open("/rules").reads(
        "普卡：注册就是", "银卡：消费满 ¥1,000.00 起", "也可以用 800 积分升到这一级，12 个月",
        "等级按过去 12 个月的消费金额算", "升级后保 12 个月", "到期后再等 7 天",
    )  # fmt: skip
    member.open("/member/tier").reads("再消费 ¥1,000.00 升到银卡")


def test_a_tier_is_reached_kept_and_lost(clock, cast):
    owner, member, _goods = cast
    buys(clock, cast, "kettle", "2026-05-20")
    member.open("/member/tier").reads(
        "再消费 ¥3,800.00 升到金卡", "银卡保到2027 年 5 月 20 日", "升到银卡 · 达到了"
    )
    member.open("/member/notifications").reads("升级了", "你现在是「银卡」会员，保到2027 年 5 月 20 日")

    number = buys(clock, cast, "kettle", "2026-12-01")
    member.open("/member/tier").reads("照现在的样子到期会续上")
    owner.refund(number)
    let_the_jobs_run()
    member.open("/member/tier").reads("到2027 年 5 月 20 日", "还差 ¥1,000.00")

    clock.stand_at(at("2027-04-21T10:00"))
    let_the_jobs_run()
    member.open("/member/notifications").reads("等级快到期了", "再消费 ¥1,000.00 就能保住")
    clock.stand_at(at("2027-05-25T10:00"))
    let_the_jobs_run()
    member.open("/member/tier").reads("银卡的期限已经过了")
    clock.stand_at(at("2027-05-28T00:10"))
    let_the_jobs_run()

    member.open("/member/tier").reads("再消费 ¥1,000.00 升到银卡", "回到普卡 · 到期，没有达到")
    number = owner.number_of(PHONE)
    owner.open(f"/merchant/members/{number}").reads(
        "回到普卡", "消费 ¥0.00", "升到银卡", "消费 ¥1,200.00，要 ¥1,000.00"
    )


def test_a_refund_takes_back_what_it_gave(clock, cast):
    owner, member, _goods = cast
    number = buys(clock, cast, "kettle", "2026-05-20")
    clock.stand_at(at("2026-05-21T10:00"))
    owner.refund(number)
    let_the_jobs_run()

    member.open("/member/tier").reads("回到普卡 · 退款以后", "升到银卡 · 达到了")


def test_a_step_for_points_and_one_by_hand(clock, cast):
    owner, member, _goods = cast
    owner.give_points(PHONE, 1000, "开张")
    member.open("/member/tier").follow("升到银卡").reads("你有 1,000 积分，升完剩 200")
    member.press("升级").reads("升级好了", "银卡到2027 年 1 月 5 日为止，之后是普卡")
    assert member.balance == 200

    number = owner.number_of(PHONE)
    owner.open(f"/merchant/members/{number}/tier").press(
        "给这个等级", code="crown", until_on="2026-06-30", reason="老朋友"
    ).reads("等级给好了")
    member.open("/member/tier").reads(
        "金卡到2026 年 6 月 30 日为止，之后是银卡", "升到金卡 · 店家给的", "老朋友"
    )
    clock.stand_at(at("2026-07-01T00:10"))
    let_the_jobs_run()

    member.open("/member/tier").reads("银卡到2027 年 1 月 5 日为止")
