"""From the cart to the paid order on a phone, with and without script, in both schemes."""

import pytest
from playwright.sync_api import Page, expect

from shop import clock
from shop.services.orders.cart import add_to_cart
from tests.factories import PASSWORD, make_member, make_product, make_store
from tests.orders import address_for, sku_of

PHONE_NUMBER = "13805712046"


@pytest.fixture
def shopper(app, phone_page) -> Page:
    """A member with 2,460 points, an address, and a scarf and coffee in the cart, who has logged in."""
    at = clock.now()
    member_id = make_member(points=2460, phone=f"+86{PHONE_NUMBER}", now=at)
    address_for(member_id, now=at)
    make_store()
    coffee = make_product(points=680, cents=1990, title="手冲咖啡豆", now=at)
    scarf = make_product(points=0, cents=12900, title="羊毛围巾", now=at)
    for _product_id, variant_id in (coffee, scarf):
        add_to_cart(member_id, sku_of(variant_id), 1, at)
    phone_page.goto("/login")
    phone_page.get_by_label("手机号").fill(PHONE_NUMBER)
    phone_page.get_by_label("密码").fill(PASSWORD)
    phone_page.get_by_role("button", name="登录", exact=True).click()
    phone_page.wait_for_url(lambda url: not url.endswith("/login"))
    return phone_page


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_cart_to_the_paid_order(shopper, javascript):
    shopper.goto("/cart")
    shopper.get_by_role("button", name="去兑换（2）").click()
    expect(shopper.locator("#checkout-bill")).to_contain_text("¥148.90")

    shopper.get_by_role("button", name="去付款").click()
    expect(shopper.locator("#payments-state")).to_contain_text("¥148.90")
    shopper.get_by_role("button", name="付 ¥148.90").click()
    shopper.wait_for_url("**/sandbox-pay**")
    shopper.get_by_role("button", name="付 ¥148.90").click()

    shopper.wait_for_url("**/orders/SF*")


def test_the_slider_and_the_way_change_the_bill_in_place(shopper):
    shopper.goto("/checkout")
    slider = shopper.get_by_label("用积分抵现")
    slider.evaluate("range => { range.value = 1200; }")
    slider.dispatch_event("input")
    slider.dispatch_event("change")
    expect(shopper.locator("#checkout-pay")).to_contain_text("¥136.90")

    shopper.get_by_text("到店自取").click()
    expect(shopper.locator("#checkout-form")).to_contain_text("小河路店")
    expect(shopper.locator("#checkout-pay")).to_contain_text("¥136.90")
    assert shopper.url.endswith("/checkout")


def test_a_cart_line_is_counted_and_left_out_in_place(shopper):
    shopper.goto("/cart")
    shopper.get_by_label("加一件").first.click()
    expect(shopper.locator("#cart-pay")).to_contain_text("¥277.90")

    shopper.get_by_label("选中羊毛围巾").uncheck()
    expect(shopper.locator("#cart-pay")).to_contain_text("去兑换（1）")
    shopper.get_by_label("拿出手冲咖啡豆").click()
    expect(shopper.locator("#cart-list")).not_to_contain_text("手冲咖啡豆")


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_everyone_can_use_these_pages(shopper, axe, color_scheme):
    for path in ("/cart", "/checkout", "/checkout?way=pickup"):
        shopper.goto(path)
        axe(shopper)
        assert_nothing_sticks_out(shopper)
    shopper.get_by_role("button", name="去付款").click()
    shopper.wait_for_url("**/pay/**")
    axe(shopper)
    assert_nothing_sticks_out(shopper)
    shopper.get_by_role("button", name="付 ¥").click()
    shopper.wait_for_url("**/sandbox-pay**")
    axe(shopper)


def assert_nothing_sticks_out(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 390, "height": 844})
