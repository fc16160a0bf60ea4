"""Purchases at the counter: seen before they are booked, booked once, and taken back."""

import pytest
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import AuditEntry, Member, Purchase, PurchaseRefund
from shop.queries.points.balance import balance_of
from shop.services.points.adjusting import adjust_points
from tests.factories import AT_ONCE, MONDAY, make_category, make_member, make_rulebook, make_staff, make_store

KEY = "a-key-that-came-with-the-page"
PHONE = "+8613805712046"


@pytest.fixture
def cashier(as_staff, clock, app):
    make_rulebook(AT_ONCE)
    make_store()
    return as_staff("cashier")


def record(client, member_id, **values):
    data = {"member": member_id, "day": "2026-03-02", "store": "1", "amount": "126.90", "receipt": "T1-0042"}
    return client.post("/merchant/purchases", data={**data, "idempotency_key": KEY, **values})


def refund(client, purchase_id=1, **values):
    data = {"amount": "126.90", "reason": "不合适", "idempotency_key": KEY}
    return client.post(f"/merchant/purchases/{purchase_id}/refunds", data={**data, **values})


def purchases():
    return db.session.scalar(select(func.count()).select_from(Purchase))


def available(member_id):
    return balance_of(member_id, MONDAY).available


@pytest.mark.parametrize("typed", ["138 0571 2046", "2046", "%231"])
def test_a_member_is_found_by_what_they_can_say(cashier, typed):
    member_id = make_member(phone=PHONE, name="林夏")

    assert f"member={member_id}" in cashier.get(f"/merchant/purchases?q={typed}").text
    assert f"member={member_id}" not in cashier.get("/merchant/purchases?q=林").text


def test_what_is_shown_before_is_what_is_booked(cashier):
    member_id = make_member()

    before = cashier.fragment(f"/merchant/purchases/new?member={member_id}&amount=126.90").text
    looked = record(cashier, member_id, step="look", receipt="")
    assert looked.status_code == 200
    assert purchases() == 0
    assert record(cashier, member_id).location == "/merchant/purchases?store=1"

    assert f"得 {available(member_id)} 积分" in before
    assert f"得 {available(member_id)} 积分" in looked.text
    assert purchases() == 1
    page = cashier.get("/merchant/purchases?store=1").text
    assert "T1-0042" in page
    assert "¥126.90" in page
    bought = db.session.get_one(Purchase, 1)
    assert (bought.external_id, bought.channel, bought.store_id) == ("1:2026-03-02:T1-0042", "store", 1)
    assert db.session.scalar(select(AuditEntry.action).where(AuditEntry.action == "purchase.record"))


def test_the_page_sent_again_books_once_even_later(cashier, clock):
    member_id = make_member()
    assert record(cashier, member_id).status_code == 303
    earned = available(member_id)

    clock.move(minutes=3)
    assert record(cashier, member_id).status_code == 303
    again = record(cashier, member_id, idempotency_key="the-key-of-another-page")

    assert again.status_code == 409
    assert "已经记过这个小票号" in again.text
    assert (purchases(), available(member_id)) == (1, earned)
    other = record(cashier, member_id, receipt="T1-0043", idempotency_key="the-key-of-another-page")
    assert other.status_code == 303


def test_categories_are_lines_and_the_rest_is_one_more(cashier):
    member_id, category_id = make_member(), make_category()
    slug = cashier.get(f"/merchant/purchases/new?member={member_id}").text.partition(
        'name="parts-0-category"'
    )[2]
    slug = slug.partition('<option value="')[2].partition('<option value="')[2].partition('"')[0]
    assert category_id
    assert slug

    assert record(cashier, member_id, **{"parts-0-category": slug, "parts-0-cents": "100"}).status_code == 303

    rows = db.session.execute(db.text("select category, cents from purchase_lines order by number")).all()
    assert [tuple(row) for row in rows] == [(slug, 10_000), (None, 2690)]
    too_much = record(cashier, member_id, receipt="2", **{"parts-0-category": slug, "parts-0-cents": "127"})
    assert too_much.status_code == 422


@pytest.mark.parametrize(
    "values",
    [
        {"amount": ""},
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "1000000.01"},
        {"receipt": ""},
        {"receipt": "编号"},
        {"receipt": "1" * 41},
        {"store": "99"},
        {"day": ""},
        {"day": "2026-02-28"},
        {"day": "2026-03-03"},
        {"idempotency_key": ""},
        {"parts-0-cents": "5"},
    ],
)
def test_nonsense_books_nothing(cashier, values):
    assert record(cashier, make_member(), **values).status_code == 422
    assert purchases() == 0


def test_a_suspended_member_earns_nothing(cashier):
    member_id = make_member()
    db.session.get_one(Member, member_id).state = "suspended"
    db.session.commit()

    assert record(cashier, member_id).status_code >= 400
    assert purchases() == 0


def test_a_refund_takes_back_what_the_page_said(cashier, as_staff):
    member_id = make_member()
    record(cashier, member_id)
    earned = available(member_id)
    adjust_points(member_id, 1 - earned, reason="用掉", staff_id=make_staff(), key="spent", now=MONDAY)
    manager = as_staff("editor")

    said = manager.fragment("/merchant/purchases/1?amount=126.90").text
    assert "从余额收回 1 积分" in said
    assert f"不够的 {earned - 1} 分记成欠分" in said
    assert refund(cashier).status_code == 403
    assert refund(manager, amount="126.91").status_code == 409
    assert refund(manager, amount="0").status_code == 422
    assert refund(manager).status_code == 303
    assert refund(manager).status_code == 303

    assert balance_of(member_id, MONDAY).owed == earned - 1
    assert db.session.scalar(select(func.count()).select_from(PurchaseRefund)) == 1
    assert "¥126.90" in manager.get("/merchant/purchases/1").text
