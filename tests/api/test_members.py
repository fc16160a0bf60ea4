"""Members and their points, as a till asks for them; points given and taken by a program."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.extensions import db
from shop.models import Member
from shop.queries.points.balance import balance_of
from tests.api.till import Till, codes_of, make_till
from tests.factories import MONDAY, ensure_rulebook, give_points, make_member
from tests.races import run_together


@pytest.fixture
def till(client, clock) -> Till:
    ensure_rulebook()
    return make_till(client)


def test_a_newcomer_is_enrolled_and_found_by_phone(till):
    made = till.post("/members", {"phone": "139 0571 2046", "name": "林小满"})

    found = till.get("/members?phone=13905712046")

    assert made.status_code == 201
    assert made.headers["Location"].endswith(f"/members/{made.json['id']}")
    assert found.json == made.json == till.get(f"/members/{made.json['id']}").json
    assert (found.json["name"], found.json["tier"]["code"]) == ("林小满", "sprout")
    assert "0571" not in found.json["phone"]


def test_one_phone_is_one_member(till):
    till.post("/members", {"phone": "13905712046"})

    again = till.post("/members", {"phone": "+8613905712046", "name": "别人"})

    assert (again.status_code, again.json["code"]) == (409, "phone_taken")
    assert len(list(db.session.scalars(select(Member.id)))) == 1


@pytest.mark.parametrize("phone", ["123", "abc", "１３９０５７１２０４６", "139057120461"])
def test_what_is_no_phone_is_refused(till, phone):
    answers = [till.post("/members", {"phone": phone}), till.get(f"/members?phone={phone}")]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert codes_of(answers[0]) == [("phone", "text_malformed")]


@pytest.mark.parametrize(
    "path", ["/members/99", "/members/99/points", "/members/99/ledger", "/members?phone=13905712046"]
)
def test_nobody_is_not_found(till, path):
    assert till.get(path).status_code == 404


def test_the_balance_says_what_ends_when(till):
    member_id = make_member(points=500)
    give_points(member_id, 30, source_class="interaction")
    till.post("/redemptions", {"member": member_id, "amount": 12690, "points": 100, "receipt": "T1-1"})

    points = till.get(f"/members/{member_id}/points").json

    assert (points["available"], points["held"], points["owed"]) == (430, 100, 0)
    assert points["expiring"] == [{"on": "2027-12-31", "points": 430}] or len(points["expiring"]) == 2
    assert sum(part["points"] for part in points["expiring"]) == 430


def test_the_ledger_explains_every_entry_page_by_page(till):
    member_id = make_member()
    granted = till.post("/points/grants", {"member": member_id, "points": 200, "reason": "问卷答谢"}).json
    taken = till.post("/points/deductions", {"member": member_id, "points": 50, "reason": "换购"}).json

    first = till.get(f"/members/{member_id}/ledger?limit=1").json
    second = till.get(f"/members/{member_id}/ledger?limit=1&after={first['next']}").json

    assert first["entries"] == [taken]
    assert [entry["id"] for entry in second["entries"]] == [granted["id"]]
    assert second["next"] is None
    assert second["entries"][0]["lot"]["remaining"] == 150
    assert (granted["kind"], granted["source_class"], granted["explanation"]) == (
        "grant",
        "grant",
        "问卷答谢",
    )
    assert granted["lot"]["remaining"] == 200
    assert taken["moves"] == [
        {"entry": granted["id"], "points": -50, "expires_on": granted["lot"]["expires_on"]}
    ]


def test_the_member_hears_of_points_that_a_program_gave(till, as_member):
    member_id = make_member()
    till.post("/points/grants", {"member": member_id, "points": 200, "reason": "问卷答谢"})

    assert "问卷答谢" in as_member(member_id).get("/member/points").text


def test_a_partner_gives_no_more_than_its_budget_of_the_month(client, clock):
    member_id = make_member()
    partner = make_till(client, "points:write", points_per_month=500)

    def give(points: int) -> int:
        body = {"member": member_id, "points": points, "reason": "联名活动"}
        return partner.post("/points/grants", body).status_code

    assert [give(300), give(201), give(501), give(200), give(1)] == [201, 409, 409, 201, 409]
    assert balance_of(member_id, clock.now).available == 500
    clock.stand_at(MONDAY + timedelta(days=31))
    assert give(500) == 201


def test_a_partner_s_budget_holds_when_all_give_at_once(app, client, clock):
    members = [make_member() for _ in range(8)]
    partner = make_till(client, "points:write", points_per_month=300)

    def give(member_id: int) -> int:
        till = Till(app.test_client(), partner.token, partner.key_id)
        return till.post(
            "/points/grants", {"member": member_id, "points": 100, "reason": "联名活动"}
        ).status_code

    outcomes = run_together([lambda member_id=member_id: give(member_id) for member_id in members])

    assert sorted(outcome.result for outcome in outcomes) == [201] * 3 + [409] * 5
