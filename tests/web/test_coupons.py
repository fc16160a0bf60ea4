"""Coupons over HTTP, without script: redeeming, keeping, giving back, and using them at the checkout."""

import pytest

from shop.extensions import db
from shop.models import CouponWish, Order
from shop.queries.points.balance import balance_of
from shop.services.campaigns.coupon_wishes import keep_wish, turn_on_reaching
from tests.coupons import coupon_of, coupons_of, give_coupon, make_template
from tests.factories import MONDAY, make_member, make_product, make_store
from tests.orders import address_for, counted_statements, sku_of
from tests.walks import Person

KEY = "a-key-of-this-page-0001"


@pytest.fixture
def member_id(app, clock):
    return make_member(points=250)


@pytest.fixture
def person(as_member, member_id):
    return Person(as_member(member_id))


def points_of(member_id: int) -> int:
    db.session.rollback()
    return balance_of(member_id, MONDAY).available


def test_a_guest_sees_what_can_be_had(app, client):
    make_template(name="10 元券")
    make_template(name="还没放出", state="draft")
    make_template(name="不换积分", price_points=None)

    page = client.get("/coupons").text

    assert "10 元券" in page
    assert "登录后换" in page
    assert "还没放出" not in page
    assert "不换积分" not in page


def test_a_member_redeems_and_gives_back(person, member_id):
    make_template(name="10 元券", is_refundable=True)
    make_template(name="大额券", price_points=900)

    person.open("/member/coupons")
    assert "手上没有能用的券" in person.text
    person.follow("去换一张")
    assert "还差 650 积分" in person.text
    person.press("100 积分换")

    assert person.path == "/member/coupons"
    assert "换好了" in person.text
    assert "2026 年 4 月 1 日到期" in person.text
    assert points_of(member_id) == 150

    person.press("换回 100 积分")
    assert points_of(member_id) == 250
    person.open("/member/coupons?state=used")
    assert "换回了 100 积分" in person.text


def test_the_same_page_sent_twice_redeems_once(as_member, member_id):
    browser, template = as_member(member_id), make_template()

    for _twice in range(2):
        answer = browser.post(f"/coupons/{template}/redemptions", data={"idempotency_key": KEY})
        assert (answer.status_code, answer.location) == (303, "/member/coupons")

    assert len(coupons_of(member_id)) == 1


def test_a_refusal_says_why_and_takes_nothing(as_member, member_id):
    browser, template = as_member(member_id), make_template(price_points=251)

    answer = browser.fragment(
        f"/coupons/{template}/redemptions", method="POST", data={"idempotency_key": KEY}
    )

    assert answer.status_code == 409
    assert "积分不够，还差 1 分" in answer.text
    assert browser.post("/coupons/none/redemptions", data={"idempotency_key": KEY}).status_code == 404
    assert browser.fragment(f"/coupons/{template}/redemptions", method="POST").status_code == 422
    assert points_of(member_id) == 250


def test_another_members_coupon_is_not_there(as_member, member_id):
    code = give_coupon(make_member(), make_template())

    answer = as_member(member_id).post(f"/member/coupons/{code}/return", data={"idempotency_key": KEY})

    assert answer.status_code == 404
    assert coupon_of(code).state == "unused"


def test_tabs_show_what_can_be_done(as_member, member_id):
    template = make_template(name="快到期", valid_days=1)
    codes = [give_coupon(member_id, template) for _ in range(35)]
    make_template(name="别人的")
    browser = as_member(member_id)

    page = browser.fragment("/member/coupons").text
    more = browser.fragment("/member/coupons?before=" + page.partition("before=")[2].partition('"')[0]).text

    assert page.lstrip().startswith("{#") is False
    assert page.count('class="stub"') == 30
    assert more.count('class="stub"') == 5
    assert "明天 24 点到期" in page
    assert "能用 35" in page
    assert len(codes) == 35


def test_what_ends_first_stands_first(as_member, member_id):
    give_coupon(member_id, make_template(name="以后的", valid_days=40))
    give_coupon(member_id, make_template(name="马上的", valid_days=2))

    page = as_member(member_id).get("/member/coupons").text

    assert page.index("马上的") < page.index("以后的")


def test_a_wish_is_kept_and_ended(person, member_id):
    template = make_template(name="5 元券", price_points=200, is_automatic=True)
    make_template(name="不能自动")

    person.open("/member/coupons/automatic")
    assert "打开后马上换 1 张" in person.text
    assert "不能自动" not in person.text
    person.press("存下来", on_reaching="yes")
    assert "记下了，以后自动换" in person.text
    assert turn_on_reaching(MONDAY) == 1

    person.open("/member/coupons")
    assert "自动换的" in person.text
    person.press("换回 200 积分")
    person.open("/member/coupons/automatic").press("存下来", on_reaching=None)
    wish = db.session.query(CouponWish).one()
    assert (wish.on_reaching, wish.before_lapse, points_of(member_id)) == (False, False, 250)
    keep_wish(member_id, template, on_reaching=False, before_lapse=False, now=MONDAY)


def test_the_checkout_suggests_the_best_and_follows_the_choice(as_member, member_id):
    make_store()
    address_for(member_id)
    small = give_coupon(member_id, make_template(name="小券", off_cents=300))
    give_coupon(member_id, make_template(name="大券", off_cents=800))
    give_coupon(member_id, make_template(name="门槛高", spend_cents_min=99_900))
    sku = sku_of(make_product(points=0, cents=5000)[1])
    person = Person(as_member(member_id))

    person.open(f"/checkout?sku={sku}&qty=1&way=pickup")
    assert "优惠券「大券」" in person.text
    assert "¥42.00" in person.text
    assert "还差 ¥949.00" in person.text
    person.press("重新计算", coupon=small)
    assert "¥47.00" in person.text
    person.press("重新计算", coupon="")
    assert "优惠券「" not in person.text
    assert "有券能用，最多减 ¥8.00" in person.text
    person.press("重新计算", coupon=small)
    person.press("去付款")

    db.session.rollback()
    order = db.session.query(Order).one()
    assert (order.coupon_cents, order.total_cents) == (300, 4700)
    assert coupon_of(small).state == "held"
    person.open(f"/orders/{order.number}")
    assert "优惠券「小券」" in person.text
    person.open(f"/orders/{order.number}/cancellation")
    assert "用的优惠券也还给你" in person.text
    person.open("/member/coupons")
    assert "留给没付款的订单" in person.text


def test_choosing_sends_the_form_with_its_new_bill(as_member, member_id):
    make_store()
    code = give_coupon(member_id, make_template(name="大券", off_cents=800))
    sku = sku_of(make_product(points=0, cents=5000)[1])
    browser, said = as_member(member_id), {"sku": sku, "qty": "1", "way": "pickup"}

    chosen = browser.fragment("/checkout/form", method="POST", data={**said, "coupon": code})
    none = browser.fragment("/checkout/form", method="POST", data={**said, "coupon": ""})

    assert "<html" not in chosen.text
    assert 'id="checkout-form"' in chosen.text
    assert 'hx-swap-oob="true"' in chosen.text
    assert ("−¥8.00" in chosen.text, "−¥8.00" in none.text) == (True, False)


@pytest.mark.parametrize("coupon", ["ZZZZZZZZZZ", "nonsense", "' OR 1=1", "１２"])
def test_a_coupon_that_nobody_has_takes_nothing_off(as_member, member_id, coupon):
    make_store()
    sku = sku_of(make_product(points=0, cents=5000)[1])
    said = {"sku": sku, "way": "pickup", "coupon": coupon}

    answer = as_member(member_id).get("/checkout", query_string=said)

    assert answer.status_code == (200 if coupon == "ZZZZZZZZZZ" else 422)
    assert "¥50.00" in answer.text


def test_the_pages_ask_as_often_for_many_coupons_as_for_one(as_member, member_id):
    browser = as_member(member_id)

    def asked() -> list[int]:
        counts = []
        for path in ("/coupons", "/member/coupons", "/member/coupons/automatic", "/member"):
            browser.get(path)
            with counted_statements() as statements:
                assert browser.get(path).status_code == 200
            counts.append(sum(each != "BEGIN" for each in statements))
        return counts

    template = make_template(is_automatic=True)
    give_coupon(member_id, template)
    few = asked()
    for _ in range(20):
        give_coupon(member_id, make_template(is_automatic=True))
    assert asked() == few
    assert max(few) <= 9  # the member's page asks for a newcomer's pack as well
