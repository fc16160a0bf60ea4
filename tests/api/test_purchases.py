"""Purchases made elsewhere, their refunds, and other events."""

import pytest

from tests.api.till import Till, codes_of, make_till
from tests.factories import ensure_rulebook, make_member, make_rulebook, make_store
from tests.races import run_together


@pytest.fixture
def till(client, clock) -> Till:
    ensure_rulebook()
    return make_till(client)


def purchase(member_id: int, **values: object) -> dict[str, object]:
    lines = [{"amount": 12690, "quantity": 2, "sku": "SHAMPOO"}, {"amount": 3000}]
    at = "2026-03-02T11:58:00+08:00"
    return {"external_id": "T1-42", "member": member_id, "at": at, "lines": lines, **values}


def test_a_purchase_earns_and_says_why(till):
    make_rulebook()
    answer = till.post("/purchases", purchase(make_member()), key=None)

    award = answer.json["awards"][0]
    assert answer.status_code == 201
    assert (answer.json["points"], award["points"]) == (156, 156)
    assert award["rulebook_version"]
    assert "156" in award["explanation"]
    assert award["reasons"][0]["code"] == "earned_on_amount"


def test_the_same_purchase_again_gets_the_first_answer_without_a_key_too(till):
    member_id = make_member()
    first = till.post("/purchases", purchase(member_id), key=None)

    again = till.post("/purchases", purchase(member_id), key=None)
    other = till.post("/purchases", purchase(member_id, lines=[{"amount": 1}]), key=None)

    assert again.data == first.data
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json["code"]) == (409, "key_reused")


@pytest.mark.parametrize(
    ("values", "path", "code"),
    [
        ({"lines": []}, "lines", "too_few_items"),
        ({"lines": [{"amount": 1.5}]}, "lines[0].amount", "not_a_whole_number"),
        ({"lines": [{"amount": -1}]}, "lines[0].amount", "below_minimum"),
        ({"lines": [{"amount": 1, "quantity": 0}]}, "lines[0].quantity", "below_minimum"),
        ({"lines": [{"amount": 1, "price": 1}]}, "lines[0].price", "unknown_key"),
        ({"currency": "USD"}, "currency", "not_a_choice"),
        ({"at": "2026-03-02T12:00:00"}, "at", "not_a_moment"),
        ({"at": 1772424000}, "at", "not_a_moment"),
        ({"external_id": "a b"}, "external_id", "text_malformed"),
        ({"store": 99}, "store", "not_a_choice"),
    ],
)
def test_a_purchase_that_makes_no_sense_is_refused(till, values, path, code):
    answer = till.post("/purchases", purchase(make_member(), **values))

    assert answer.status_code == 422
    assert codes_of(answer) == [(path, code)]


def test_a_purchase_of_the_future_or_of_long_ago_is_refused(till):
    member_id = make_member()

    answers = [
        till.post("/purchases", purchase(member_id, at=at))
        for at in ("2026-03-03T12:00:00Z", "2024-01-01T00:00:00Z")
    ]

    assert [answer.status_code for answer in answers] == [422, 422]


def test_one_number_for_two_members_at_one_moment_is_one_purchase(app, till):
    members = [make_member() for _ in range(4)]

    def report(member_id: int) -> tuple[int, str | None]:
        each = Till(app.test_client(), till.token, till.key_id)
        answer = each.post("/purchases", purchase(member_id), key=None)
        return answer.status_code, answer.json.get("code")

    outcomes = run_together([lambda member_id=member_id: report(member_id) for member_id in members])

    assert sorted(outcome.result for outcome in outcomes) == [(201, None), *[(409, "key_reused")] * 3]


def test_a_refund_takes_back_its_share_once(till):
    member_id = make_member()
    till.post("/purchases", purchase(member_id))
    refund = {"refund_id": "R1", "lines": [{"sku": "SHAMPOO", "quantity": 1}]}

    first = till.post("/purchases/T1-42/refunds", refund)
    again = till.post("/purchases/T1-42/refunds", refund)
    too_much = till.post("/purchases/T1-42/refunds", {"refund_id": "R2", "amount": 12690})
    rest = till.post("/purchases/T1-42/refunds", {"refund_id": "R3", "amount": 9345})

    assert first.json["refunded"] == {"amount": 6345, "currency": "CNY"}
    assert again.data == first.data
    assert (too_much.status_code, too_much.json["params"]["left_cents"]) == (409, 9345)
    assert first.json["clawed_points"] + rest.json["clawed_points"] == 156


def test_a_refund_of_nothing_known_is_not_found(till):
    assert till.post("/purchases/unknown/refunds", {"refund_id": "R1", "amount": 1}).status_code == 404


def test_a_till_of_a_store_reports_for_that_store_alone(client, clock):
    mine, other = make_store(), make_store("别家店")
    till, member_id = make_till(client, store_id=mine), make_member()

    answers = [
        till.post("/purchases", purchase(member_id, external_id=f"T{place}", **values))
        for place, values in enumerate(({}, {"store": mine}, {"store": other}))
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 422]


def test_an_event_is_recorded_once(till):
    body = {"id": "survey-1", "member": make_member(), "event": "survey_answered"}

    first, again = till.post("/events", body, key=None), till.post("/events", body, key=None)

    assert (first.status_code, first.json["points"]) == (201, 0)
    assert again.data == first.data
    assert till.post("/events", {**body, "event": "purchase"}, key=None).status_code == 422
