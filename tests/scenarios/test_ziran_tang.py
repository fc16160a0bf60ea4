"""自然堂: one brand's whole policy, typed into the back office's forms, and one member's two years under it, to the point.

Rules are written in the rule editor, the review is reported by a program through the API, the friend comes by the link.
"""

import re

import pytest

from tests.scenarios.cast import Guest
from tests.scenarios.ziran_tang import LAST_IN_CART, PHONE, Story


@pytest.fixture
def story(app, clock) -> Story:
    return Story(app, clock)


def test_two_years_of_one_member_to_the_point(story):
    january(story)
    spring(story)
    autumn(story)
    the_end_of_it(story)


def january(story):
    """50 + 160 + 268, and a review of which the month's cap of 300 leaves 90."""
    member = story.member
    story.tells_birthday("1990-05-18")
    assert member.balance == 50
    story.lasts_until("2026-04-10")
    for day in range(11, 27):
        story.on(f"2026-01-{day}")
        member.signs_in()
        assert not member.open("/signin").has_button("拾一拾")
        story.lasts_until(f"2026-04-{day}")
        if day == 15:
            story.buys("A")
            assert member.balance == 50 + 5 * 10 + 268
            story.lasts_until("2027-12-31")
    assert member.balance == 478

    story.on("2026-01-27")
    story.reviews("line-1")
    assert member.balance == 568
    assert "本来 120 分，少给 30 分" in member.why()
    story.lasts_until("2026-04-27")
    story.on("2026-01-28")
    member.signs_in()
    assert (member.balance, len(member.history())) == (568, 19)


def spring(story):
    """300 points at the festival's 15, a doubled order and its return in part, and a friend."""
    member, owner = story.member, story.owner
    story.on("2026-03-08")
    number = member.redeem(story.goods["B"], points=300)
    member.reads("还要付", "¥100.00").pay()
    assert (member.balance, member.history()[0]) == (268, -300)
    member.open(f"/orders/{number}").reads("积分抵现 300 分", "−¥20.00", "「档期」期间 15 积分抵 ¥1.00")
    assert member.why().count("到 2026 年 4 月") == 18, "exactly the lots that end soonest"
    story.completes(number)
    assert (member.balance, member.history()[0]) == (368, 100)

    story.on("2026-05-20")
    number = story.buys_together("C1", "C2")
    assert (member.balance, sorted(member.history()[:2])) == (1166, [399, 399])
    assert "「生日月第一单双倍」2 倍" in member.why(0) + member.why(1)
    story.on("2026-05-25")
    story.buys("D")
    assert (member.balance, member.history()[0]) == (1266, 100)
    story.on("2026-06-01")
    owner.refund(number, LAST_IN_CART, "会员不想要了")
    assert (member.balance, member.history()[:2]) == (966, [-150, -150])
    story.on("2026-06-05")
    friend = story.friend_comes()
    assert member.balance == 966
    member.open("/invite").reads("等第一单")
    story.on("2026-06-20")
    story.completes(friend.redeem_and_pay(story.goods["D"]), by=friend)
    assert (member.balance, member.history()[0]) == (1166, 200)
    member.open("/invite").reads("+200 分")


def autumn(story):
    """1,000 points at the festival's 10; what is left is of the lot that came last."""
    member = story.member
    story.on("2026-11-05")
    number = member.redeem(story.goods["E"], points=1000)
    member.reads("还要付", "¥80.00").pay()
    assert (member.balance, member.history()[0]) == (166, -1000)
    assert "这一批还剩 166 / 200" in member.why(1), "what is left is from the referral's lot"
    story.completes(number)
    assert (member.balance, member.history()[0]) == (246, 80)


def the_end_of_it(story):
    """Every point ends with its day, announced before."""
    member = story.member
    story.on("2026-12-01")
    member.signs_in()
    assert member.balance == 256
    story.lasts_until("2027-03-01")
    for day in ("2027-01-30", "2027-02-22", "2027-02-28"):
        story.on(day)
    # a month, a week and a day ahead
    told = member.open("/member/notifications").text
    assert told.count("10 积分快到期：3 月 1 日 10 分。") == 3
    story.on("2027-03-01", "23:59:59")
    assert member.balance == 256
    story.on("2027-03-02", "00:00:00")
    assert member.balance == 246, "to the second, before the worker has written it down"
    story.on("2027-03-02", "00:05:00")
    assert (member.balance, member.history()[0]) == (246, -10)
    assert "到期了" in member.why()
    story.on("2027-12-24")
    member.open("/member/notifications").reads("246 积分快到期：12 月 31 日 246 分。")
    story.on("2027-12-31", "23:59:59")
    assert member.balance == 246
    story.on("2028-01-01", "00:00:00")
    assert member.balance == 0
    story.on("2028-01-01", "00:05:00")
    assert member.balance + sum(member.history()[:2]) == -246


def test_a_full_refund_puts_the_points_back_into_their_lots(story):
    numbers = story.until_november()
    member = story.member

    story.owner.refund(numbers["E"])

    assert member.balance == 1166
    assert member.history()[:2] == [-80, 1000]
    assert member.why(1).count("有效期到 2027 年 12 月 31 日") >= 1
    member.open(f"/orders/{numbers['E']}").reads("退款", "1,000", "¥80.00")
    assert all(
        day == "2027 年 12 月 31 日"
        for day in re.findall(r"(\d+ 年 \d+ 月 \d+ 日) 到期", member.open("/member/points").text)
    )


def test_points_that_are_gone_become_a_debt_that_the_next_ones_fill(story):
    numbers = story.until_november()
    member = story.member

    story.owner.refund(numbers["A"])
    assert (member.balance, member.owed) == (0, 22)
    assert "22 分记作欠分" in member.why()

    story.on("2026-11-06")
    story.buys("F")
    assert (member.balance, member.owed) == (58, 0)
    assert "22 分先抵了欠分" in member.why()


@pytest.mark.parametrize(
    ("day", "time", "off"), [("2026-11-11", "23:59:59", "−¥10.00"), ("2026-11-12", "00:00:00", "−¥5.00")]
)
def test_the_festival_ends_to_the_second(story, day, time, off):
    story.owner.give_points(PHONE, 100, "开业礼")
    story.on(day, time)

    number = story.member.redeem(story.goods["B"], points=100)

    story.member.open(f"/orders/{number}").reads("积分抵现 100 分", off)


def test_a_phone_is_one_member(app, story):
    second = Guest(app.test_client())

    second.open("/register").press("注册", phone=PHONE, name="", password="another-long-walk").reads(
        "已经注册过"
    )


def test_the_next_version_changes_nothing_before_it(story):
    story.on("2026-05-20")
    number = story.buys_together("C1", "C2")
    story.on("2026-06-01")
    story.owner.change_rules("earning", points=1, per_cents="2")
    story.owner.publish_rules("自然堂 v2", effective_at="2026-07-01T00:00")
    assert story.member.history() == [399]

    story.on("2026-08-01")
    story.buys("D")
    assert story.member.history() == [50, 399]
    story.owner.refund(number, LAST_IN_CART, "会员不想要了")

    assert story.member.history() == [-150, 50, 399]
    assert "每 1 元得 1 分" in story.member.why(2)
    assert "每 2 元得 1 分" in story.member.why(1)
    assert story.member.balance == 299
