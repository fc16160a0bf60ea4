"""The scripts in a real browser, on the real layouts and macros, without a database."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.stage_app import make_stage_app
from tests.web.stage import open_stage


@pytest.fixture(scope="module")
def stage():
    """The origin at which the pages of tests/browser/stage stand."""
    with open_stage(make_stage_app()) as origin:
        yield origin


@pytest.fixture
def phone(open_window, stage):
    page = open_window(stage, PHONE, touch=True)
    page.goto("/")
    return page


def test_link_opens_a_dialog_and_focus_comes_back(phone):
    opener = phone.get_by_role("link", name="怎么排")
    sheet = phone.locator("#sheet-sort")

    opener.focus()
    opener.press("Enter")
    expect(sheet).to_be_visible()
    expect(phone.locator("#sort-h")).to_be_focused()
    phone.keyboard.press("Escape")

    expect(sheet).to_be_hidden()
    expect(opener).to_be_focused()
    assert phone.url.endswith("/"), "the link was not followed"


def test_tap_outside_closes_a_dialog(phone):
    phone.get_by_role("link", name="怎么排").click()

    phone.mouse.click(195, 40)

    expect(phone.locator("#sheet-sort")).to_be_hidden()


def test_dialog_that_arrives_opens_and_leaves_no_trace(phone):
    for _ in range(2):
        phone.get_by_role("button", name="来一张纸").click()
        expect(phone.locator("#picked-h")).to_be_focused()
        phone.locator("#picked [data-close]").click()
        expect(phone.locator("#picked")).to_have_count(0)


def test_stepper_stops_at_its_limits(phone):
    less, more = phone.get_by_role("button", name="减一件"), phone.get_by_role("button", name="加一件")
    expect(less).to_be_disabled()

    more.click()
    more.click()

    expect(phone.get_by_label("几件")).to_have_value("3")
    expect(more).to_be_disabled()
    expect(less).to_be_enabled()


def test_slider_tells_at_once_what_the_points_are_worth(phone):
    phone.get_by_label("用积分抵现").fill("1780")

    assert phone.locator("[data-live]").all_text_contents() == ["1,780", "−¥17.80", "¥121.10", "2,460", "0"]
    assert (
        phone.get_by_label("用积分抵现").evaluate("range => range.style.getPropertyValue('--fill')") == "100%"
    )


def test_complete_code_sends_itself(phone):
    phone.get_by_label("6 位验证码").fill("４０７１9")
    phone.get_by_label("6 位验证码").press_sequentially("2")

    expect(phone.locator("#answer")).to_have_text("收到 407192，1 件")


def test_request_without_a_form_carries_the_token(phone):
    phone.reload()  # the first page made the session, the second knows it
    phone.get_by_role("button", name="不用表单").click()

    expect(phone.locator("#answer")).to_have_text("没有表单也行")


def test_refusal_is_a_toast_that_can_be_put_away(phone):
    phone.get_by_role("button", name="被拒绝").click()
    toast = phone.locator("#toasts .toast")
    expect(toast).to_contain_text("积分不够")

    toast.get_by_role("button", name="知道了").click()

    expect(toast).to_have_count(0)


def test_flash_is_a_toast(phone):
    phone.goto("/flash")

    expect(phone.locator("#toasts .toast.rose")).to_contain_text("没有成功")


def test_countdown_ends_with_a_question_to_the_server(phone):
    phone.clock.install()
    phone.goto("/?seconds=62")
    expect(phone.locator(".count")).to_have_text("01:02")

    phone.clock.run_for(3_000)
    expect(phone.locator(".count")).to_have_text("00:59")
    phone.clock.run_for(60_000)

    expect(phone.locator("#answer")).to_have_text("时间到")


def test_lights_walk_to_the_servers_answer(open_window, stage):
    page = open_window(stage, PHONE, touch=True)
    page.emulate_media(reduced_motion="no-preference")
    page.goto("/draw")

    page.get_by_role("button", name="抽一抽").click()

    expect(page.locator(".board")).to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator(".cell.lit")).to_have_text("奖 6")
    assert page.locator(".board").get_attribute("aria-busy") is None


def test_with_reduced_motion_the_answer_stands_at_once(phone):
    phone.goto("/draw")

    phone.get_by_role("button", name="抽一抽").click()

    expect(phone.get_by_role("dialog")).to_be_visible()
    expect(phone.locator(".cell.lit")).to_have_text("奖 6")


def test_no_network_is_said_kindly(browser, stage):
    context = browser.new_context(
        locale="zh-CN", base_url=stage, viewport=PHONE
    )  # not watched: htmx reports the lost request
    page = context.new_page()
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    context.set_offline(True)

    page.get_by_role("button", name="被拒绝").click()
    expect(page.locator("#toasts .toast.rose")).to_contain_text("没连上")
    page.goto("/draw")

    expect(page.get_by_role("heading", name="网络走丢了")).to_be_visible()
    context.close()


@pytest.mark.parametrize("javascript", [False])
def test_page_works_without_scripts(open_window, stage):
    page = open_window(stage, PHONE, touch=True)
    page.goto("/")

    page.get_by_label("6 位验证码").fill("407192")
    page.get_by_label("几件").fill("2")
    page.get_by_role("button", name="去付款").click()

    expect(page.locator("#received")).to_have_text("收到 407192，2 件")


def test_drawer_of_the_back_office(open_window, stage):
    page = open_window(stage, PHONE, touch=True)
    page.goto("/desk")
    menu = page.get_by_role("navigation", name="后台导航")
    expect(menu).to_be_hidden()

    page.get_by_role("link", name="打开菜单").click()
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")

    expect(menu).to_be_hidden()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("address", "size"),
    [("/", PHONE), ("/", DESK), ("/draw", PHONE), ("/desk", PHONE), ("/desk", DESK), ("/offline", PHONE)],
)
def test_parts_are_accessible(open_window, stage, axe, address, size):
    page = open_window(stage, size)

    page.goto(address)

    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_open_sheet_is_accessible(phone, axe):
    phone.get_by_role("link", name="怎么排").click()

    axe(phone)


def test_forced_theme_wins_over_the_device(phone):
    phone.emulate_media(color_scheme="light")
    light = phone.evaluate("getComputedStyle(document.body).backgroundColor")
    phone.emulate_media(color_scheme="dark")
    expect(phone.locator("body")).not_to_have_css("background-color", light)

    phone.evaluate("document.documentElement.dataset.theme = 'light'")

    expect(phone.locator("body")).to_have_css("background-color", light)
    assert re.match(r"(oklch|rgb)", light)
