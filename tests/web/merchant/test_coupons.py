"""Coupons in the back office, over HTTP: writing, offering, stopping, and what is refused."""

import pytest
from sqlalchemy import select

from shop.extensions import db
from shop.models import AuditEntry, CouponTemplate
from shop.queries.orders.quote import Ask
from shop.services.campaigns.coupons import redeem_coupon
from shop.services.orders.checkout import place_order
from shop.services.orders.payments import record_payment_notice
from tests.coupons import coupons_of, make_template, template_of
from tests.factories import MONDAY, make_category, make_member, make_product, make_store
from tests.orders import address_for, sku_of, wish_for
from tests.services.orders.stories import notice_of
from tests.walks import Person

KEY = "a-key-of-this-page-0001"
TYPED = {"name": "10 元券", "off_cents": "10", "price_points": "100", "valid_days": "30"}


@pytest.fixture
def owner(as_staff, clock):
    return Person(as_staff("owner"))


def only_template() -> CouponTemplate:
    db.session.rollback()
    return db.session.scalars(select(CouponTemplate)).one()


def actions() -> list[str]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.like("coupon.%")).order_by(AuditEntry.id)
        )
    )


def test_a_template_is_written_offered_and_stopped(owner, as_member):
    member_id = make_member(points=500)
    owner.open("/merchant/coupons").follow("做一张").press("存下来", **TYPED)
    template = only_template()
    assert (template.state, template.off_cents, template.price_points) == ("draft", 1000, 100)
    assert template.code == "coupon-1"

    owner.press("开始发放")
    redeem_coupon(member_id, template.code, KEY, MONDAY)
    owner.open(owner.path).press("存下来", off_cents="12.50", is_refundable="y")
    owner.press("现在停发")

    assert only_template().state == "off"
    assert coupons_of(member_id)[0].terms["off_cents"] == 1000
    assert only_template().off_cents == 1250
    assert actions() == ["coupon.create", "coupon.start", "coupon.save", "coupon.stop"]
    owner.open("/merchant/audit")
    assert "停发优惠券" in owner.text


def test_a_share_for_some_goods_in_a_window(owner):
    category, (_product, variant_id) = make_category(), make_product()
    owner.open("/merchant/coupons/new").press(
        "存下来",
        name="八五折",
        kind="percent_off",
        off_percent="15",
        off_cents_max="50",
        scope="categories",
        categories=str(category),
        time="window",
        valid_from_at="2026-03-02T00:00",
        valid_until_at="2026-03-31T00:00",
    )

    template = only_template()
    assert (template.off_cents, template.off_percent, template.off_cents_max) == (0, 15, 5000)
    assert (template.scope, template.scope_ids, template.valid_days) == ("categories", [category], None)

    owner.press("存下来", scope="products", products=f"{sku_of(variant_id)}，{sku_of(variant_id)}")
    assert (only_template().scope, only_template().scope_ids) == ("products", [_product])
    assert sku_of(variant_id) in owner.answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "写上名称"),
        ({"code": "Ten Off"}, "只用小写字母"),
        ({"off_cents": ""}, "写上减多少钱"),
        ({"off_cents": "1.234"}, "要填金额"),
        ({"kind": "percent_off"}, "写 1 到 100 的整数"),
        ({"kind": "percent_off", "off_percent": "101"}, "要在 0 到 100 之间"),
        ({"scope": "categories"}, "至少选一个分类"),
        ({"scope": "products"}, "至少写一个商品编号"),
        ({"scope": "products", "products": "NO-SUCH"}, "没有找到「NO-SUCH」"),
        ({"valid_days": ""}, "写上几天内有效"),
        ({"valid_days": "１０"}, "要填整数"),
        ({"time": "window"}, "写上什么时候开始"),
        (
            {"time": "window", "valid_from_at": "2026-03-02T00:00", "valid_until_at": "2026-03-02T00:00"},
            "结束要在开始以后",
        ),
        ({"price_points": "", "is_automatic": "y"}, "先写上用多少积分换"),
        ({"price_points": "0"}, "要在 1 到"),
        ({"total_limit": "-1"}, "要填整数"),
    ],
)
def test_what_is_typed_wrong_is_said_at_its_field_and_kept(owner, typed, said):
    owner.open("/merchant/coupons/new").press("存下来", **{**TYPED, **typed})

    assert owner.answer.status_code == 422
    assert said in owner.text
    db.session.rollback()
    assert db.session.scalars(select(CouponTemplate)).all() == []


def test_a_code_is_used_once_and_a_limit_is_not_below_what_was_issued(owner):
    code = make_template()
    template_id = template_of(code).id
    owner.open("/merchant/coupons/new").press("存下来", **TYPED, code=code)
    assert owner.answer.status_code == 422
    assert "这个编号已经有别的券在用" in owner.text

    for number in range(3):
        redeem_coupon(make_member(points=100), code, f"{KEY}{number}", MONDAY)
    owner.open(f"/merchant/coupons/{template_id}").press("存下来", total_limit="2")
    assert "已经发了 3 张" in owner.text
    assert template_of(code).total_limit is None


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(owner, as_staff):
    template_id = template_of(make_template()).id
    other = Person(as_staff("editor"))
    owner.open(f"/merchant/coupons/{template_id}")
    other.open(f"/merchant/coupons/{template_id}").press("存下来", name="先存的")

    owner.press("存下来", name="后存的")

    assert only_template().name == "先存的"


def test_the_list_shows_what_a_coupon_brings_and_costs(owner):
    make_store()
    member_id = make_member(points=100)
    address_for(member_id)
    code = make_template()
    redeem_coupon(member_id, code, KEY, MONDAY)
    sku = sku_of(make_product(points=0, cents=5000)[1])
    placed = place_order(member_id, wish_for(member_id, Ask(sku=sku, way="pickup")), KEY, MONDAY)
    record_payment_notice(notice_of(placed), MONDAY)

    owner.open("/merchant/coupons")
    assert "¥40.00" in owner.text
    assert "¥10.00" in owner.text
    owner.open(f"/merchant/coupons/{template_of(code).id}")
    assert "发出的 100%" in owner.text
    assert "收回 100 积分" in owner.text


@pytest.mark.parametrize("role", ["cashier", "support"])
def test_coupons_are_for_owner_and_editor(as_staff, clock, role):
    template_id = template_of(make_template()).id
    browser = as_staff(role)

    assert browser.get("/merchant/coupons").status_code == 403
    assert browser.post(f"/merchant/coupons/{template_id}/publication").status_code == 403
