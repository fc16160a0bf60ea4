"""The back office of the catalogue: products, pictures, stock."""

import io
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import AuditEntry, Picture, Product, StockLevel, Variant
from tests.factories import AT_ONCE, make_category, make_product, make_rulebook
from tests.pictures import picture
from tests.web.test_shelf import count_statements

FIELDS = {"title": "白茶", "kind": "physical", "limit_period": "ever", "variants-0-title": "50 g"}


def product_row(product_id: int) -> Product:
    db.session.rollback()
    return db.session.get_one(Product, product_id)


def saved_fields(page: str) -> dict[str, str]:
    """What a browser would send back from the editor as it stands."""
    part = page[page.index('id="product-form"') :]
    part = part[: part.index("</form>")]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", part):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and (("checkbox" not in tag) or "checked" in tag):
            fields[name[1]] = value[1] if value else "y"
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', part, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


@pytest.fixture
def editor(as_staff):
    make_rulebook()
    return as_staff("editor")


def make_by_form(editor, **fields: str) -> int:
    values = {**FIELDS, "variants-0-points": "300", "variants-0-cents": "9.9", **fields}
    answer = editor.post("/merchant/products", data=values)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def test_a_product_from_nothing_to_the_shelf(editor, client):
    product_id = make_by_form(editor, category=str(make_category("喝的")))
    address = f"/merchant/products/{product_id}"
    variant = db.session.scalars(select(Variant)).one()
    assert (variant.price_points, variant.price_cents) == (300, 990)

    files = {"pictures": [(io.BytesIO(picture()), "茶.png"), (io.BytesIO(picture()), "../../etc/passwd")]}
    assert editor.post(f"{address}/pictures", data=files).status_code == 303
    stock = {"variant": str(variant.id), "deed": "receive", "units": "12", "idempotency_key": "key-000001"}
    assert editor.post(f"{address}/stock", data=stock).status_code == 303
    assert editor.post(f"{address}/stock", data=stock).status_code == 303
    assert editor.post(f"{address}/publication").status_code == 303

    assert "白茶" in client.get("/products").text
    assert db.session.scalars(select(StockLevel.on_hand)).all() == [12]
    editor.post(f"{address}/publication/removal")
    assert "白茶" not in client.get("/products").text


def test_the_editor_saves_what_it_shows(editor):
    product_id = make_by_form(editor, limit_per_member="2", market_price="68")
    address = f"/merchant/products/{product_id}"
    fields = saved_fields(editor.get(address).text)
    before = db.session.scalars(select(AuditEntry.after).where(AuditEntry.action == "product.create")).one()

    answer = editor.post(address, data=fields)

    assert answer.status_code == 303, answer.text
    after = db.session.scalars(select(AuditEntry.after).where(AuditEntry.action == "product.save")).one()
    for row in before["variants"] + after["variants"]:
        row.pop("id")
        row.pop("sku")
    assert after == before


def test_tags_are_words_that_rules_can_name(editor):
    product_id = make_by_form(editor, tags=" 青禾、雪松系列，青禾  新品 ")

    assert product_row(product_id).tags == "青禾 雪松系列 新品"
    assert saved_fields(editor.get(f"/merchant/products/{product_id}").text)["tags"] == "青禾 雪松系列 新品"


def test_a_tier_that_comes_first_is_kept_with_its_end(editor):
    product_id = make_by_form(editor, tier=AT_ONCE.tiers[1].code, tier_until="2026-03-05T10:00")

    fields = saved_fields(editor.get(f"/merchant/products/{product_id}").text)
    assert fields["tier_until"] == "2026-03-05T10:00"
    assert editor.post(f"/merchant/products/{product_id}", data=fields).status_code == 303
    assert product_row(product_id).tier_until == datetime(2026, 3, 5, 2, tzinfo=UTC)


def test_a_stale_save_keeps_what_was_typed(editor):
    product_id = make_by_form(editor)
    address = f"/merchant/products/{product_id}"
    opened = saved_fields(editor.get(address).text)
    editor.post(address, data={**opened, "title": "老白茶"})

    answer = editor.post(address, data={**opened, "title": "我的白茶"})

    assert answer.status_code == 409
    assert "被别人改过" in answer.text
    assert "我的白茶" in answer.text
    assert product_row(product_id).title == "老白茶"
    again = editor.post(address, data=saved_fields(answer.text))
    assert again.status_code == 303
    assert product_row(product_id).title == "我的白茶"


WRONG = {
    "title": ["", "x" * 81, "a\0b", "a\u202eb"],
    "kind": ["nonsense"],
    "category": ["99", "x"],
    "tier": ["emperor"],
    "tier_until": ["2026-02-30T10:00", "tomorrow", "2026-03-05T10:00"],
    "market_price": ["1.999", "-1", "1e3", "abc", "１２", "99999999999"],
    "limit_per_member": ["0", "-1", "1.5", "1e3", "２", "9999999999"],
    "limit_period": ["year"],
    "position": ["-1", "x"],
    "variants-0-points": ["-1", "1.5", "NaN", "1e9", "99999999999"],
    "variants-0-cents": ["-0.01", "0.001", "1,5", "∞"],
    "variants-0-sku": ["a b", "x" * 41, "编号", "a/b"],
    "variants-0-title": ["x" * 61, "\0"],
    "description": ["x" * 20_001, "\0"],
    "tags": ["x" * 201, "a\0b"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_what_makes_no_sense_is_refused_at_its_field(editor, name, value):
    values = {**FIELDS, "variants-0-points": "300", name: value}

    answer = editor.post("/merchant/products", data=values)

    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert not db.session.scalar(select(func.count()).select_from(Product))


def test_strange_rows_of_variants_are_no_rows(editor):
    strange = {
        "variants-²-points": "1",
        f"variants-{'9' * 5000}-points": "1",
        "variants-x-points": "1",
        "variants": "1",
    }

    answer = editor.post("/merchant/products", data={**FIELDS, "variants-0-points": "300", **strange})

    assert answer.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Variant)) == 1


def test_a_price_of_nothing_is_refused(editor):
    answer = editor.post("/merchant/products", data={**FIELDS, "variants-0-points": "0"})

    assert answer.status_code == 422
    assert "积分和现金至少填一个" in answer.text


@pytest.mark.parametrize("content", [b"#!/bin/sh", b"", picture()[:100]])
def test_a_script_named_like_a_picture_is_refused_at_the_field(editor, app, content):
    product_id, _variant = make_product()
    before = set(app.config["MEDIA_FOLDER"].glob("*"))

    answer = editor.post(
        f"/merchant/products/{product_id}/pictures", data={"pictures": (io.BytesIO(content), "photo.png")}
    )

    assert answer.status_code == 422
    assert "这张图片用不了" in answer.text
    assert set(app.config["MEDIA_FOLDER"].glob("*")) == before
    assert not db.session.scalar(select(func.count()).select_from(Picture))


@pytest.mark.parametrize("units", ["0", "-1", "1.5", "1e3", "１", "", "1000000000000", "NaN"])
def test_units_that_make_no_sense_change_nothing(editor, units):
    product_id, variant_id = make_product(on_hand=3)
    form = {"variant": str(variant_id), "deed": "receive", "units": units, "idempotency_key": "key-000001"}

    assert editor.post(f"/merchant/products/{product_id}/stock", data=form).status_code == 422
    assert db.session.get_one(StockLevel, variant_id).on_hand == 3


def test_a_correction_needs_a_reason_and_cannot_go_below_zero(editor):
    product_id, variant_id = make_product(on_hand=3)
    form = {"variant": str(variant_id), "deed": "take", "units": "4", "idempotency_key": "key-000001"}
    address = f"/merchant/products/{product_id}/stock"

    assert "写一句为什么" in editor.post(address, data=form).text
    refused = editor.post(address, data={**form, "reason": "盘点"})
    assert refused.status_code == 409
    assert "没有这么多可以减" in refused.text
    assert editor.post(address, data={**form, "units": "3", "reason": "盘点"}).status_code == 303


def test_a_variant_of_another_product_has_no_stock_here(editor):
    product_id, _variant = make_product()
    _other, foreign_id = make_product(on_hand=3)
    form = {"variant": str(foreign_id), "deed": "receive", "units": "4", "idempotency_key": "key-000001"}

    assert editor.post(f"/merchant/products/{product_id}/stock", data=form).status_code == 404
    assert db.session.get_one(StockLevel, foreign_id).on_hand == 3


def test_incomplete_goods_do_not_go_on_sale(editor):
    product_id = make_by_form(editor)

    editor.post(f"/merchant/products/{product_id}/publication")

    assert product_row(product_id).state == "draft"


@pytest.mark.parametrize("role", ["cashier", "support"])
def test_others_read_products_and_change_nothing(as_staff, role):
    product_id, variant_id = make_product()
    make_rulebook()
    reader = as_staff(role)
    address = f"/merchant/products/{product_id}"

    assert reader.get("/merchant/products").status_code == 200
    assert "保存</button>" not in reader.get(address).text
    for path in ("", "/publication", "/publication/removal", "/stock", "/pictures", "/stock/alert"):
        assert reader.post(address + path, data={"variant": str(variant_id)}).status_code == 403
    assert reader.get("/merchant/products/new").status_code == 403
    assert reader.get("/merchant/stores").status_code == 403
    assert reader.get("/merchant/categories").status_code == 403


def test_a_guest_is_sent_to_the_login(client):
    assert client.get("/merchant/products").headers["Location"].endswith("/merchant/login")


def test_the_list_finds_and_filters(editor):
    make_product(title="快没了的茶", on_hand=0)
    make_product(title="草稿茶", state="draft")
    make_product(title="围巾", on_hand=99, variant={"sku": "SCARF-1"})

    assert "围巾" not in editor.fragment("/merchant/products?state=low").text
    assert "快没了的茶" in editor.fragment("/merchant/products?state=low").text
    assert "草稿茶" in editor.fragment("/merchant/products?state=draft").text
    assert "围巾" in editor.fragment("/merchant/products?q=scarf").text
    assert "没有这样的商品" in editor.fragment("/merchant/products?q=滑板").text
    assert "<html" not in editor.fragment("/merchant/products").text
    for query in ("before=x", "before=99999999999999", "q=%00", "state=x", "q=" + "a" * 9000, "before=-1"):
        assert editor.get(f"/merchant/products?{query}").status_code == 200


def test_statements_of_the_list_do_not_grow(editor):
    for _number in range(20):
        make_product()
    few = count_statements(editor, "/merchant/products")
    for _number in range(180):
        make_product()

    assert count_statements(editor, "/merchant/products") == few <= 10
    assert "before=" in editor.get("/merchant/products").text
