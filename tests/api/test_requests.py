"""What is sent is read strictly; what is refused says where and why; a repeat gets the first answer."""

import json

import pytest
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import ApiRequest, PointsEntry
from shop.queries.points.balance import balance_of
from shop.services.members.retention import forget_what_is_over
from tests.api.till import Till, codes_of, make_till
from tests.factories import MONDAY, ensure_rulebook, make_member
from tests.races import run_together

GRANT = {"points": 200, "reason": "问卷答谢"}


@pytest.fixture
def till(client, clock) -> Till:
    ensure_rulebook()
    return make_till(client)


def entries_count() -> int:
    db.session.rollback()
    return int(db.session.scalar(select(func.count(PointsEntry.id))) or 0)


# Bodies


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("points", "200", "not_a_whole_number"),
        ("points", 200.0, "not_a_whole_number"),
        ("points", True, "not_a_whole_number"),
        ("points", "1e3", "not_a_whole_number"),
        ("points", None, "not_a_whole_number"),
        ("points", [200], "not_a_whole_number"),
        ("points", 0, "below_minimum"),
        ("points", -1, "below_minimum"),
        ("points", 2**63, "above_maximum"),
        ("reason", "", "text_empty"),
        ("reason", "a\x00b", "text_malformed"),
        ("reason", "\u202eabc", "text_malformed"),
        ("reason", "\ud800", "text_malformed"),
        ("reason", "长" * 201, "text_too_long"),
        ("reason", {"a": 1}, "not_a_text"),
        ("source_class", "gift", "not_a_choice"),
        ("member", 2**31, "above_maximum"),
        ("price_cents", 1, "unknown_key"),
        ("\ud800", 1, "unknown_key"),
    ],
)
def test_a_field_that_makes_no_sense_is_named(till, field, value, code):
    body = {"member": make_member(), **GRANT, field: value}
    before = entries_count()

    answer = till.post("/points/grants", body)

    assert answer.status_code == 422
    assert answer.json["code"] == "invalid_input"
    assert [each["code"] for each in answer.json["errors"]] == [code]
    assert answer.json["errors"][0]["message"]
    assert entries_count() == before


def test_every_fault_is_told_at_once(till):
    answer = till.post("/points/grants", {"member": "1", "points": 0, "colour": "red"})

    assert sorted(codes_of(answer)) == [
        ("colour", "unknown_key"),
        ("member", "not_a_whole_number"),
        ("points", "below_minimum"),
        ("reason", "missing"),
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'"text"',
        b"{",
        b"\xff\xfe",
        b'{"points": NaN}',
        b'{"points": 1, "points": 2}',
        b"[" * 100_000,
        b'{"points": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_that_is_no_object_is_refused(till, raw):
    answer = till.post("/points/grants", raw=raw)

    assert answer.status_code == 400
    assert answer.json["code"] == "body_unreadable"


def test_a_form_is_not_json(till):
    headers = {"Authorization": f"Bearer {till.token}", "Idempotency-Key": "a"}

    answer = till.client.post("/api/v1/points/grants", data={"points": 1}, headers=headers)

    assert answer.status_code == 415
    assert answer.json["code"] == "not_json"


def test_a_body_may_not_be_too_large(till):
    answer = till.post("/points/grants", raw=b'{"reason": "' + b"x" * 300_000 + b'"}')

    assert answer.status_code == 413
    assert answer.json["code"] == "body_too_large"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "limit=１", "limit=1&limit=2", "colour=1"]
)
def test_parameters_are_read_strictly_too(till, query):
    answer = till.get(f"/members/{make_member()}/ledger?{query}")

    assert answer.status_code == 422
    assert len(answer.json["errors"]) == 1


@pytest.mark.parametrize("path", ["/nothing", "/members/0x1", "/members/99999999999", "/members/%00", "/"])
def test_an_unknown_address_is_a_problem_document(till, path):
    answer = till.get(path)

    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == "not_found"


def test_another_method_is_told_which_are_possible(till):
    answer = till.ask("PUT", "/members")

    assert answer.status_code == 405
    assert answer.json["code"] == "method_not_allowed"
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}


def test_a_refusal_speaks_the_language_of_the_request(till):
    answers = [till.get("/members/99", headers={"Accept-Language": language}) for language in ("zh-CN", "en")]

    assert {answer.json["title"] for answer in answers} == {"Not found"}
    assert answers[0].json["detail"] != answers[1].json["detail"]


def test_another_site_s_browser_without_a_key_moves_nothing(client, clock):
    answer = client.post("/api/v1/points/grants", json={}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 401


# Repeats


def test_a_repeat_gets_the_first_answer_byte_for_byte(till):
    body = {"member": make_member(), **GRANT}

    first = till.post("/points/grants", body, key="once")
    again = till.post("/points/grants", dict(reversed(body.items())), key="once")

    assert first.status_code == again.status_code == 201
    assert first.data == again.data
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert balance_of(body["member"], MONDAY).available == 200


def test_the_first_answer_stands_even_when_the_world_has_moved_on(till):
    member_id = make_member()
    first = till.post("/members", {"phone": "13900000001"}, key="enrol")
    till.post("/points/grants", {"member": first.json["id"], **GRANT})

    again = till.post("/members", {"phone": "13900000001"}, key="enrol")

    assert again.data == first.data
    assert again.headers["Location"] == first.headers["Location"]
    assert first.json["id"] != member_id


def test_the_same_key_with_another_body_is_refused(till):
    member_id = make_member()
    till.post("/points/grants", {"member": member_id, **GRANT}, key="once")

    answer = till.post("/points/grants", {"member": member_id, **GRANT, "points": 300}, key="once")

    assert answer.status_code == 409
    assert answer.json["code"] == "key_reused"
    assert balance_of(member_id, MONDAY).available == 200


def test_the_same_key_at_another_address_is_refused(till):
    body = {"member": make_member(points=500), **GRANT}
    till.post("/points/grants", body, key="once")

    assert till.post("/points/deductions", body, key="once").json["code"] == "key_reused"


def test_two_programs_may_use_the_same_key(client, till):
    member_id = make_member()

    for each in (till, make_till(client)):
        each.post("/points/grants", {"member": member_id, **GRANT}, key="once")

    assert balance_of(member_id, MONDAY).available == 400


def test_a_refusal_is_not_kept(till):
    member_id = make_member(points=100)
    body = {"member": member_id, "points": 200, "reason": "换购"}
    refused = till.post("/points/deductions", body, key="later")
    till.post("/points/grants", {"member": member_id, **GRANT})

    answer = till.post("/points/deductions", body, key="later")

    assert refused.status_code == 409
    assert refused.json["params"] == {"missing_points": 100}
    assert answer.status_code == 201


@pytest.mark.parametrize("key", ["", "with space", "密", "x" * 101])
def test_a_key_that_is_no_key_is_refused(till, key):
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}

    answer = till.ask("POST", "/points/grants", {"member": make_member(), **GRANT}, headers=headers)

    assert answer.status_code == 400
    assert answer.json["code"] == "idempotency_key_malformed"


def test_what_could_happen_twice_needs_a_key(till):
    answer = till.post("/points/grants", {"member": make_member(), **GRANT}, key=None)

    assert answer.status_code == 400
    assert answer.json["code"] == "idempotency_key_missing"


def test_many_at_one_moment_have_one_effect(app, till):
    member_id = make_member()
    body = {"member": member_id, **GRANT}

    def send() -> tuple[int, bytes]:
        answer = Till(app.test_client(), till.token, till.key_id).post(
            "/points/grants", body, key="all-at-once"
        )
        return answer.status_code, answer.data

    outcomes = run_together([send] * 12)

    assert {outcome.error for outcome in outcomes} == {None}
    assert len({outcome.result for outcome in outcomes}) == 1
    assert outcomes[0].result[0] == 201
    assert balance_of(member_id, MONDAY).available == 200


def test_many_enrolments_at_one_moment_are_one_member(app, till):
    def send() -> tuple[int, bytes]:
        answer = Till(app.test_client(), till.token, till.key_id).post(
            "/members", {"phone": "13900000002"}, key="new"
        )
        return answer.status_code, answer.data

    outcomes = run_together([send] * 8)

    assert len({outcome.result for outcome in outcomes}) == 1
    assert outcomes[0].result[0] == 201


def test_an_answer_is_kept_in_the_commit_of_its_effect(till, monkeypatch):
    """A process that dies before the commit leaves neither; one that dies after it leaves both."""
    member_id = make_member()
    till.post("/points/grants", {"member": member_id, **GRANT}, key="kept")

    kept = db.session.execute(select(ApiRequest.key, ApiRequest.status, ApiRequest.body)).one()

    assert (kept.key, kept.status) == ("kept", 201)
    assert json.loads(kept.body)["points"] == 200


def test_answers_are_kept_for_seven_days(till, clock):
    member_id = make_member()
    body = {"member": member_id, **GRANT}
    till.post("/points/grants", body, key="old")

    forget_what_is_over(clock.move(days=6, hours=23))
    assert db.session.scalar(select(func.count(ApiRequest.key))) == 1
    forget_what_is_over(clock.move(hours=2))

    assert db.session.scalar(select(func.count(ApiRequest.key))) == 0
    again = till.post("/points/grants", body, key="old")
    assert again.status_code == 201
    assert balance_of(member_id, clock.now).available == 200  # the grant itself is still known by its key
