"""A second kind of points, from the merchant's form to what members read; before it nobody hears of kinds."""

import pytest

from shop.queries.points.balance import balance_of
from shop.queries.points.rulebook import rulebook_draft, rulebook_in_force
from shop.rules.rulebook import ExpiryPolicy
from tests.books.points.shelves import earn
from tests.factories import MONDAY, make_member, make_product, make_rulebook
from tests.web.merchant.test_rulebook import fields_of, publish

KINDS = "/merchant/rulebook/sections/kinds"
FLOWERS = {
    "kinds-0-code": "flowers",
    "kinds-0-name": "花朵",
    "kinds-0-unit": "朵",
    "kinds-0-expiry-kind": "days",
    "kinds-0-expiry-days": "30",
}


@pytest.fixture(autouse=True)
def monday(app, clock):
    clock.stand_at(MONDAY)
    make_rulebook()


def add_flowers(client, **changed):
    return client.post(KINDS, data={**FLOWERS, **changed})


def test_a_shop_with_one_kind_does_not_speak_of_kinds(as_staff, client):
    editor = as_staff("editor")

    rules = client.get("/rules").text
    new_rule = editor.get("/merchant/rulebook/rules/new").text

    assert "别的积分" not in rules
    assert "给哪种积分" not in new_rule
    assert "只有一种积分。" in editor.get("/merchant/rulebook").text


def test_a_kind_is_written_published_and_explained(as_staff, client):
    editor = as_staff("editor")
    assert "加一行" in editor.get(KINDS).text

    assert add_flowers(editor).status_code == 303
    kept = fields_of(editor.get(KINDS).text)
    assert editor.post(KINDS, data=kept).status_code == 303
    rule = {"name": "买就送花", "effect_kind": "points", "points-points": "3", "credits": "flowers"}
    fields = fields_of(editor.get("/merchant/rulebook/rules/new").text, "rule-editor")
    assert editor.post("/merchant/rulebook/rules", data={**fields, **rule}).status_code == 303
    assert publish(editor).status_code == 303

    (kind,) = rulebook_in_force(MONDAY).kinds
    assert (kind.name, kind.unit) == ("花朵", "朵")
    assert kind.expiry == ExpiryPolicy(kind="days", days=30, periods_after=0)
    assert rulebook_in_force(MONDAY).rules[0].credits == "flowers"
    page = client.get("/rules").text
    assert "除了积分，还有「花朵」" in page
    assert "「花朵」这样来：买就送花。" in page
    assert "得的是「花朵」" in page
    assert "新增 积分「花朵」" in " ".join(page.split())
    assert "到账后 30 天" in page


def test_a_row_is_added_and_taken_away(as_staff):
    editor = as_staff("editor")

    added = editor.post(KINDS, data={"add_row": "kinds"}).text
    assert 'name="kinds-0-name"' in added
    removed = editor.post(KINDS, data={**FLOWERS, "remove_row": "kinds-0"}).text

    assert 'name="kinds-0-name"' not in removed
    assert rulebook_draft() is None


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"kinds-0-code": "points"}, "是主积分的代号"),
        ({"kinds-0-code": "鲜花"}, "有不能用的字符"),
        ({"kinds-0-name": ""}, "还没填"),
        ({"kinds-0-expiry-days": ""}, "要填天数"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(as_staff, changed, told):
    answer = add_flowers(as_staff("editor"), **changed)

    assert answer.status_code == 422
    assert told in answer.text


def test_a_kind_that_somebody_has_cannot_go(as_staff):
    editor = as_staff("editor")
    add_flowers(editor)
    publish(editor)
    member_id = make_member()
    earn(member_id, 5, "flowers", points_kind="flowers")
    editor.post(KINDS, data={"save": "yes"})

    publish(editor, key="k2")

    assert rulebook_in_force(MONDAY).has_kind("flowers")
    assert "还不能去掉" in editor.get("/merchant/rulebook/draft").text
    assert balance_of(member_id, MONDAY, "flowers").available == 5


def test_a_kind_that_goods_are_priced_in_cannot_go(as_staff):
    editor = as_staff("editor")
    add_flowers(editor)
    publish(editor)
    make_product(points=5, points_kind="flowers")
    editor.post(KINDS, data={"save": "yes"})

    publish(editor, key="k2")

    assert rulebook_in_force(MONDAY).has_kind("flowers")


def test_a_kind_that_nobody_has_goes(as_staff):
    editor = as_staff("editor")
    add_flowers(editor)
    publish(editor)
    editor.post(KINDS, data={"save": "yes"})

    publish(editor, key="k2")

    assert rulebook_in_force(MONDAY).kinds == ()
