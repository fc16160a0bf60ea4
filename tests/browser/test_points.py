"""Reading the points history on a phone, editing the rulebook at a desk; with and without script, in both schemes."""

import re

import pytest
from playwright.sync_api import Page, expect

from shop.clock import now
from shop.queries.points.rulebook import rulebook_in_force
from tests.factories import PASSWORD, ensure_rulebook, give_points, make_member, make_staff

PHONE = "+8613800000001"


def come_in(page: Page) -> None:
    page.goto("/login")
    page.get_by_label("手机号").fill("13800000001")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/login"))


def come_to_work(page: Page) -> None:
    page.goto("/merchant/login")
    page.get_by_label("邮箱").fill("zhou@shop.test")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(re.compile(r"/merchant(/setup/name)?$"))  # an empty shop begins with setting up


@pytest.mark.parametrize("javascript", [True, False])
def test_each_line_of_the_history_says_why(app, phone_page, javascript):
    member_id = make_member(phone=PHONE, now=now())
    for points in range(1, 31):
        give_points(member_id, points, now=now())
    come_in(phone_page)
    phone_page.goto("/member/points")

    phone_page.locator("a.item", has_text="+30").click()

    heading = phone_page.get_by_role("heading", name="为什么得 30 分")
    expect(heading).to_be_visible()
    if javascript:
        assert phone_page.url.endswith("/member/points")
        phone_page.keyboard.press("Escape")
        expect(heading).to_be_hidden()
        phone_page.get_by_role("link", name="用掉").click()
        expect(phone_page.get_by_text("这里还是空的")).to_be_visible()
        assert phone_page.url.endswith("kind=used")
    else:
        assert "/member/points/" in phone_page.url


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_points_and_rules_are_for_everyone_to_read(app, phone_page, axe, color_scheme):
    member_id = make_member(phone=PHONE, points=500, now=now())
    entry_id = give_points(member_id, 20, now=now())
    come_in(phone_page)

    for path in ("/member/points", f"/member/points/{entry_id}", "/member/tier", "/rules"):
        phone_page.goto(path)
        axe(phone_page)


@pytest.mark.parametrize("javascript", [True, False])
def test_an_editor_adds_a_tier_sees_the_difference_and_publishes(app, desk_page, javascript):
    ensure_rulebook()
    make_staff("editor", email="zhou@shop.test", now=now())
    come_to_work(desk_page)
    desk_page.goto("/merchant/rulebook/sections/tiers")

    desk_page.get_by_role("button", name="加一行").click()
    desk_page.locator("[name=tiers-4-code]").fill("tree")
    desk_page.locator("[name=tiers-4-name]").fill("大树")
    desk_page.locator("[name=tiers-4-growth_from]").fill("20000")
    desk_page.locator("[name=tiers-4-multiplier_permille]").fill("2.5")
    desk_page.locator(".savebar button").click()
    desk_page.wait_for_url("**/merchant/rulebook/draft")
    expect(desk_page.locator("#draft-state")).to_contain_text("等级「大树」")
    desk_page.get_by_role("button", name="发布为新的一版").click()
    desk_page.wait_for_url("**/merchant/rulebook/versions/2")

    assert rulebook_in_force(now()).tiers[-1].name == "大树"


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_rulebook_is_for_everyone_to_edit(app, desk_page, axe, color_scheme):
    ensure_rulebook()
    make_staff("editor", email="zhou@shop.test", now=now())
    come_to_work(desk_page)

    for path in ("", "/draft", "/versions/1", "/sections/tiers", "/sections/caps", "/sections/signin"):
        desk_page.goto(f"/merchant/rulebook{path}")
        axe(desk_page)
