"""A program gives, takes and reads points of a further kind; without a word they are the main ones."""

from dataclasses import replace

import pytest

from shop.rules.rulebook import KindRule, PointsEffect, Rule
from tests.api.till import Till, make_till
from tests.factories import AT_ONCE, make_member, make_rulebook

FLOWERS = KindRule(code="flowers", name="花朵", unit="朵")
BOUQUET = Rule(code="bouquet", name="买就送花", effect=PointsEffect(points=3), credits="flowers")


@pytest.fixture
def till(client, clock) -> Till:
    make_rulebook(replace(AT_ONCE, kinds=(FLOWERS,), rules=(BOUQUET,)))
    return make_till(client)


def flowers(till, member_id):
    return till.get(f"/members/{member_id}/points?points_kind=flowers").json["available"]


def test_given_taken_and_read_by_kind(till):
    member_id = make_member(points=100)
    gift = {"member": member_id, "points": 20, "reason": "问卷答谢", "points_kind": "flowers"}

    given = till.post("/points/grants", gift)
    taken = till.post("/points/deductions", {**gift, "points": 5, "reason": "活动兑换"})

    assert (given.status_code, given.json["points_kind"], given.json["balance_after"]) == (201, "flowers", 20)
    assert (taken.status_code, taken.json["points_kind"], taken.json["balance_after"]) == (201, "flowers", 15)
    assert flowers(till, member_id) == 15
    assert till.get(f"/members/{member_id}/points").json["available"] == 100
    kinds = [entry["points_kind"] for entry in till.get(f"/members/{member_id}/ledger").json["entries"]]
    assert kinds == ["flowers", "flowers", "points"]


def test_more_than_there_is_of_a_kind_is_refused(till):
    member_id = make_member(points=100)

    answer = till.post(
        "/points/deductions", {"member": member_id, "points": 5, "reason": "x", "points_kind": "flowers"}
    )

    assert (answer.status_code, answer.json["code"]) == (409, "insufficient_points")


def test_a_kind_that_is_none_is_refused(till):
    member_id = make_member()
    gift = {"member": member_id, "points": 20, "reason": "x", "points_kind": "roses"}

    assert till.post("/points/grants", gift).status_code == 422
    assert till.post("/points/deductions", gift).status_code == 422


def test_a_purchase_answers_with_the_kind_of_each_award(till):
    member_id = make_member()
    bought = {
        "external_id": "T1-1",
        "member": member_id,
        "at": "2026-03-02T03:00:00Z",
        "lines": [{"amount": 10_000, "quantity": 1}],
    }

    answer = till.post("/purchases", bought)

    assert answer.status_code == 201, answer.json
    assert answer.json["points"] == 100
    assert [(each["points"], each["points_kind"]) for each in answer.json["awards"]] == [
        (100, "points"),
        (3, "flowers"),
    ]
    back = till.post("/purchases/T1-1/refunds", {"refund_id": "R1", "amount": 10_000})
    assert (back.json["clawed_points"], back.json["debt_points"]) == (100, 0)
    assert flowers(till, member_id) == 0
