"""The shelf: home, catalogue, search, filters, pages."""

import re

import pytest
from sqlalchemy import event, insert

from shop.extensions import db
from shop.models import Category
from shop.transaction import transaction
from tests.factories import give_points, make_category, make_member, make_product, make_rulebook

CARD = re.compile(r'<a href="/products/(product-\d+)"')


def cards_in(text: str) -> list[str]:
    return CARD.findall(text)


def test_home_shows_a_guest_the_shelf_and_the_way_in(client):
    make_rulebook()
    make_product(title="手冲咖啡豆")

    page = client.get("/")

    assert page.status_code == 200
    assert "手冲咖啡豆" in page.text
    assert 'href="/register"' in page.text
    assert "Set-Cookie" not in page.headers


def test_home_of_an_empty_shop_stands(client):
    assert "货架还空着" in client.get("/").text


def test_home_shows_a_member_balance_and_sign_in(as_member, clock):
    member_id = make_member(points=2460, now=clock.now)

    page = as_member(member_id).get("/")

    assert "2,460" in page.text
    assert 'id="signin-today"' in page.text


def test_fragment_is_only_the_list(client):
    make_product()

    page, fragment = client.get("/products"), client.fragment("/products")

    assert "<html" in page.text
    assert "<html" not in fragment.text
    assert 'id="products-list"' in fragment.text
    assert "HX-Request" in fragment.headers["Vary"]


@pytest.mark.parametrize("words", ["咖啡", "豆", "手冲 咖啡", "COFFEE", "茉莉", "喝的"])
def test_search_finds_short_words_in_title_subtitle_and_category(client, words):
    make_product(title="手冲咖啡豆 Coffee", subtitle="茉莉香", category_id=make_category("喝的"))
    make_product(title="羊毛围巾")

    assert len(cards_in(client.get("/products", query_string={"q": words}).text)) == 1


@pytest.mark.parametrize("words", ["%", "_", "/", "咖%豆", "\\"])
def test_wildcards_are_letters_like_any_other(client, words):
    make_product(title="手冲咖啡豆")

    assert not cards_in(
        client.fragment("/products", query_string={"q": words, "category": ""}).text.split("也许")[0]
    )


def test_search_without_result_offers_a_next_step(client):
    make_product(title="手冲咖啡豆")

    page = client.get("/products?q=滑板")

    assert "没找到「滑板」" in page.text
    assert "取消筛选再找" in page.text
    assert "也许你会喜欢" in page.text


def test_category_holds_what_lies_below_it(client):
    upper = make_category("吃喝", "food")
    make_product(title="茶", category_id=upper)
    with transaction() as session:
        row = {"name": "喝的", "slug": "drinks", "parent_id": upper}
        lower = session.execute(insert(Category).values(row).returning(Category.id)).scalar_one()
    make_product(title="咖啡", category_id=lower)
    make_product(title="围巾", category_id=make_category("穿戴", "wear"))

    assert len(cards_in(client.get("/products?category=food").text)) == 2
    assert len(cards_in(client.get("/products?category=drinks").text)) == 1


def test_points_only_leaves_cash_out(client):
    make_product(title="纯积分", points=100)
    make_product(title="加现金", points=100, cents=990)

    page = client.get("/products?kind=points").text

    assert "纯积分" in page
    assert "加现金" not in page


def test_affordable_means_points_tier_and_stock(as_member, clock):
    member_id = make_member(points=500, now=clock.now)
    make_product(title="够得着", points=500)
    make_product(title="差一分", points=501)
    make_product(title="等级不够", points=1, tier_code_min="branch")
    make_product(title="兑完了", points=1, on_hand=0)

    page = as_member(member_id).get("/products?affordable=1").text

    assert "够得着" in page
    assert "差一分" not in page
    assert "兑完了" not in page


def test_a_guest_cannot_narrow_to_what_is_affordable(client):
    make_product(points=500)

    assert cards_in(client.get("/products?affordable=1").text)


@pytest.mark.parametrize("sort", ["recommended", "new", "points", "points_desc", "popular", "nonsense"])
def test_every_product_comes_once_on_the_way_down(client, sort):
    for number in range(47):
        make_product(points=100 + number % 7, position=number % 5, redeemed_count=number % 3)

    seen, address = [], f"/products?sort={sort}"
    while address:
        text = client.fragment(address).text
        seen += cards_in(text)
        found = re.search(r'hx-get="(/products\?[^"]*after=[^"]*)"', text)
        address = found[1].replace("&amp;", "&") if found else ""

    assert len(seen) == len(set(seen)) == 47


def test_next_page_is_a_link_without_script(client):
    for _number in range(21):
        make_product()

    page = client.get("/products").text

    assert re.search(r'<a class="btn soft block" href="/products\?after=[^"]+"', page)


def test_card_tells_what_stands_in_the_way(as_member, clock):
    member_id = make_member(points=100, now=clock.now)
    make_product(title="差一点", points=320)
    make_product(title="没有了", points=10, on_hand=0)
    make_product(title="快没了", points=10, on_hand=3)
    make_product(title="有限", points=10, on_hand=99, limit_per_member=2, limit_period="month")

    page = as_member(member_id).get("/products").text

    for hint in ("还差 220 分", "已兑完 · 可订到货提醒", "仅剩 3 件", "每人每月限 2 件"):
        assert hint in page


HOSTILE = [
    "",
    "garbage",
    "\0",
    "%00",
    "-1",
    "1.5",
    "9" * 40,
    "1" * 18 + "." + "1" * 18,
    "😀",
    "' OR 1=1 --",
    "\u202e",
    "a" * 10_000,
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["q", "category", "affordable", "kind", "sort", "after"])
def test_no_address_breaks_the_shelf(client, name, value):
    make_product()

    for sort in ("new", "points_desc"):
        query = {"sort": sort, name: value}
        assert client.get("/products", query_string=query).status_code == 200
        assert client.fragment("/products", query_string=query).status_code == 200


def count_statements(client, address: str) -> int:
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.upper().startswith(("BEGIN", "PRAGMA", "SET", "SHOW")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(statements)


def test_statements_do_not_grow_with_the_shelf(client, as_member, clock):
    member = as_member(make_member(points=100, now=clock.now))
    for _number in range(20):
        make_product()
    few = [
        count_statements(client, "/products"),
        count_statements(member, "/products"),
        count_statements(member, "/"),
    ]
    for _number in range(180):
        make_product()

    many = [
        count_statements(client, "/products"),
        count_statements(member, "/products"),
        count_statements(member, "/"),
    ]

    assert many == few
    assert many[0] <= 3
    assert many[1] <= 6


def test_points_that_arrive_bring_goods_into_reach(as_member, clock):
    member_id = make_member(now=clock.now)
    make_product(title="小目标", points=300)
    client = as_member(member_id)
    assert "小目标" not in client.fragment("/products?affordable=1").text.split("也许")[0]

    give_points(member_id, 300, now=clock.now)

    assert "小目标" in client.fragment("/products?affordable=1").text.split("也许")[0]
