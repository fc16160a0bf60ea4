"""Coming in, looking around one's own pages and leaving, on a phone; with and without script, in both schemes."""

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD, ensure_rulebook, make_member

OWN_PAGES = [
    "/member",
    "/member/addresses",
    "/member/addresses/new",
    "/member/notifications",
    "/member/settings",
]
DOORS = ["/login", "/login/code", "/register", "/register?way=code"]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_newcomer_comes_in_with_a_code_and_leaves(app, phone_page, javascript):
    ensure_rulebook()
    phone_page.goto("/login/code")
    phone_page.get_by_label("手机号").fill("138 0571 2046")
    phone_page.get_by_role("button", name="获取验证码").click()

    code = phone_page.locator("#code-for-developers").inner_text()
    phone_page.get_by_label("6 位验证码").fill(code)
    if not javascript:
        phone_page.get_by_role("button", name="登录", exact=True).click()

    phone_page.wait_for_url("**/member")
    expect(phone_page.get_by_role("heading", level=1)).to_have_text("拾友 2046")
    phone_page.get_by_role("button", name="退出登录").click()
    phone_page.goto("/member")
    assert phone_page.url.endswith("/login")


@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_wrong_stands_at_its_field(app, phone_page, javascript):
    phone_page.goto("/login")
    phone_page.get_by_label("手机号").fill("1380571204")
    phone_page.get_by_role("button", name="登录", exact=True).click()

    expect(phone_page.get_by_label("手机号")).to_have_accessible_description("手机号是 11 位，现在少了 1 位")
    expect(phone_page.get_by_label("手机号")).to_have_value("1380571204")


@pytest.mark.parametrize("javascript", [True, False])
def test_an_address_is_written_down(app, phone_page, javascript):
    log_in(phone_page)
    phone_page.goto("/member/addresses")
    phone_page.get_by_role("link", name="添加地址").click()
    phone_page.get_by_label("收件人").fill("林小满")
    phone_page.get_by_label("手机号").fill("13805712046")
    phone_page.get_by_label("所在地区").fill("浙江省 杭州市 拱墅区")
    phone_page.get_by_label("详细地址").fill("小河路 12 号 3 幢 501")
    phone_page.get_by_role("button", name="保存地址").click()

    expect(phone_page.get_by_text("小河路 12 号 3 幢 501")).to_be_visible()
    expect(phone_page.get_by_text("默认", exact=True)).to_be_visible()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_everyone_can_use_these_pages(app, phone_page, axe, color_scheme):
    ensure_rulebook()
    for path in DOORS:
        phone_page.goto(path)
        axe(phone_page)
        assert_nothing_sticks_out(phone_page)
    log_in(phone_page)
    for path in OWN_PAGES:
        phone_page.goto(path)
        axe(phone_page)
        assert_nothing_sticks_out(phone_page)


def log_in(page) -> None:
    make_member(phone="+8613800000001")
    page.goto("/login")
    page.get_by_label("手机号").fill("13800000001")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/member")
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()


def assert_nothing_sticks_out(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
