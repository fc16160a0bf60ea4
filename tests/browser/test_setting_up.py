"""Setting a shop up and moving in, at a desk and on a phone: with and without script, whatever the colours."""

import re

import pytest
from playwright.sync_api import expect

from shop.clock import now
from shop.services.merchant.setting_up import save_colours
from shop.services.points.publishing import install_default_rulebook
from tests.browser.test_accounts import assert_nothing_sticks_out
from tests.factories import PASSWORD, make_product, make_staff
from tests.imports import checked, csv_file, phone_of, uploaded, youzan_file

OWNER = "owner@shop.test"
STEPS = ("name", "colours", "rules", "product", "done")


def enter(page) -> None:
    """The owner logs in."""
    make_staff("owner", email=OWNER)
    page.goto("/merchant/login")
    page.get_by_label("邮箱").fill(OWNER)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(re.compile(r"/merchant(/setup/name)?$"))


@pytest.mark.parametrize("javascript", [True, False])
def test_the_first_ten_minutes(app, desk_page, javascript):
    install_default_rulebook(now())
    enter(desk_page)
    expect(desk_page.get_by_role("heading", name="你的店叫什么")).to_be_visible()
    desk_page.get_by_label("店名").fill("街角面包")
    desk_page.get_by_role("button", name="就叫这个").click()

    desk_page.get_by_label("底色").fill("290")
    desk_page.get_by_role("button", name="就用这两种").click()
    expect(desk_page.get_by_role("heading", name="积分怎么来、怎么用")).to_be_visible()
    desk_page.get_by_text("咖啡", exact=True).click()
    desk_page.get_by_role("button", name="用这一套").click()

    expect(desk_page.get_by_role("heading", name="放上第一件东西")).to_be_visible()
    desk_page.get_by_label("换什么").fill("一个可颂")
    desk_page.get_by_label("要多少积分").fill("100")
    desk_page.get_by_label("有多少件").fill("12")
    desk_page.get_by_role("button", name="放上货架").click()
    expect(desk_page.get_by_role("heading", name="可以开门了")).to_be_visible()

    desk_page.goto("/")
    expect(desk_page).to_have_title("首页 · 街角面包")
    hue = desk_page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--brand-h')")
    assert hue.strip() == "290"


def test_the_page_wears_the_colour_while_the_slider_moves(app, desk_page):
    install_default_rulebook(now())
    enter(desk_page)
    desk_page.goto("/merchant/setup/colours")
    button = desk_page.locator(".worn[data-theme=light] .btn.spark")
    before = button.evaluate("element => getComputedStyle(element).backgroundColor")

    desk_page.get_by_label("主色").fill("250")

    assert button.evaluate("element => getComputedStyle(element).backgroundColor") != before
    desk_page.goto("/merchant/setup/colours")
    assert button.evaluate("element => getComputedStyle(element).backgroundColor") == before


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("hues", [(165, 41), (20, 185), (300, 110)])
def test_everyone_can_use_a_shop_of_any_colour(app, phone_page, axe, color_scheme, hues):
    install_default_rulebook(now())
    make_product()
    save_colours(*hues, staff_id=make_staff(), now=now())
    for path in ("/", "/products", "/login"):
        phone_page.goto(path)
        axe(phone_page)
    enter(phone_page)
    for step in STEPS:
        phone_page.goto(f"/merchant/setup/{step}")
        axe(phone_page)
        assert_nothing_sticks_out(phone_page)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_everyone_can_use_the_pages_of_imports(app, phone_page, axe, color_scheme):
    install_default_rulebook(now())
    mapping_id, checked_id = uploaded(youzan_file(500), now=now()), checked(youzan_file(500), now=now())
    rows = [[phone_of(number), 5] for number in range(2001)]
    working_id = checked(csv_file(("手机号", "积分"), rows), now=now())
    enter(phone_page)
    for path in ("", f"/{mapping_id}/columns", f"/{checked_id}", f"/{working_id}"):
        phone_page.goto(f"/merchant/imports{path}")
        axe(phone_page)
        assert_nothing_sticks_out(phone_page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_large_file_is_worked_on_while_one_looks(app, desk_page, javascript, tmp_path):
    install_default_rulebook(now())
    file = tmp_path / "会员.csv"
    file.write_bytes(csv_file(("手机号", "积分"), [[phone_of(number), 5] for number in range(2500)]))
    enter(desk_page)
    desk_page.goto("/merchant/imports")
    desk_page.get_by_label("文件", exact=True).set_input_files(file)
    desk_page.get_by_role("button", name="上传").click()
    desk_page.get_by_role("button", name="检查每一行").click()

    wait_for(desk_page, "记进账里", javascript)
    desk_page.get_by_role("button", name="记进账里").click()
    wait_for(desk_page, "整批撤回", javascript)


def wait_for(page, button: str, javascript: bool) -> None:
    """With script the page comes by itself to what it waits for; without, one presses on it."""
    if javascript:
        expect(page.get_by_role("button", name=button)).to_be_visible(timeout=30_000)
        return
    for _time in range(60):
        if page.get_by_role("button", name=button).count():
            return
        page.get_by_role("link", name="看看到哪了").click()
        page.wait_for_timeout(500)
    raise AssertionError(f"no button {button!r} after half a minute")
