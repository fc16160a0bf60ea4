"""自然堂's policy as the merchant types it, and the shop and member of its story."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.scenarios.cast import Guest, Owner, let_the_jobs_run, newcomer, open_shop

SHANGHAI = ZoneInfo("Asia/Shanghai")
PHONE = "13905180518"
FRIEND = "13905180619"
LAST_IN_CART = {0: 1}  # one piece of the line on top: a cart shows first what was put in last
PRICES = {"A": "268.50", "B": "120", "C1": "249", "C2": "150", "D": "100", "E": "180", "F": "80"}


class Story:
    """The shop, its member, and the days on which things happen."""

    def __init__(self, app, clock) -> None:
        self.clock = clock
        clock.stand_at(datetime(2026, 1, 10, 12, tzinfo=SHANGHAI))
        self.owner: Owner = open_shop(app)
        enter_policy(self.owner)
        self.owner.open("/merchant/categories").press("保存", name="护肤")
        self.goods = {
            name: self.owner.put_on_sale(f"{name} 面霜", yuan=price, units=9, offset=True)
            for name, price in PRICES.items()
        }
        self.app = app
        self.member: Guest = newcomer(app, PHONE, "小满")
        self.member.add_address()
        self.program, self.secret = app.test_client(), self.owner.makes_key("评价系统")
        self.member_number = self.owner.number_of(PHONE)

    def on(self, day: str, time: str = "12:00:00") -> None:
        """It is this day now; the worker has done what was due."""
        self.clock.stand_at(datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=SHANGHAI))
        let_the_jobs_run()

    def buys(self, name: str, points: int | None = None) -> str:
        """A product is redeemed, paid, sent and received.  Returns the number of the order."""
        number = self.member.redeem(self.goods[name], points=points)
        if self.member.has_button("付 ¥"):
            self.member.pay()
        self.completes(number)
        return number

    def buys_together(self, *names: str) -> str:
        """Several products from the cart in one order."""
        self.member.open("/member")
        for name in names:
            self.member.open(self.goods[name]).press("加进购物车")
        self.member.open("/cart").press("去兑换").press("去付款")
        found = re.search(r"订单号 (SF\d+)", self.member.text)
        assert found, self.member.text
        self.member.pay()
        self.completes(found[1])
        return found[1]

    def completes(self, number: str, by: Guest | None = None) -> None:
        self.owner.ship(number)
        (by or self.member).receive(number)
        let_the_jobs_run()

    def lasts_until(self, day: str, place: int = 0) -> None:
        """The lot of an entry ends with this day."""
        assert f"有效期到 {spoken(day)}" in self.member.why(place), self.member.text

    def tells_birthday(self, birthday: str) -> None:
        """The member fills the profile."""
        self.member.open("/member/settings").press("保存生日", birthday=birthday)
        let_the_jobs_run()

    def reviews(self, key: str) -> None:
        """The shop's own program reports a published review."""
        answer = self.program.post(
            "/api/v1/events",
            json={"member": self.member_number, "event": "review_published", "id": key},
            headers={"Authorization": f"Bearer {self.secret}", "Idempotency-Key": key},
        )
        assert answer.status_code in (200, 201), answer.text
        let_the_jobs_run()

    def friend_comes(self) -> Guest:
        """A friend registers by the member's link."""
        self.member.open("/invite").press("拿到我的邀请链接")
        link = re.search(r"/register\?from=\w+", self.member.text)
        assert link, self.member.text
        friend = Guest(self.app.test_client())
        friend.register(FRIEND, "小雪", link=link[0])
        friend.add_address()
        return friend

    def until_november(self) -> dict[str, str]:
        """Everything up to order E; returns the numbers of the orders."""
        member, numbers = self.member, {}
        self.tells_birthday("1990-05-18")
        for day in range(11, 27):
            self.on(f"2026-01-{day}")
            member.signs_in()
            if day == 15:
                numbers["A"] = self.buys("A")
        self.on("2026-01-27")
        self.reviews("line-1")
        self.on("2026-03-08")
        numbers["B"] = self.buys("B", points=300)
        self.on("2026-05-20")
        numbers["C"] = self.buys_together("C1", "C2")
        self.on("2026-05-25")
        numbers["D"] = self.buys("D")
        self.on("2026-06-01")
        self.owner.refund(numbers["C"], LAST_IN_CART, "会员不想要了")
        self.on("2026-06-05")
        friend = self.friend_comes()
        self.on("2026-06-20")
        self.completes(friend.redeem_and_pay(self.goods["D"]), by=friend)
        assert member.balance == 1166
        self.on("2026-11-05")
        numbers["E"] = self.buys("E", points=1000)
        assert member.balance == 246
        return numbers


def enter_policy(owner: Owner) -> None:
    """The rules, section by section, as the merchant types them."""
    owner.change_rules("earning", points=1, per_cents="1", wait_days=0)
    owner.change_rules("tiers", **{f"tiers-{row}-multiplier_permille": "1" for row in range(4)})
    owner.open("/merchant/rulebook/sections/offset")
    for _window in range(2):
        owner.press_value("add_row", "windows")
    owner.press(
        "存进草稿",
        points=20, per_cents="1", step_points=1, points_min=0, points_max="", share_percent_max=100, cash_cents_min="0",
        **window(0, "档期", "2026-03-01", "2026-03-11", 15), **window(1, "会员节", "2026-11-01", "2026-11-12", 10),
    ).reads("草稿已经存好")  # fmt: skip
    owner.change_rules("caps", **{"caps-0-name": "互动", "caps-0-points": 300, "caps-0-per": "month"})
    enter_sign_in(owner, [10])
    enter_rules(owner)
    owner.change_rules("shipping", fee_cents="0")
    assert owner.publish_rules("自然堂 v1") == 2


def enter_rules(owner: Owner) -> None:
    """What comes on top of a purchase and of a sign-in, rule by rule."""
    owner.add_rule(
        "生日月第一单双倍",
        birthday__on="y", birthday__span="month", purchase_number__on="y", purchase_number__number=1,
        purchase_number__span="month", purchase_number__counts_refunded="y",
        effect_kind="multiply", multiply__multiplier_permille="2",
    )  # fmt: skip
    for name, event, points, source in (
        ("完善资料", "profile_completed", 50, "interaction"),
        ("评价任务", "review_published", 120, "interaction"),
        ("推荐朋友", "friend_ordered", 200, "referral"),
    ):
        owner.add_rule(name, event=event, effect_kind="points", points__points=points, source_class=source)


def window(row: int, name: str, starts_on: str, ends_on: str, points: int) -> dict[str, object]:
    return {
        f"windows-{row}-name": name,
        f"windows-{row}-starts_at": f"{starts_on}T00:00",
        f"windows-{row}-ends_at": f"{ends_on}T00:00",
        f"windows-{row}-points": points,
        f"windows-{row}-per_cents": "1",
    }


def enter_sign_in(owner: Owner, days: list[int]) -> None:
    """A sign-in table of exactly these days, without milestones."""
    owner.open("/merchant/rulebook/sections/signin")
    while any(name.startswith("milestones-") for form in owner.forms for name in form.names):
        owner.press_value("remove_row", "milestones-0")
    while not any(f"day_points-{len(days) - 1}" in form.names for form in owner.forms):
        owner.press_value("add_row", "day_points")
    while any(f"day_points-{len(days)}" in form.names for form in owner.forms):
        owner.press("去掉最后一天")
    owner.press("存进草稿", **{f"day_points-{place}": points for place, points in enumerate(days)})
    owner.reads("草稿已经存好")


def spoken(day: str) -> str:
    year, month, number = day.split("-")
    return f"{year} 年 {int(month)} 月 {int(number)} 日"
