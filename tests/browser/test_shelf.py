"""Walking along the shelf on a phone: it goes on by itself, filters in place, and stands without script."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import insert

from shop import clock
from shop.books import stock
from shop.models import Variant
from shop.transaction import transaction
from tests.factories import make_product, make_rulebook


@pytest.fixture
def shelf(app, phone_page) -> Page:
    """Forty-five goods, the first with a second variant."""
    make_rulebook()
    at = clock.now()
    for number in range(45):
        product_id, _variant = make_product(
            points=100 + number, cents=990 * (number % 2), title=f"好东西 {number}", position=number, now=at
        )
        if number == 0:
            add_large(product_id)
    return phone_page


def add_large(product_id: int) -> None:
    row = {
        "product_id": product_id,
        "sku": "LARGE",
        "title": "大份",
        "price_points": 900,
        "price_cents": 0,
        "position": 1,
    }
    with transaction() as session:
        variant_id = session.execute(insert(Variant).values(row).returning(Variant.id)).scalar_one()
        stock.open_level(variant_id)
        stock.receive(variant_id, 5, "test:large", clock.now())


def test_the_shelf_goes_on_by_itself(shelf):
    shelf.goto("/")
    cards = shelf.locator("#products-list > .grid > .product")
    expect(cards).to_have_count(20)

    shelf.get_by_text("好东西 19").scroll_into_view_if_needed()
    shelf.mouse.wheel(0, 4000)
    expect(cards).to_have_count(40)
    shelf.mouse.wheel(0, 9000)

    expect(cards).to_have_count(45)
    expect(shelf.locator(".more-sentinel")).to_have_count(0)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_filters_and_order_change_the_list_in_place(shelf, axe, color_scheme):
    shelf.goto("/")
    shelf.get_by_text("只用积分").click()
    shelf.wait_for_url("**/products?*kind=points*")
    expect(shelf.locator("#products-list")).not_to_contain_text("¥9.90")

    shelf.get_by_role("button", name="推荐").click()
    shelf.get_by_text("积分从高到低").click()
    expect(shelf.locator("#products-list > .grid h3").first).to_have_text("好东西 44")
    expect(shelf.get_by_role("button", name="积分从高到低")).to_be_visible()
    axe(shelf)

    shelf.get_by_label("搜索商品").fill("没有的")
    expect(shelf.locator("#products-list")).to_contain_text("没找到「没有的」")
    axe(shelf)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_a_variant_is_chosen_in_a_sheet(shelf, axe, color_scheme):
    shelf.goto("/")
    shelf.get_by_role("link", name="好东西 0", exact=True).click()
    shelf.wait_for_url("**/products/*")
    axe(shelf)
    shelf.get_by_role("button", name="规格").click()
    shelf.get_by_text("大份").click()
    shelf.wait_for_url("**sku=LARGE")
    expect(shelf.locator("#products-choice .price")).to_contain_text("900")
    axe(shelf)

    shelf.get_by_role("button", name="就要这个").click()
    shelf.get_by_role("button", name="登录后兑换").click()

    shelf.wait_for_url("**/login")


@pytest.mark.parametrize("javascript", [False])
def test_everything_can_be_reached_without_script(shelf, javascript):
    shelf.goto("/products")
    shelf.get_by_role("link", name="再看一些").click()
    expect(shelf.locator("#products-list")).to_contain_text("好东西 20")

    shelf.goto("/products")
    shelf.get_by_role("combobox").select_option("points_desc")
    shelf.get_by_role("button", name="找", exact=True).click()
    expect(shelf.locator("#products-list > .grid h3").first).to_have_text("好东西 44")

    shelf.goto("/products?sort=points")
    shelf.get_by_role("link", name="好东西 0", exact=True).click()
    shelf.get_by_role("link", name="大份").click()
    expect(shelf.locator("#products-choice .price")).to_contain_text("900")
    expect(shelf.locator("#products-redeem-form input[name=sku]")).to_have_value("LARGE")
