"""One walk through the whole shop, as the people it is for: pages and forms only, every balance to the point."""

import re
from datetime import UTC, datetime

import pytest

from tests.factories import MONDAY
from tests.scenarios.cast import Guest, Owner, let_the_jobs_run, newcomer, open_shop

PHONE = "13805712046"


@pytest.fixture
def owner(app, clock) -> Owner:
    clock.stand_at(MONDAY)
    return open_shop(app)


@pytest.fixture
def shelf(owner) -> dict[str, str]:
    """What the merchant puts out: name -> path."""
    owner.open("/merchant/categories").press("保存", name="喝的").reads("分类存好了")
    owner.open("/merchant/stores").press("保存", name="小河路店", address="小河路 12 号").reads("门店存好了")
    return {
        "bag": owner.put_on_sale("帆布包", points=300, units=5),
        "coffee": owner.put_on_sale("手冲咖啡豆", points=680, yuan="19.90", units=10, offset=True),
        "ticket": owner.put_on_sale("拿铁到店券", points=200, units=3, kind="voucher"),
    }


@pytest.fixture
def member(app, owner, shelf) -> Guest:
    member = newcomer(app, PHONE, "小满🌱")
    member.add_address()
    owner.give_points(PHONE, 5000, "开业礼")
    return member


def stock(owner: Owner, path: str) -> tuple[int, int, int]:
    """On hand, reserved and available, as the back office shows them."""
    owner.open("/merchant/products")
    for href, _words in list(owner.links):
        if re.fullmatch(r"/merchant/products/\d+", href) and path in owner.open(href).text:
            found = re.search(r"规格 在手 占用 可换 \S+ (\d+) (\d+) (-?\d+)", owner.text)
            assert found, owner.text
            return int(found[1]), int(found[2]), int(found[3])
    raise AssertionError(path)


def test_a_newcomer_finds_the_way_from_the_door_to_a_parcel(app, owner, shelf, clock):
    guest = Guest(app.test_client())
    guest.open("/").reads("手冲咖啡豆")
    guest.open("/products?q=咖啡").reads("手冲咖啡豆")
    assert "帆布包" not in guest.text
    guest.follow("手冲咖啡豆").reads("680 积分 + ¥19.90", "手冲咖啡豆").press("登录后兑换").reads("登录")

    guest.register(PHONE, "小满🌱")
    assert guest.balance == 0
    guest.open("/member").reads("小满🌱")
    guest.signs_in()
    assert guest.balance == 10
    assert "连续签到第 1 天" in guest.why()
    guest.open("/signin")
    assert not guest.has_button("拾一拾")

    owner.give_points(PHONE, 1000, "开业礼")
    assert guest.balance == 1010
    assert "开业礼" in guest.why()
    guest.add_address()
    number = guest.redeem(shelf["bag"])
    guest.reads("换到了", "帆布包")
    assert guest.balance == 710
    assert stock(owner, shelf["bag"]) == (4, 0, 4)
    guest.open(f"/orders/{number}").reads(
        "店家正在准备", "帆布包", "300 积分", "只用积分换，包邮", "换东西 −300"
    )
    let_the_jobs_run()
    guest.open("/member/notifications").reads(number[-4:])


def test_points_and_cash_from_the_cashier_to_the_refund(app, owner, shelf, member, clock):
    assert member.balance == 5000
    number = member.redeem(shelf["coffee"], qty=2, points=1000)
    member.reads("还要付", "¥37.80", "2,360 积分已经替你留好")
    assert (member.balance, member.points_said("未付款的订单占着")) == (2640, 2360)
    assert stock(owner, shelf["coffee"]) == (10, 2, 8)

    member.open(f"/orders/{number}").follow("去付款").pay()
    member.reads("换到了", "2,360")
    assert (member.balance, member.points_said("未付款的订单占着")) == (2640, None)
    assert member.history() == [-2360, 5000]
    assert stock(owner, shelf["coffee"]) == (8, 0, 8)
    member.open(f"/orders/{number}").reads(
        "店家正在准备", "积分抵现 1,000 分", "−¥10.00", "运费", "¥8.00", "¥37.80"
    )

    owner.ship(number)
    member.open(f"/orders/{number}").reads("在路上了")
    member.receive(number)
    member.open(f"/orders/{number}").reads("收到了", "+29")
    assert (member.balance, member.points_said("待到账，收货满期后可用")) == (2640, 29)
    assert "每 1 元得 1 分" in member.why()
    clock.move(days=7)
    assert (member.balance, member.points_said("待到账，收货满期后可用")) == (2669, None)

    owner.refund(number, {0: 1})
    # half of it: 680 + 500 points and ¥14.90 come back, 14 of the 29 points go
    assert member.history()[:2] == [-14, 1180]
    assert member.balance == 2669 + 1180 - 14
    assert "这单得过 29 分，收回 14 分" in member.why()
    member.open(f"/orders/{number}").reads("退款", "1,180", "¥14.90", "收回 14 分")
    let_the_jobs_run()
    member.open(f"/orders/{number}").reads("已退")
    assert stock(owner, shelf["coffee"])[0] == 8


def test_what_is_handed_over_at_the_counter(owner, shelf, member):
    number = member.redeem(shelf["ticket"])
    assert member.balance == 4800
    code = re.search(r"([A-Z0-9]{4}) ([A-Z0-9]{4}) 给店员", member.open(f"/orders/{number}").text)
    assert code, member.text

    owner.open(f"/merchant/verify?code={code[1].lower()}{code[2]}").reads("拿铁到店券").press(
        "核对无误，交给会员"
    )
    owner.reads("核销好了")
    owner.open(f"/merchant/verify?code={code[1]}{code[2]}").reads("已经")
    assert not owner.has_button("核对无误")
    member.open(f"/orders/{number}").reads("收到了")
    assert stock(owner, shelf["ticket"]) == (2, 0, 2)


def test_a_cancelled_order_gives_everything_back(owner, shelf, member, clock):
    paid = member.redeem(shelf["coffee"], points=100)
    member.pay()
    assert member.balance == 4220
    member.open(f"/orders/{paid}").follow("取消订单").reads("780", "¥26.90").press("取消订单")
    member.reads("取消好了", "已关闭")
    assert member.balance == 5000
    assert member.history() == [780, -780, 5000]
    assert "退回原来那一批，有效期不变" in member.why()
    assert stock(owner, shelf["coffee"]) == (10, 0, 10)
    let_the_jobs_run()
    member.open(f"/orders/{paid}").reads("退款", "¥26.90", "已退")

    unpaid = member.redeem(shelf["coffee"])
    member.press("取消订单").reads("已关闭")
    assert (member.balance, member.history()) == (5000, [780, -780, 5000])
    forgotten = member.redeem(shelf["coffee"])
    clock.move(minutes=16)
    member.open(f"/orders/{forgotten}").reads("付款时间过了")
    let_the_jobs_run()
    member.open(f"/orders/{forgotten}").reads("已关闭")
    assert member.balance == 5000
    assert stock(owner, shelf["coffee"]) == (10, 0, 10)
    assert unpaid != forgotten


def test_rules_for_tomorrow_change_tomorrow_and_nothing_before(owner, shelf, member, clock):
    today = member.redeem(shelf["coffee"])
    member.pay()
    owner.change_rules("earning", points=2, wait_days=0)
    assert owner.publish_rules("周二起双倍", effective_at="2026-03-03T00:00") == 2
    let_the_jobs_run()
    member.open("/rules").reads("每 1 元得 1 分")
    also_today = member.redeem(shelf["coffee"])
    member.reads("还要付").pay()

    clock.stand_at(datetime(2026, 3, 2, 16, 0, tzinfo=UTC))  # midnight in Shanghai
    member.open("/rules").reads("每 1 元得 2 分", "周二起双倍")
    tomorrow = member.redeem(shelf["coffee"])
    member.pay()
    for number in (today, also_today, tomorrow):
        owner.ship(number)
        member.receive(number)

    assert member.history()[:3] == [38 + 1, 19, 19]
    assert "每 1 元得 2 分" in member.why(0)
    assert "第 2 版" in member.why(0)
    for place in (1, 2):
        assert "每 1 元得 1 分" in member.why(place)
        assert "第 1 版" in member.why(place)
    assert (member.balance, member.points_said("待到账，收货满期后可用")) == (5000 - 3 * 680 + 39, 38)
    clock.move(days=7, minutes=1)
    assert member.balance == 5000 - 3 * 680 + 39 + 38
