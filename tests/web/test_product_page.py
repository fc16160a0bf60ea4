"""The page of a product: its state for each visitor, its variants, the heart and the reminder."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from shop.books import stock
from shop.extensions import db
from shop.models import Picture, Product, Variant, Watch
from shop.services.catalogue.pictures import add_pictures
from shop.services.catalogue.products import open_to_everybody
from shop.transaction import transaction
from tests.factories import AT_ONCE, MONDAY, make_category, make_member, make_product, make_rulebook
from tests.pictures import picture
from tests.web.test_shelf import count_statements

REFUSED = "再攒攒成长值就能换"


def address_of(product_id: int) -> str:
    db.session.rollback()
    return f"/products/{db.session.get_one(Product, product_id).slug}"


def add_variant(product_id: int, sku: str, title: str, points: int, on_hand: int = 5) -> None:
    row = {
        "product_id": product_id,
        "sku": sku,
        "title": title,
        "price_points": points,
        "price_cents": 0,
        "position": 1,
    }
    with transaction() as session:
        variant_id = session.execute(insert(Variant).values(row).returning(Variant.id)).scalar_one()
        stock.open_level(variant_id)
        if on_hand:
            stock.receive(variant_id, on_hand, f"test:{sku}", MONDAY)


@pytest.fixture
def rich(as_member, clock):
    return as_member(make_member(points=2460, now=clock.now))


def test_a_guest_sees_the_way_to_the_checkout(client):
    make_rulebook()
    product_id, _variant = make_product(points=680, cents=1990, market_price_cents=6800)

    page = client.get(address_of(product_id)).text

    assert "680" in page
    assert "市价 ¥68.00，现金少付 ¥48.10" in page
    assert 'action="/checkout"' in page
    assert "登录后兑换" in page
    assert "15 分钟内没付款会自动退回" in page


def test_a_member_sees_what_is_left_afterwards(rich):
    product_id, _variant = make_product(points=680)

    page = rich.get(address_of(product_id)).text

    assert "1,780" in page
    assert 'method="get" action="/checkout"' in page
    assert 'name="qty"' in page
    assert "缺货" not in page


def test_short_of_points_says_how_far_and_what_to_do(rich):
    product_id, _variant = make_product(points=2680)

    page = rich.get(address_of(product_id)).text

    assert "220" in page
    assert "2,460 / 2,680" in page
    assert "v-91" in page
    assert 'action="/checkout"' not in page


def test_locked_by_tier_says_what_is_missing(as_member, clock):
    member_id = make_member(points=9000, now=clock.now, growth=100)
    highest = AT_ONCE.tiers[-1]
    product_id, _variant = make_product(tier_code_min=highest.code)

    page = as_member(member_id).get(address_of(product_id)).text

    assert f"{highest.name}会员专享" in page
    assert f"再有 {highest.growth_from - 100:,} 就到" in page
    assert 'action="/checkout"' not in page


def test_limit_says_what_is_left(rich):
    product_id, _variant = make_product(points=10, limit_per_member=2, limit_period="month")

    assert "每人每月 2 件，你这个月还能换 2 件" in rich.get(address_of(product_id)).text


def test_variants_are_links_without_script_and_a_fragment_with_it(rich):
    product_id, _variant = make_product(points=680)
    add_variant(product_id, "BIG", "454 g", 1180)
    add_variant(product_id, "HUGE", "1 kg", 1980, on_hand=0)
    address = address_of(product_id)

    page = rich.get(f"{address}?sku=BIG").text
    fragment = rich.fragment(f"{address}?sku=BIG").text

    assert f'href="{address}?sku=HUGE"' in page
    assert 'name="sku" value="BIG"' in page
    assert "1,180" in fragment
    assert "<html" not in fragment
    assert 'id="products-redeem"' in fragment
    assert "hx-swap-oob" in fragment
    assert "hx-swap-oob" not in page


@pytest.mark.parametrize("sku", ["", "nonsense", "\0", "😀", "x" * 5000, "' OR 1=1"])
def test_an_unknown_variant_shows_the_first(rich, sku):
    product_id, _variant = make_product(points=680)

    answer = rich.get(address_of(product_id), query_string={"sku": sku})

    assert answer.status_code == 200


@pytest.mark.parametrize("slug", ["nothing", "%00", "😀", "a" * 3000, "..%2f..%2fetc"])
def test_an_unknown_product_is_not_found(client, slug):
    assert client.get(f"/products/{slug}").status_code == 404


def test_off_the_shelf_is_not_found(client):
    product_id, _variant = make_product(state="off_sale")

    assert client.get(address_of(product_id)).status_code == 404


def test_what_a_merchant_writes_cannot_run(client):
    make_rulebook()
    written = '<p onclick="steal()">好茶<script>alert(1)</script><a href="javascript:alert(1)">看</a></p>'
    product_id, _variant = make_product(description=written, title="<b>茶</b>")

    page = client.get(address_of(product_id)).text

    assert "好茶" in page
    assert "alert(1)" not in page
    assert "onclick" not in page
    assert "<b>茶</b>" not in page


def test_plain_words_keep_their_paragraphs(client):
    make_rulebook()
    product_id, _variant = make_product(description="第一段 3 < 5\n\n第二段\n换行")

    page = client.get(address_of(product_id)).text

    assert "<p>第一段 3 &lt; 5</p><p>第二段<br>换行</p>" in page


def test_the_heart_is_kept_and_taken_back(rich):
    product_id, _variant = make_product(title="小茶壶")
    address = address_of(product_id)

    loved = rich.fragment(f"{address}/watches/favourite", method="POST")
    assert 'aria-pressed="true"' in loved.text
    assert "小茶壶" in rich.get("/member/favourites").text
    assert rich.post(f"{address}/watches/favourite").status_code == 303

    rich.post(f"{address}/watches/favourite/removal")
    assert "小茶壶" not in rich.get("/member/favourites").text


def test_sold_out_offers_the_reminder(rich):
    product_id, _variant = make_product(on_hand=0)
    address = address_of(product_id)
    assert "到货提醒我" in rich.get(address).text

    assert rich.post(f"{address}/watches/restock", headers={"Referer": address}).status_code == 303

    assert "不用提醒了" in rich.get(address).text
    assert address in rich.get("/member/favourites?kind=restock").text
    assert address not in rich.get("/member/favourites").text
    assert db.session.scalars(select(Watch.kind)).all() == ["restock"]


def test_watching_needs_a_login_and_a_known_kind(client, rich):
    address = address_of(make_product()[0])

    assert client.post(f"{address}/watches/favourite").headers["Location"].endswith("/login")
    assert rich.post(f"{address}/watches/nonsense").status_code == 404
    assert rich.post("/products/nothing/watches/favourite").status_code == 404


def test_pictures_are_served_for_ever_under_our_names_only(client):
    make_rulebook()
    product_id, _variant = make_product()
    key = add_pictures(product_id, [picture()], None, MONDAY)[0]

    page = client.get(address_of(product_id)).text
    assert f"/media/{key}-512.webp 512w" in page
    answer = client.get(f"/media/{key}-512.webp")
    assert answer.content_type == "image/webp"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for name in (
        f"{key}.webp",
        "..%2f..%2fshop.db",
        ".hidden.webp",
        f"{key}-512.html",
        "%00.webp",
        "a" * 500 + ".webp",
    ):
        assert client.get(f"/media/{name}").status_code == 404


def test_statements_of_a_product_do_not_grow(client, rich):
    category_id = make_category()
    product_id, _variant = make_product(category_id=category_id, limit_per_member=3)
    address = address_of(product_id)
    few = (count_statements(client, address), count_statements(rich, address))
    for number in range(20):
        add_variant(product_id, f"V{number}", f"规格 {number}", 100 + number)
        make_product(category_id=category_id)
    with transaction() as session:
        for number in range(8):
            session.add(Picture(product_id=product_id, key=f"p-{number}", position=number, width=9, height=9))

    assert (count_statements(client, address), count_statements(rich, address)) == few
    assert few[0] <= 6  # the shelf has changed: its goods and gifts are read anew
    assert few[1] <= 10


def test_a_tier_comes_first_and_then_everybody_to_the_second(rich, clock):
    highest = AT_ONCE.tiers[-1]
    product_id, variant_id = make_product(
        title="限量礼盒",
        points=100,
        tier_code_min=highest.code,
        tier_growth_min=highest.growth_from,
        tier_until=clock.now + timedelta(hours=1),
    )
    address = address_of(product_id)
    sku = db.session.scalar(select(Variant.sku).where(Variant.id == variant_id))

    clock.move(hours=1, seconds=-1)
    early = rich.get(address).text
    assert f"{highest.name}会员先换" in early
    assert "起，人人都能换" in early
    assert REFUSED in rich.get(f"/checkout?sku={sku}").text

    clock.move(seconds=1)
    assert f"{highest.name}会员先换" not in rich.get(address).text
    assert REFUSED not in rich.get(f"/checkout?sku={sku}").text
    assert f"{highest.name}会员" in rich.get("/products").text

    assert open_to_everybody(clock.now) == 1
    assert open_to_everybody(clock.now) == 0
    assert f"{highest.name}会员" not in rich.get("/products").text
