"""A member's points in the back office: frozen and thawed, given back, two accounts merged and parted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.extensions import db
from shop.models import Member, MemberMerge, PointsEntry, PointsFreeze
from shop.queries.points.balance import balance_of
from shop.services.points.lapsing import sweep_expired_lots
from tests.announcing import announce_before
from tests.factories import MONDAY, give_points, make_member

KEY = "a-key-that-came-with-the-page"
END = MONDAY + timedelta(days=90, hours=12)
NEW_PHONE = "+8613855557777"


@pytest.fixture
def owner(as_staff, clock, app):
    make_member()
    return as_staff("owner")


def freeze(client, member_id, **values):
    data = {"what": "both", "review_on": "2026-03-20", "reason": "核实", "idempotency_key": KEY}
    return client.post(f"/merchant/members/{member_id}/freeze", data={**data, **values})


def test_a_freeze_stands_on_the_page_until_it_is_lifted(owner):
    member_id = make_member(points=10)

    assert freeze(owner, member_id).status_code == 303
    assert freeze(owner, member_id).status_code == 303

    page = owner.get(f"/merchant/members/{member_id}").text
    assert "用和得都冻着" in page
    assert "解冻积分" in page
    assert "为什么解冻" in owner.get(f"/merchant/members/{member_id}/freeze").text
    data = {"reason": "查清了", "idempotency_key": KEY}
    assert owner.post(f"/merchant/members/{member_id}/thaw", data=data).status_code == 303
    assert "用和得都冻着" not in owner.get(f"/merchant/members/{member_id}").text
    assert len(db.session.scalars(select(PointsFreeze.id)).all()) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"review_on": ""},
        {"review_on": "2026-02-30"},
        {"review_on": "2026-03-02"},
        {"review_on": "2099-01-01"},
        {"reason": ""},
        {"reason": "字" * 201},
        {"what": "everything"},
        {"idempotency_key": ""},
    ],
)
def test_a_freeze_with_nonsense_writes_nothing(owner, values):
    member_id = make_member(points=10)

    assert freeze(owner, member_id, **values).status_code == 422
    assert db.session.scalar(select(PointsFreeze.id)) is None


def test_a_review_that_is_due_is_on_the_first_page(owner, clock, as_staff):
    member_id = make_member(points=10, name="等着看的人")
    freeze(owner, member_id)
    assert "等着看的人" not in owner.get("/merchant").text

    clock.move(days=18)

    assert "等着看的人" in as_staff("owner").get("/merchant").text


def a_lapse():
    member_id = make_member()
    give_points(member_id, 40, source_class="interaction")
    announce_before(END)
    sweep_expired_lots(END)
    return member_id, db.session.scalar(select(PointsEntry.id).where(PointsEntry.kind == "expire"))


def reinstate(client, member_id, entry_id, **values):
    data = {"points": "40", "days": "30", "reason": "住院", "idempotency_key": KEY}
    path = f"/merchant/members/{member_id}/lapses/{entry_id}/reinstatement"
    return client.post(path, data={**data, **values})


def test_a_lapse_is_given_back_once(owner, as_staff, clock):
    member_id, entry_id = a_lapse()
    clock.stand_at(END)
    manager = as_staff("editor")
    assert "补回" in manager.get(f"/merchant/members/{member_id}").text

    assert reinstate(manager, member_id, entry_id).status_code == 303
    assert reinstate(manager, member_id, entry_id).status_code == 303
    assert reinstate(manager, member_id, entry_id, points="5").status_code == 409

    assert balance_of(member_id, END).available == 40
    assert reinstate(as_staff("support"), member_id, entry_id).status_code == 403


@pytest.mark.parametrize("values", [{"points": "41"}, {"points": "0"}, {"days": "0"}, {"reason": ""}])
def test_never_more_than_lapsed_comes_back(owner, values):
    member_id, entry_id = a_lapse()

    assert reinstate(owner, member_id, entry_id, **values).status_code == 422
    assert balance_of(member_id, MONDAY).available == 0


def merge(client, gone, stays, **values):
    data = {"into_id": str(stays), "digits": "7777", "reason": "同一个人", "idempotency_key": KEY}
    return client.post(f"/merchant/members/{gone}/merge", data={**data, **values})


def test_two_accounts_are_found_previewed_merged_and_parted(owner):
    gone, stays = make_member(points=100, phone=NEW_PHONE, name="旧号"), make_member(points=5, name="新号")
    found = owner.get(f"/merchant/members/{gone}/merge?q=新号").text
    assert f"into={stays}" in found
    preview = owner.get(f"/merchant/members/{gone}/merge?into={stays}").text
    assert "100 积分一批一批并到新号" in preview

    assert merge(owner, gone, stays, digits="0000").status_code == 422
    assert balance_of(stays, MONDAY).available == 5
    assert merge(owner, gone, stays).status_code == 303
    assert merge(owner, gone, stays).status_code == 303

    assert balance_of(stays, MONDAY).available == 105
    merge_id = db.session.scalar(select(MemberMerge.id))
    assert f"/merchant/members/merges/{merge_id}/reversal" in owner.get(f"/merchant/members/{stays}").text
    data = {"reason": "弄错人了", "idempotency_key": KEY}
    assert (
        owner.post(f"/merchant/members/merges/{merge_id}/reversal", data=data).location
        == f"/merchant/members/{stays}"
    )
    assert balance_of(gone, MONDAY).available == 100
    assert db.session.get_one(Member, gone).state == "active"


def test_what_stands_in_the_way_is_said_before_and_after(owner):
    gone, stays = make_member(points=100, phone=NEW_PHONE), make_member()
    freeze(owner, gone)

    assert "有一个账号的积分冻结着" in owner.get(f"/merchant/members/{gone}/merge?into={stays}").text
    answer = merge(owner, gone, stays)

    assert answer.status_code == 409
    assert "有一个账号的积分冻结着" in answer.text


def test_only_the_owner_merges(owner, as_staff):
    gone, stays = make_member(points=100, phone=NEW_PHONE), make_member()

    assert merge(as_staff("support"), gone, stays).status_code == 403
    assert merge(owner, gone, "9" * 30).status_code == 422
    assert merge(owner, gone, 99_999).status_code == 404
