"""The page of what lapses when: every lot, every number its list, and only true advice."""

from dataclasses import replace
from datetime import date, timedelta

from shop.rules.rulebook import OffsetWindow
from shop.services.points.freezing import Freeze, freeze_points, thaw_points
from shop.services.points.reminding import remind_expiring
from tests.books.points.shelves import claw_back, hold
from tests.factories import (
    AT_ONCE,
    MONDAY,
    give_points,
    make_member,
    make_product,
    make_rulebook,
    make_staff,
)

A_DAY = timedelta(days=1)
PAGE = "/member/points/expiring"


def read(browser, path):
    """The page with every kind of space as one space."""
    return " ".join(browser.get(path).text.split())


def test_lots_stand_by_their_day_with_what_brought_them(app, clock, as_member):
    member_id = make_member(points=200)
    give_points(member_id, 40, source_class="interaction")
    hold(member_id, 10, "order:20260302001234")
    claw_back(member_id, 500, "c")
    give_points(member_id, 5)

    page = read(as_member(member_id), PAGE)

    assert 'id="owed"' in page
    assert 'id="held"' in page
    assert "订单尾号 1234" in page
    assert "<title" in page


def test_every_number_leads_to_its_list(app, clock, as_member):
    member_id = make_member(points=200)

    page = read(as_member(member_id), "/member/points")

    for place in ("lots", "pending", "held", "owed"):
        assert f'href="{PAGE}#{place}"' in page


def test_goods_within_reach_are_offered_for_what_lapses(app, clock, as_member):
    make_product(points=30, title="够得着的")
    make_product(points=3000, title="够不着的")
    member_id = make_member()
    give_points(member_id, 40, source_class="interaction")

    page = read(as_member(member_id), PAGE)

    assert "40 积分到 2026 年 5 月 31 日 为止能用" in page
    assert "够得着的" in page
    assert "够不着的" not in page


def test_a_festival_ahead_is_advice_with_its_arithmetic(app, clock, as_member):
    window = OffsetWindow(
        name="会员节", starts_at=MONDAY + A_DAY * 30, ends_at=MONDAY + A_DAY * 40, points=50, per_cents=100
    )
    make_rulebook(replace(AT_ONCE, offset=replace(AT_ONCE.offset, windows=(window,))))
    member_id = make_member(points=900)

    page = read(as_member(member_id), PAGE)

    assert "现在 100 积分抵 ¥1，2026 年 4 月 1 日起 50 积分抵 ¥1。" in page
    assert "900 积分能抵的翻一倍，从 ¥9.00 到 ¥18.00。" in page
    assert "在那之前一分也不会到期。" in page


def test_a_freeze_is_told_with_its_reason_and_what_to_do(app, clock, as_member):
    member_id = make_member(points=900)
    what = Freeze(True, True, "有人投诉刷单", date(2026, 3, 20), make_staff("owner"))
    freeze_points(member_id, what, MONDAY)
    browser = as_member(member_id)

    for path in (PAGE, "/member/points"):
        page = browser.get(path).text
        assert "积分暂时冻结了" in page
        assert "有人投诉刷单" in page
    give_points(member_id, 7)
    assert "解冻以后就可以用" in browser.get(PAGE).text
    thaw_points(member_id, reason="查清了", staff_id=what.staff_id, now=MONDAY)
    assert "积分暂时冻结了" not in browser.get(PAGE).text


def test_an_entry_says_when_its_end_was_put_off_and_why(app, clock, as_member):
    member_id = make_member()
    entry_id = give_points(member_id, 40, source_class="interaction")
    clock.move(days=89)
    remind_expiring(clock.now)

    page = read(as_member(member_id), f"/member/points/{entry_id}")

    assert "没来得及提醒你，推迟到期" in page
    assert "2026 年 5 月 31 日 → 2026 年 6 月 6 日" in page


def test_an_empty_calendar_shows_the_way(app, clock, as_member):
    page = as_member(make_member()).get(PAGE)

    assert page.status_code == 200
    assert "现在没有能用的积分" in page.text
