"""Gifts on top in the back office, and what members see of them."""

import pytest
from sqlalchemy import select

from shop.extensions import db
from shop.models import AuditEntry, Gift, Order, Product
from tests.factories import MONDAY, make_category, make_member, make_product
from tests.gifts import make_gift
from tests.orders import address_for, hidden_inputs, sku_of

TYPED = {
    "revision": "0",
    "name": "咖啡买二送一",
    "scope": "all",
    "category": "",
    "sku": "",
    "quantity_min": "2",
    "quantity": "1",
    "order_max": "3",
    "member_max": "",
    "starts_at": "2026-03-02T00:00",
    "ends_at": "",
}


@pytest.fixture(autouse=True)
def monday(app, clock):
    clock.stand_at(MONDAY)


@pytest.fixture
def goods(app):
    """Coffee at 680 points, and filters that come on top."""
    product_id, coffee = make_product(points=680, on_hand=9, title="手冲咖啡豆")
    _product, filters = make_product(points=90, on_hand=2, title="滤纸")
    return product_id, coffee, filters


def gifts():
    db.session.rollback()
    return list(db.session.scalars(select(Gift).order_by(Gift.id)))


def test_a_gift_is_made_started_changed_and_stopped(as_staff, goods):
    _product_id, coffee, filters = goods
    browser = as_staff("editor")
    typed = {**TYPED, "scope": "product", "sku": sku_of(coffee), "gift_sku": sku_of(filters)}

    made = browser.post("/merchant/gifts", data=typed)
    page = f"/merchant/gifts/{gifts()[0].id}"
    assert (made.status_code, made.location) == (303, page)
    assert gifts()[0].state == "draft"
    browser.post(f"{page}/publication")
    assert (gifts()[0].state, gifts()[0].revision) == ("on", 2)
    changed = browser.post(page, data={**typed, "revision": "2", "order_max": "5", "member_max": "7"})
    assert (changed.status_code, gifts()[0].order_max, gifts()[0].member_max) == (303, 5, 7)
    late = browser.post(page, data={**typed, "revision": "2"})
    assert (late.status_code, gifts()[0].order_max) == (
        303,
        5,
    )  # somebody saved meanwhile: told, and nothing lost
    browser.post(f"{page}/publication/removal")

    assert gifts()[0].state == "off"
    listed = browser.get("/merchant/gifts").text
    assert "咖啡买二送一" in listed
    assert "每换 2 件手冲咖啡豆" in listed
    actions = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject == f"gift:{gifts()[0].id}")
    )
    assert sorted(actions) == ["gift.create", "gift.save", "gift.start", "gift.stop"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "写上名称"),
        ({"gift_sku": "NONE"}, "没有找到「NONE」"),
        ({"gift_sku": ""}, "写一个商品编号"),
        ({"scope": "product", "sku": ""}, "写一个商品编号"),
        ({"scope": "product", "sku": "NONE"}, "没有找到「NONE」"),
        ({"scope": "category", "category": ""}, "选一个分类"),
        ({"scope": "category", "category": "99"}, "选一个分类"),
        ({"quantity": "4"}, "不能少于「送几件」"),
        ({"ends_at": "2026-03-01T00:00"}, "结束要在开始以后"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(as_staff, goods, wrong, said):
    typed = {**TYPED, "gift_sku": sku_of(goods[2]), **wrong}

    answer = as_staff("owner").post("/merchant/gifts", data=typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert gifts() == []


def test_a_category_of_a_gift_stays(as_staff, goods):
    category_id = make_category("咖啡", "coffee")
    make_gift(goods[2], category_id=category_id)
    browser = as_staff("owner")

    browser.post(f"/merchant/categories/{category_id}/removal")

    assert "有一个买赠算这个分类" in browser.get("/merchant/categories").text
    assert "咖啡" in browser.get(f"/merchant/gifts/{gifts()[0].id}").text


def test_members_see_it_everywhere_and_get_it(as_member, goods):
    product_id, coffee, filters = goods
    make_gift(filters, name="买二送一", quantity_min=2)
    member_id = make_member(points=5000)
    address_id = address_for(member_id)
    browser = as_member(member_id)
    slug = db.session.get_one(Product, product_id).slug

    assert "每换 2 件，送滤纸 1 件" in browser.get(f"/products/{slug}").text
    browser.post("/cart/items", data={"sku": sku_of(coffee), "qty": "1"})
    assert "「买二送一」再换 1 件就送" in browser.get("/cart").text
    browser.post(f"/cart/items/{sku_of(coffee)}", data={"qty": "2"})
    assert "赠品" in browser.get("/cart").text
    page = browser.get("/checkout")
    assert "「买二送一」每换 2 件送的" in page.text
    sheet = browser.get(f"/products/{slug}/redemption?qty=2")
    assert "滤纸 × 1" in sheet.text
    placed = browser.post(
        "/checkout", data=hidden_inputs(page) | {"way": "shipping", "address_id": address_id}
    )

    number = db.session.scalars(select(Order.number)).one()
    assert placed.location == f"/orders/{number}"
    browser.get(placed.location)
    assert "赠品" in browser.get(placed.location).text
    assert browser.get("/cart").text.count("滤纸") == 0


def test_staff_are_told_which_gift_goes_back(as_member, as_staff, goods):
    _product_id, coffee, filters = goods
    make_gift(filters)
    member_id = make_member(points=5000)
    address_id = address_for(member_id)
    browser = as_member(member_id)
    page = browser.get(f"/checkout?sku={sku_of(coffee)}&qty=1")
    placed = browser.post(
        "/checkout", data=hidden_inputs(page) | {"way": "shipping", "address_id": address_id}
    )
    number = placed.location.rsplit("/", 1)[1]

    staff = as_staff("owner")
    form = staff.get(f"/merchant/orders/{number}/refund").text
    line = form.partition('name="pieces_')[2].partition('"')[0]
    preview = staff.get(f"/merchant/orders/{number}/refund?pieces_{line}=1").text

    assert "收回赠品" in preview
    assert "滤纸 × 1" in preview
