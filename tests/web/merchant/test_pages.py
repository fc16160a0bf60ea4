"""The pages of the back office's frame, asked for as a page and as a fragment."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.extensions import db
from shop.models import AuditEntry, Member, PointsEntry, Staff
from shop.queries.merchant.members import listing
from shop.queries.points.balance import balance_of
from shop.services.campaigns.coupons import redeem_coupon
from tests.coupons import give_coupon, make_template
from tests.factories import MONDAY, PASSWORD, ensure_rulebook, make_member, make_staff

KEY = "a-key-that-came-with-the-page"


@pytest.fixture
def owner(as_staff, clock):
    clock.stand_at(MONDAY)
    ensure_rulebook()
    return as_staff("owner")


def adjust(client, member_id, **values):
    data = {"direction": "give", "points": "620", "reason": "活动漏发", "idempotency_key": KEY}
    return client.post(f"/merchant/members/{member_id}/adjustment", data={**data, **values})


def test_the_board_is_a_page_and_a_fragment(owner):
    make_member(points=500)

    page, fragment = owner.get("/merchant?days=7"), owner.fragment("/merchant?days=7")

    assert "<html" in page.text
    assert "<html" not in fragment.text
    assert 'id="board"' in fragment.text
    assert "HX-Request" in fragment.headers["Vary"]
    assert page.headers["Cache-Control"] == "no-store"
    assert ">500<" in fragment.text
    for days in ("0", "-1", "x", "１", "9" * 40, ""):
        assert owner.get("/merchant", query_string={"days": days}).status_code == 200


def test_a_cashier_sees_what_waits_but_no_figures(as_staff, clock):
    ensure_rulebook()

    page = as_staff("cashier").get("/merchant").text

    assert "要处理的" in page
    assert "发出积分" not in page
    assert "操作记录" not in page


def test_a_colleague_is_invited_and_the_link_is_shown_once(owner, client):
    data = {"email": "lu@shop.test", "name": "小陆", "role": "cashier"}

    answer = owner.post("/merchant/staff", data=data)

    assert answer.status_code == 201
    path = answer.text.partition("/merchant/invitation/")[2].partition('"')[0]
    assert client.get(f"/merchant/invitation/{path}").status_code == 200
    assert path not in owner.get("/merchant/staff").text
    assert owner.post("/merchant/staff", data=data).status_code == 409
    for wrong in (
        {"email": "nobody"},
        {"name": ""},
        {"role": "king"},
        {"name": "a\x00"},
        {"email": "a@b.c" * 60},
    ):
        assert owner.post("/merchant/staff", data={**data, **wrong}).status_code == 422


def test_the_last_owner_stays_whatever_is_sent(owner):
    staff_id = db.session.scalar(select(Staff.id))

    answer = owner.post(
        f"/merchant/staff/{staff_id}/state", data={"state": "disabled"}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 409
    assert "至少要留一位" in answer.text
    assert owner.get("/merchant/staff").status_code == 200


def test_a_changed_role_counts_at_once(owner, client):
    make_staff("editor", email="lu@shop.test")
    staff_id = db.session.scalar(select(Staff.id).where(Staff.email == "lu@shop.test"))

    owner.post(f"/merchant/staff/{staff_id}/role", data={"role": "cashier"})

    client.post("/merchant/login", data={"email": "lu@shop.test", "password": PASSWORD})
    assert client.get("/merchant/members").status_code == 200
    assert client.post("/merchant/members/1/state").status_code == 403


def test_the_trail_is_filtered_and_proved(owner):
    make_staff("support")

    page = owner.get("/merchant/audit?area=staff")
    assert "登录" in page.text
    assert "<html" not in owner.fragment("/merchant/audit?area=points").text
    assert "没有这样的记录" in owner.get("/merchant/audit?area=points").text
    assert "条都完整" in owner.get("/merchant/audit/verification").text
    assert "<html" not in owner.fragment("/merchant/audit/verification").text
    for query in (
        "staff=x",
        "staff=99999999999999",
        "before=-1",
        "area=%00",
        "subject=%00",
        "subject=" + "x" * 999,
    ):
        assert owner.get(f"/merchant/audit?{query}").status_code == 200


def test_a_member_is_found_and_shown_with_a_masked_phone(owner):
    member_id = make_member(name="林小满", phone="+8613805712046", points=500)

    listed = owner.fragment("/merchant/members?q=2046")
    page = owner.get(f"/merchant/members/{member_id}")

    assert "林小满" in listed.text
    assert "<html" not in listed.text
    assert "13805712046" not in listed.text + page.text.replace("\xa0", "")
    assert "2046" in page.text
    assert "一致" in page.text
    for tab in ("lots", "orders", "coupons", "ledger", "nonsense"):
        assert owner.get(f"/merchant/members/{member_id}?tab={tab}").status_code == 200
    assert owner.get(f"/merchant/members/{member_id + 1}").status_code == 404
    assert owner.get(f"/merchant/members/{2**63}").status_code == 404
    for q in ("\x00", "\u202e", "%", "9" * 99, "x" * 10_000):
        assert owner.get("/merchant/members", query_string={"q": q, "tier": q, "state": q}).status_code == 200


def test_a_members_coupons_tell_their_origin_state_and_end(owner):
    member_id = make_member(points=500)
    template = make_template(name="十元券")
    redeem_coupon(member_id, template, "key-of-the-coupon", MONDAY)
    give_coupon(member_id, make_template(name="开业券", valid_days=1), now=MONDAY - timedelta(days=3))

    page = owner.fragment(f"/merchant/members/{member_id}?tab=coupons").text

    assert page.index("开业券") < page.index("十元券")
    for words in ("用 100 积分换的", "送的", "能用", "过期", "无门槛减 ¥10"):
        assert words in page
    assert "还没有优惠券" in owner.get(f"/merchant/members/{make_member()}?tab=coupons").text


def test_a_long_list_goes_on_in_rows(owner):
    for _ in range(32):
        make_member()

    rows = owner.fragment("/merchant/members?before=3").text

    assert rows.count("<tr>") == 2
    assert "<table" not in rows


def test_points_are_adjusted_once_with_a_reason_and_a_name(owner):
    member_id = make_member(points=100)

    first, again = adjust(owner, member_id), adjust(owner, member_id)

    assert first.status_code == again.status_code == 303
    assert balance_of(member_id, MONDAY).available == 720
    row = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "points.adjust")).one()
    assert row.reason == "活动漏发"
    assert "活动漏发" in owner.get(f"/merchant/members/{member_id}").text


def test_an_adjustment_that_fails_writes_neither_entry_nor_trail(owner):
    member_id = make_member(points=100)

    answer = adjust(owner, member_id, direction="take", points="101")

    assert answer.status_code == 409
    assert "还差 1 分" in answer.text
    assert balance_of(member_id, MONDAY).available == 100
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "points.adjust")).all() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": wrong}
        for wrong in ("0", "-1", "1.5", "1e3", "NaN", "６２０", "", str(2**63), "1000001", "1 000", "\x00")
    ]
    + [{"reason": wrong} for wrong in ("", "   ", "长" * 201, "a\x00b", "\u202e")]
    + [{"direction": "both"}, {"direction": ""}, {"idempotency_key": ""}, {"idempotency_key": "x" * 1000}],
)
def test_hostile_adjustments_are_refused_at_the_field(owner, wrong):
    member_id = make_member(points=100)

    answer = adjust(owner, member_id, **wrong)

    assert answer.status_code == 422
    assert balance_of(member_id, MONDAY).available == 100
    assert len(db.session.scalars(select(PointsEntry)).all()) == 1


def test_the_same_key_for_something_else_is_refused(owner):
    member_id = make_member(points=100)
    adjust(owner, member_id)

    assert adjust(owner, member_id, points="621").status_code == 303
    refused = owner.post(
        f"/merchant/members/{member_id}/adjustment",
        data={"direction": "give", "points": "621", "reason": "活动漏发", "idempotency_key": KEY},
        headers={"HX-Request": "true"},
    )

    assert refused.status_code == 409
    assert balance_of(member_id, MONDAY).available == 720


def test_the_balance_afterwards_is_told_before(owner):
    member_id = make_member(points=100)
    path = f"/merchant/members/{member_id}/adjustment"

    assert "100 → 160" in owner.fragment(f"{path}?direction=give&points=60").text
    assert "100 → 40" in owner.fragment(f"{path}?direction=take&points=60").text
    assert "扣不了这么多" in owner.fragment(f"{path}?direction=take&points=101").text
    assert "现在可用" in owner.fragment(f"{path}?direction=take&points=x").text
    assert "<html" in owner.get(path).text


def test_a_suspended_member_is_out_and_comes_back(owner, as_member):
    member_id = make_member()
    browser, path = as_member(member_id), f"/merchant/members/{member_id}/state"

    assert owner.post(path, data={"state": "suspended", "reason": ""}).status_code == 422
    assert owner.post(path, data={"state": "suspended", "reason": "频次异常"}).status_code == 303

    assert browser.get("/member").status_code in (302, 303)
    owner.post(path, data={"state": "active", "reason": "查清楚了"})
    db.session.rollback()
    assert db.session.get_one(Member, member_id).state == "active"


def test_settings_tell_the_owner_more_than_the_others(owner, as_staff):
    page, other = owner.get("/merchant/settings").text, as_staff("cashier").get("/merchant/settings").text

    assert "没有心跳" in page
    assert "Asia/Shanghai" in page
    assert "Asia/Shanghai" not in other
    assert "secret" not in page


def test_a_language_is_chosen_and_stays(owner):
    owner.post("/merchant/settings/language", data={"locale": "en"})

    assert '<html lang="en"' in owner.get("/merchant/settings").text
    assert (
        owner.post(
            "/merchant/settings/language", data={"locale": "xx"}, headers={"HX-Request": "true"}
        ).status_code
        == 422
    )
    db.session.rollback()
    assert db.session.scalar(select(Staff.locale)) == "en"


def test_no_page_of_the_frame_asks_the_database_more_for_more_members(owner):
    make_member(points=5)
    few = len(statements(owner, "/merchant/members"))
    for _ in range(20):
        make_member(points=5)

    assert len(statements(owner, "/merchant/members")) == few <= 10


def statements(client, path):
    from sqlalchemy import event

    seen = []

    def listen(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    return seen


def test_members_are_counted_only_as_far_as_it_helps(owner, monkeypatch):
    for _ in range(3):
        make_member()
    assert "3 位会员" in owner.get("/merchant/members").text.replace("\xa0", " ")

    monkeypatch.setattr(listing, "COUNTED_MAX", 2)

    assert "2 位以上的会员" in owner.get("/merchant/members").text.replace("\xa0", " ")
