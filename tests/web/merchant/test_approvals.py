"""A second person in the back office: asked for on one page, decided on another, by somebody else."""

from dataclasses import replace
from io import BytesIO

import pytest

from shop.queries.points.balance import balance_of
from shop.queries.points.rulebook import document_of, rulebook_draft, rulebook_in_force
from shop.rules.rulebook import PublishingRule
from shop.services.points.publishing import save_draft
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook
from tests.pictures import picture

STRICT = replace(AT_ONCE, publishing=PublishingRule(second_person=True, adjustments_second_person_above=500))
TWICE = replace(STRICT, earning=replace(STRICT.earning, points=2))


@pytest.fixture(autouse=True)
def monday(app, clock):
    clock.stand_at(MONDAY)
    make_rulebook(STRICT)


def ask_to_publish(client):
    save_draft(document_of(TWICE), staff_id=None, now=MONDAY)
    return client.post("/merchant/rulebook/publications", data={"idempotency_key": "k1", "note": "三月双倍"})


def adjust(client, member_id, points, key="key-0001", **values):
    return client.post(
        f"/merchant/members/{member_id}/adjustment",
        data={
            "direction": "give", "points": str(points), "reason": "补发", "source_class": "grant",
            "idempotency_key": key, **values,
        },
    )  # fmt: skip


def test_a_publication_waits_for_somebody_else(as_staff):
    editor, owner = as_staff("editor"), as_staff("owner")

    asked = ask_to_publish(editor)
    assert asked.location == "/merchant/approvals/1"
    own = editor.get("/merchant/approvals/1").text
    assert "你申请的要由别人批准" in own
    assert editor.post("/merchant/approvals/1/approval").status_code == 303  # told by a toast
    assert rulebook_in_force(MONDAY).earning.points == 1
    assert "已经有一版在等批准" in editor.get("/merchant/rulebook/draft").text
    page = owner.get("/merchant/approvals/1").text
    assert "消费得分：给多少分" in page
    assert "三月双倍" in page
    assert (
        owner.post("/merchant/approvals/1/approval", data={"reason": "好"}).location
        == "/merchant/approvals/1"
    )

    assert rulebook_in_force(MONDAY).earning.points == 2
    assert rulebook_draft() is None
    assert "已批准" in owner.get("/merchant/approvals").text
    assert owner.post("/merchant/approvals/1/approval").status_code == 303
    assert len(rulebook_versions_of(owner)) == 2


def rulebook_versions_of(client):
    return [
        number
        for number in (1, 2, 3)
        if client.get(f"/merchant/rulebook/versions/{number}").status_code == 200
    ]


def test_a_large_adjustment_waits_and_a_small_one_does_not(as_staff):
    member_id = make_member()
    owner, support = as_staff("owner"), as_staff("support")

    assert "超过 500 分要另一个人批准" in owner.get(f"/merchant/members/{member_id}/adjustment").text
    assert adjust(owner, member_id, 500).status_code == 303
    assert balance_of(member_id, MONDAY).available == 500
    assert adjust(owner, member_id, 501, key="key-0002").status_code == 303
    assert adjust(owner, member_id, 501, key="key-0002").status_code == 303
    assert balance_of(member_id, MONDAY).available == 500

    assert "+501 积分" in support.get("/merchant/approvals").text
    assert support.post("/merchant/approvals/1/refusal", data={"refusal": ""}).status_code == 422
    assert support.post("/merchant/approvals/1/refusal", data={"refusal": "没有凭据"}).status_code == 303
    assert "没有凭据" in owner.get("/merchant/approvals/1").text
    assert balance_of(member_id, MONDAY).available == 500


def test_what_one_asked_for_can_be_taken_back(as_staff):
    owner = as_staff("owner")
    adjust(owner, make_member(), 900)

    assert owner.post("/merchant/approvals/1/withdrawal").status_code == 303

    assert "已撤回" in owner.get("/merchant/approvals").text
    assert as_staff("support").post("/merchant/approvals/1/approval").status_code == 303
    assert "已撤回" in owner.get("/merchant/approvals").text


def test_each_role_reaches_only_its_kinds(as_staff):
    editor, support = as_staff("editor"), as_staff("support")
    ask_to_publish(editor)
    adjust(support, make_member(), 900)

    assert support.get("/merchant/approvals/1").status_code == 404
    assert editor.get("/merchant/approvals/2").status_code == 404
    assert support.post("/merchant/approvals/1/approval").status_code == 404
    assert as_staff("cashier").get("/merchant/approvals").status_code == 403
    assert as_staff("owner").get("/merchant/approvals/99").status_code == 404


def test_an_attachment_is_kept_for_colleagues_only(as_staff, client):
    member_id, owner = make_member(), as_staff("owner")
    adjust(owner, member_id, 900, attachment=(BytesIO(picture()), "小票.png"))
    path = next(
        part for part in owner.get("/merchant/approvals/1").text.split('"') if "/attachments/proof_" in part
    )

    answer = owner.get(path)

    assert answer.content_type == "image/webp"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert as_staff("editor").get(path).status_code == 403
    assert client.get(path.replace("/merchant/attachments", "/media")).status_code == 404
    assert owner.get("/merchant/attachments/..%2f..%2fshop.db").status_code == 404


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"expires_on": "2026-03-01"}, "expires_on"),
        ({"expires_on": "morgen"}, "expires_on"),
        ({"source_class": "x"}, "source_class"),
        ({"attachment": b"hello"}, "attachment"),
    ],
)
def test_what_is_wrong_with_an_adjustment_is_told_at_its_field(as_staff, values, field):
    member_id = make_member()
    if "attachment" in values:
        values = {"attachment": (BytesIO(values["attachment"]), "a.pdf")}

    answer = adjust(as_staff("support"), member_id, 10, **values)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert balance_of(member_id, MONDAY).available == 0
