"""Tiers and stacking, entered in the back office's forms and read on the member's pages."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.scenarios.cast import Guest, Owner, let_the_jobs_run, newcomer, open_shop

SHANGHAI = ZoneInfo("Asia/Shanghai")
MARCH, MAY = datetime(2026, 3, 10, 12, tzinfo=SHANGHAI), datetime(2026, 5, 2, 12, tzinfo=SHANGHAI)
TIERS = (("普通", 0, "1"), ("银卡", 100, "1.2"), ("金卡", 200, "1.5"), ("钻石", 300, "2"))


@pytest.fixture
def owner(app, clock) -> Owner:
    clock.stand_at(MARCH)
    owner = open_shop(app)
    owner.change_rules("earning", points=1, per_cents="1", wait_days=0)
    fields = {}
    for row, (name, growth, times) in enumerate(TIERS):
        fields[f"tiers-{row}-name"] = name
        fields[f"tiers-{row}-growth_from"] = growth
        fields[f"tiers-{row}-multiplier_permille"] = times
    owner.change_rules("tiers", **fields)
    owner.open("/merchant/categories").press("保存", name="护肤")
    return owner


def buys(owner: Owner, member: Guest, yuan: str) -> int:
    """A member buys something new for so much cash and has it; returns the points that came."""
    before = member.balance
    path = owner.put_on_sale(f"面霜 {yuan}", yuan=yuan, units=9)
    number = member.redeem(path, way="shipping")
    member.pay()
    owner.ship(number)
    member.receive(number)
    let_the_jobs_run()
    return member.balance - before


def test_333_earns_by_tier(app, owner):
    owner.change_rules("shipping", fee_cents="0")
    owner.publish_rules("四级会员")
    member = newcomer(app, "13905180618", "小满")
    member.add_address()

    earned = [buys(owner, member, "333")]
    member.open("/member/tier").reads("钻石")
    earned.append(buys(owner, member, "333"))

    assert earned == [333, 666]


@pytest.mark.parametrize(
    ("between", "group", "points"), [("add", "", 250), ("multiply", "", 300), ("add", "tier", 200)]
)
def test_gold_in_the_birthday_month_by_the_shops_choice(app, owner, clock, between, group, points):
    owner.change_rules("shipping", fee_cents="0")
    owner.change_rules("stacking", between_groups=between)
    owner.add_rule(
        "生日月双倍", birthday__on="y", effect_kind="multiply", multiply__multiplier_permille="2", group=group
    )
    owner.publish_rules("加倍")
    member = newcomer(app, "13905180618", "小满")
    member.add_address()
    member.open("/member/settings").press("保存生日", birthday="1990-05-18")
    assert buys(owner, member, "200") == 200
    member.open("/member/tier").reads("金卡")
    clock.stand_at(MAY)

    assert buys(owner, member, "100") == points
