"""Every page of the demo shop, looked at: accessible in light and dark, nothing sideways, everything large enough to tap."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from shop.demo.people import DEMO_PHONES, PASSWORD

MEMBER = DEMO_PHONES[2].removeprefix("+86")  # who has plenty of points
GOODS = "acacia-honey"
VISITOR_PAGES = [
    "/login", "/login/code", "/register", "/register?way=code", "/", "/products", "/rules", "/nothing-here", "/offline",
]  # fmt: skip
MEMBER_PAGES = [
    "/", "/products", "/products?q=咖啡", "/products?q=没有这种东西", "/products/*", "/cart", "/draws", "/draws/*",
    "/checkout?sku=SPARKLING-DRINK-1&qty=1", "/draws/*/fairness", "/signin", "/member", "/member/points", "/member/points/*",
    "/member/orders", "/orders/*", "/member/favourites", "/member/notifications", "/member/addresses",
    "/member/addresses/new", "/member/settings", "/member/tier", "/rules", "/coupons", "/member/coupons",
    "/member/coupons/automatic",
]  # fmt: skip
MERCHANT_PAGES = [
    "/merchant", "/merchant/products", "/merchant/products/new", "/merchant/products/*", "/merchant/categories",
    "/merchant/stores", "/merchant/orders", "/merchant/orders/*", "/merchant/verify", "/merchant/members",
    "/merchant/members/*", "/merchant/members/*?tab=lots", "/merchant/members/*?tab=coupons",
    "/merchant/members/*/adjustment", "/merchant/rulebook",
    "/merchant/rulebook/sections/tiers", "/merchant/rulebook/sections/signin", "/merchant/rulebook/draft", "/merchant/draws",
    "/merchant/draws/*", "/merchant/signin", "/merchant/staff", "/merchant/staff/new", "/merchant/audit",
    "/merchant/developers", "/merchant/developers/keys/new", "/api/v1/docs",
    "/merchant/settings", "/merchant/coupons", "/merchant/coupons/new", "/merchant/coupons/*",
]  # fmt: skip
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => {
  const reach = 21, found = [];
  const controls = "button, summary, select, a.btn, a.iconbtn, a.chip, a.item, nav a, input:not([type=hidden])";
  for (const control of document.querySelectorAll(controls)) {
    if (control.closest("dialog:not([open]), .vh") || control.matches(".vh") || control.disabled) continue;
    if (!control.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    const target = control.labels?.[0]?.contains(control) ? control.labels[0] : control;
    target.scrollIntoView({block: "center", inline: "center"});
    const box = target.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const isHit = (dx, dy) => {
      const there = document.elementFromPoint(x + dx, y + dy);
      return there && (target.contains(there) || there.closest("a, button, label, summary") === target);
    };
    const narrow = box.width < 43.5 && !(isHit(-reach, 0) && isHit(reach, 0));
    const low = box.height < 43.5 && !(isHit(0, -reach) && isHit(0, reach));
    if (narrow || low) found.push(`${target.tagName}.${target.className} "${target.textContent.trim().slice(0, 20)}" `
      + `${Math.round(box.width)}x${Math.round(box.height)}`);
  }
  return [...new Set(found)];
}"""


def log_in(page: Page, phone: str = MEMBER) -> None:
    page.goto("/login")
    page.get_by_label("手机号").fill(phone)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/login"))


def log_in_as_owner(page: Page) -> None:
    page.goto("/merchant/login")
    page.get_by_label("邮箱").fill("owner@demo.test")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/login"))


def found_on(page: Page, path: str, pattern: str) -> str:
    """The part that a pattern catches in the first link of a page that fits it."""
    page.goto(path)
    for link in page.locator("a[href]").all():
        if found := re.fullmatch(pattern, link.get_attribute("href") or ""):
            return found[1]
    raise AssertionError(f"no link {pattern} on {path}")


def addresses(page: Page, patterns: list[str]) -> Iterator[str]:
    """The addresses with something real in the place of every star."""
    known: dict[str, str] = {}
    for pattern in patterns:
        head, star, tail = pattern.partition("*")
        if not star:
            yield pattern
            continue
        yield head_of(known, page, head) + tail


def head_of(known: dict[str, str], page: Page, head: str) -> str:
    listed = {"/orders/": "/member/orders"}.get(head, head.rstrip("/"))
    if head not in known:
        known[head] = found_on(page, listed, re.escape(head) + r"((?!new)[\w-]+)")
    return head + known[head]


def look(page: Page, patterns: list[str], checks: list[Callable[[Page], object]]) -> list[str]:
    """Open every page and make every check; returns what was wrong."""
    wrong = []
    for address in addresses(page, patterns):
        page.goto(address)
        for check in checks:
            try:
                if said := check(page):
                    wrong.append(f"{address}: {said}")
            except AssertionError as error:
                wrong.append(f"{address}: {error}")
    return wrong


def sideways(*widths: int) -> Callable[[Page], object]:
    """Nothing is wider than a phone of these widths."""

    def check(page: Page) -> object:
        size = page.viewport_size
        assert size
        for width in widths:
            page.set_viewport_size({"width": width, "height": size["height"]})
            if (over := page.evaluate(SIDEWAYS)) > 0:
                return f"{over} px too wide at {width}"
        page.set_viewport_size(size)
        return None

    return check


def small_targets(page: Page) -> object:
    return page.evaluate(SMALL)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_pages_of_the_shop(demo_phone_page, axe, color_scheme):
    checks = [axe] if color_scheme == "dark" else [axe, sideways(320, 390), small_targets]

    wrong = look(demo_phone_page, VISITOR_PAGES, checks)
    log_in(demo_phone_page)
    wrong += look(demo_phone_page, MEMBER_PAGES, checks)

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_pages_of_the_back_office(demo_desk_page, axe, color_scheme):
    checks = [axe] if color_scheme == "dark" else [axe, sideways(390, 1280)]
    log_in_as_owner(demo_desk_page)

    wrong = look(demo_desk_page, MERCHANT_PAGES, checks)

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("javascript", [True, False])
def test_redeeming_paying_and_changing_ones_mind(demo_phone_page, javascript):
    page = demo_phone_page
    log_in(page)
    before = balance(page)

    page.goto(f"/products/{GOODS}")
    page.get_by_role("button", name="兑换", exact=True).click()
    page.get_by_role("button", name="去付款").click()
    page.wait_for_url("**/pay/*")
    assert balance(page) < before, "points are set aside"
    page.go_back()
    page.get_by_role("button", name="付 ¥").click()
    page.wait_for_url("**/sandbox-pay**")
    page.get_by_role("button", name="付 ¥").click()
    page.wait_for_url("**/orders/SF*")
    expect(page.get_by_role("heading", name="换到了")).to_be_visible()

    page.get_by_role("link", name="看订单").click()
    page.get_by_role("link", name="取消订单").click()
    page.get_by_role("button", name="取消订单").click()

    expect(page.get_by_text("已关闭")).to_be_visible()
    assert balance(page) == before


def balance(page: Page) -> int:
    page.goto("/member/points")
    return int(page.locator(".balance").first.inner_text().replace(",", ""))
