"""The mall for a mini program: goods, orders at an agreed price, pick-up codes, the rulebook."""

import copy

import pytest
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import Address, AuditEntry, Order, Product, RulebookDraft, RulebookVersion
from shop.queries.points.balance import balance_of
from shop.queries.points.rulebook import document_of
from tests.api.till import Till, codes_of, make_till
from tests.coupons import give_coupon, make_template
from tests.factories import AT_ONCE, MONDAY, ensure_rulebook, make_member, make_product, make_store
from tests.races import run_together
from tests.services.orders.stories import buy, sku_of

ADDRESS = {"name": "林小满", "phone": "13805712046", "region": "浙江省 杭州市", "street": "小河路 12 号"}


@pytest.fixture
def till(client, clock) -> Till:
    ensure_rulebook()
    return make_till(client)


def order(
    member_id: int, variant_id: int, points: int = 680, amount: int = 0, **values: object
) -> dict[str, object]:
    expected = {"points": points, "amount": amount}
    return {
        "member": member_id,
        "sku": sku_of(variant_id),
        "address": ADDRESS,
        "expected": expected,
        **values,
    }


# Goods


def test_the_shelf_is_read_page_by_page(till):
    slugs = []
    for number in range(5):
        product_id, _variant = make_product(position=number)
        slugs.append(db.session.get_one(Product, product_id).slug)
    make_product(state="draft")
    db.session.rollback()

    read, after = [], ""
    while after is not None:
        page = till.get(f"/products?limit=2{after and '&after='}{after}").json
        read += [product["slug"] for product in page["products"]]
        after = page["next"]

    assert read == slugs


def test_a_product_says_what_can_be_had_of_it(till):
    product_id, variant_id = make_product(points=100, cents=1990, on_hand=3)
    slug = db.session.get_one(Product, product_id).slug

    product = till.get(f"/products/{slug}").json

    assert product["variants"] == [
        {
            "sku": sku_of(variant_id),
            "title": "",
            "points": 100,
            "cash": {"amount": 1990, "currency": "CNY"},
            "available": 3,
        }
    ]
    assert till.get("/products/unknown").status_code == 404


# Orders


def test_an_order_of_points_alone_is_paid_at_once(till):
    member_id = make_member(points=1000)
    _product, variant_id = make_product()

    answer = till.post("/orders", order(member_id, variant_id))

    assert answer.status_code == 201
    assert (answer.json["state"], answer.json["points"], answer.json["pay_url"]) == ("paid", 680, None)
    assert till.get(f"/orders/{answer.json['number']}").json == answer.json
    assert balance_of(member_id, MONDAY).available == 320


def test_an_order_with_cash_gives_the_page_to_pay_on(till):
    _product, variant_id = make_product(points=100, cents=1990)

    answer = till.post("/orders", order(make_member(points=1000), variant_id, 100, 1990 + 800))

    assert answer.status_code == 201, answer.text
    assert (answer.json["state"], answer.json["total"]["amount"]) == ("placed", 2790)
    assert "/pay/" in answer.json["pay_url"]


def test_a_coupon_is_used_only_when_it_is_named(till):
    member_id = make_member(points=1000)
    code = give_coupon(member_id, make_template())
    _product, variant_id = make_product(points=0, cents=12_000, on_hand=9)

    without = till.post("/orders", order(member_id, variant_id, 0, 12_000))
    used = till.post("/orders", order(member_id, variant_id, 0, 11_000, coupon=code))
    again = till.post("/orders", order(member_id, variant_id, 0, 11_000, coupon=code))

    assert (without.status_code, without.json["coupon"]["amount"]) == (201, 0)
    assert (used.status_code, used.json["coupon"]["amount"], used.json["total"]["amount"]) == (
        201,
        1000,
        11_000,
    )
    assert (again.status_code, again.json["code"]) == (409, "coupon_not_usable")


@pytest.mark.parametrize(("points", "amount"), [(679, 0), (680, 1), (0, 0)])
def test_another_price_than_agreed_is_refused(till, points, amount):
    member_id = make_member(points=1000)
    _product, variant_id = make_product()

    answer = till.post("/orders", order(member_id, variant_id, points, amount))

    assert (answer.status_code, answer.json["code"]) == (409, "quote_changed")
    assert balance_of(member_id, MONDAY).available == 1000
    assert db.session.scalar(select(func.count(Address.id))) == 0  # the new address went with the order


def test_the_same_order_again_is_the_first_order(app, till):
    body = order(make_member(points=5000), make_product()[1])

    def send() -> bytes:
        return Till(app.test_client(), till.token, till.key_id).post("/orders", body, key="one-order").data

    outcomes = run_together([send] * 8)

    assert len({outcome.result for outcome in outcomes}) == 1
    assert db.session.scalar(select(func.count(Order.id))) == 1


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": "1"}, "quantity"),
        ({"way": "drone"}, "way"),
        ({"address": {**ADDRESS, "phone": "123"}}, "address.phone"),
        ({"address": {**ADDRESS, "city": "x"}}, "address.city"),
        ({"price_points": 1}, "price_points"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(till, values, path):
    answer = till.post("/orders", {**order(make_member(points=1000), make_product()[1]), **values})

    assert answer.status_code == 422
    assert [place for place, _code in codes_of(answer)] == [path]


@pytest.mark.parametrize(
    ("what", "code"),
    [({"sku": "UNKNOWN"}, "not_found"), ({"member": 999}, "not_found"), ({"quantity": 11}, "stock_too_low")],
)
def test_what_cannot_be_had_is_refused(till, what, code):
    answer = till.post("/orders", {**order(make_member(points=9000), make_product()[1]), **what})

    assert answer.json["code"] == code


# Pick-up codes


def code_of(**place: object) -> str:
    _product, variant_id = make_product(title="到店券", kind="voucher", points=100)
    placed = buy(make_member(points=100), variant_id, way="none", key="a-key-that-is-a-voucher")
    return str(db.session.get_one(Order, placed.order_id).pickup_code)


def test_a_code_is_used_once(till):
    code = code_of()

    first, again = till.post(f"/vouchers/{code}/verify"), till.post(f"/vouchers/{code}/verify")

    assert first.json["state"] == "received"
    assert (again.status_code, again.json["code"]) == (409, "pickup_code_used")
    deed = db.session.execute(
        select(AuditEntry.after).where(AuditEntry.action == "order.hand_over")
    ).scalar_one()
    assert deed["api_key_id"] == till.key_id


def test_a_till_that_asks_again_gets_the_first_answer(till):
    code = code_of()

    answers = [till.post(f"/vouchers/{code}/verify", key="cut-off") for _ in range(2)]

    assert answers[0].data == answers[1].data
    assert [answer.status_code for answer in answers] == [200, 200]


def test_goods_of_another_store_are_not_handed_out(client, clock):
    mine, other = make_store("这家"), make_store("那家")
    _product, variant_id = make_product()
    placed = buy(
        make_member(points=1000), variant_id, way="pickup", store_id=mine, key="a-key-that-is-picked-up"
    )
    code = db.session.get_one(Order, placed.order_id).pickup_code
    db.session.rollback()

    answers = [make_till(client, store_id=store).post(f"/vouchers/{code}/verify") for store in (other, mine)]

    assert [answer.status_code for answer in answers] == [422, 200]


@pytest.mark.parametrize("code", ["00000000", "x" * 500, "%E2%80%AE"])
def test_a_wrong_code_is_refused(till, code):
    assert till.post(f"/vouchers/{code}/verify").json["code"] == "pickup_code_wrong"


# The rulebook


def test_the_rulebook_is_read_changed_and_published(till):
    before = till.get("/rulebook").json
    document = copy.deepcopy(before["document"])
    document["earning"]["points"] = 2

    saved = till.ask("PUT", "/rulebook/draft", document)
    published = till.post("/rulebook/publications", {"note": "双倍"}, key="publish")
    again = till.post("/rulebook/publications", {"note": "双倍"}, key="publish")

    assert saved.json["document"] == document
    assert (published.status_code, published.json["version"]) == (201, before["version"] + 1)
    assert again.data == published.data
    assert till.get("/rulebook").json["document"]["earning"]["points"] == 2


def test_a_document_with_faults_is_refused_whole_and_the_draft_stays(till):
    good = document_of(AT_ONCE)
    till.ask("PUT", "/rulebook/draft", good)
    bad = copy.deepcopy(good)
    bad["earning"]["points"] = 0
    bad["tiers"][1]["growth_from"] = 0
    bad["colour"] = "red"

    answer = till.ask("PUT", "/rulebook/draft", bad)

    assert (answer.status_code, answer.json["code"]) == (422, "rulebook_refused")
    assert {("colour", "unknown_key"), ("earning.points", "below_minimum")} <= set(codes_of(answer))
    assert all(each["message"] for each in answer.json["errors"])
    assert db.session.scalar(select(RulebookDraft.document)) == good


def test_without_a_draft_nothing_is_published(till):
    answer = till.post("/rulebook/publications", {})

    assert (answer.status_code, answer.json["code"]) == (409, "draft_missing")
    assert db.session.scalar(select(func.count(RulebookVersion.id))) == 1


def test_the_schema_describes_the_rulebook_in_force(till):
    schema, document = till.get("/rulebook/schema").json, till.get("/rulebook").json["document"]

    assert set(document) <= set(schema["properties"])
    assert set(schema["required"]) <= set(document)
