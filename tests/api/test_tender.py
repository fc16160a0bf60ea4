"""Points as tender at a till: quoted, held, captured, voided, given back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.books.redemptions import hold_reference
from shop.extensions import db
from shop.models import Hold
from shop.queries.points.balance import balance_of
from shop.rules.rulebook import OffsetWindow
from shop.services.points.lapsing import release_stale_holds
from shop.services.points.tender import end_overdue_tenders
from tests.api.till import Till, make_till
from tests.factories import AT_ONCE, MONDAY, ensure_rulebook, make_member, make_rulebook, make_store
from tests.races import run_together

BILL = {"amount": 12690, "points": 300, "receipt": "T1-1"}


@pytest.fixture
def till(client, clock) -> Till:
    ensure_rulebook()
    return make_till(client)


def held(till: Till, member_id: int, **values: object) -> str:
    answer = till.post("/redemptions", {**BILL, "member": member_id, **values})
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def test_a_bill_is_quoted_held_and_captured(till):
    member_id = make_member(points=2000)
    quote = till.post(
        "/redemptions/quote", {"member": member_id, "amount": 12690, "points": 305}, key=None
    ).json

    number = held(till, member_id)
    during = till.get(f"/members/{member_id}/points").json
    captured = till.post(f"/redemptions/{number}/capture")
    again = till.post(f"/redemptions/{number}/capture")

    assert (quote["points"], quote["off"]["amount"], quote["left"]["amount"]) == (300, 300, 12390)
    assert quote["points_max"] == 2000
    assert (during["available"], during["held"]) == (1700, 300)
    assert captured.json["state"] == again.json["state"] == "captured"
    assert till.get(f"/members/{member_id}/points").json["available"] == 1700
    entry = till.get(f"/members/{member_id}/ledger").json["entries"][0]
    assert (entry["kind"], entry["points"]) == ("redeem", -300)
    assert "T1-1" in entry["explanation"]


def test_a_quote_moves_nothing(till):
    member_id = make_member(points=2000)

    quote = till.post("/redemptions/quote", {"member": member_id, "amount": 12690}, key=None).json

    assert quote["points"] == quote["points_max"] == 2000
    assert balance_of(member_id, MONDAY).available == 2000


@pytest.mark.parametrize("points", [305, 6400])
def test_only_as_many_points_as_the_rules_allow(till, points):
    answer = till.post("/redemptions", {**BILL, "member": make_member(points=9000), "points": points})

    assert (answer.status_code, answer.json["code"]) == (422, "points_not_usable")
    assert answer.json["params"]["points_max"] == 6340


def test_points_that_are_not_there_cannot_be_held(till):
    answer = till.post("/redemptions", {**BILL, "member": make_member(points=299)})

    assert (answer.status_code, answer.json["code"]) == (409, "insufficient_points")


def test_a_void_lets_go_and_nothing_can_be_taken_after(till):
    member_id = make_member(points=500)
    number = held(till, member_id)

    voided, again = till.post(f"/redemptions/{number}/void"), till.post(f"/redemptions/{number}/void")
    late = till.post(f"/redemptions/{number}/capture")

    assert voided.json["state"] == again.json["state"] == "voided"
    assert (late.status_code, late.json["code"]) == (409, "redemption_ended")
    assert balance_of(member_id, MONDAY).available == 500


def test_what_was_taken_cannot_be_let_go(till):
    number = held(till, make_member(points=500))
    till.post(f"/redemptions/{number}/capture")

    assert till.post(f"/redemptions/{number}/void").status_code == 409


def test_a_till_that_never_comes_back_lets_go_by_itself(till, clock):
    member_id = make_member(points=500)
    number = held(till, member_id, hold_minutes=5)

    clock.move(minutes=5)
    state_before_the_job = till.get(f"/redemptions/{number}").json["state"]
    late = till.post(f"/redemptions/{number}/capture")
    ended = end_overdue_tenders(clock.now)

    assert state_before_the_job == "expired"
    assert late.status_code == 409
    assert (ended, end_overdue_tenders(clock.now)) == (1, 0)
    assert balance_of(member_id, clock.now).available == 500
    assert db.session.scalar(select(Hold.state).where(Hold.reference == hold_reference(number))) == "expired"


def test_the_net_below_does_not_end_a_hold_before_its_time(till, clock):
    number = held(till, make_member(points=500), hold_minutes=60)

    release_stale_holds(clock.move(minutes=59))

    assert till.post(f"/redemptions/{number}/capture").json["state"] == "captured"


def test_a_refund_gives_points_back_to_their_lots_in_parts(till):
    member_id = make_member(points=500)
    number = held(till, member_id)
    till.post(f"/redemptions/{number}/capture")

    first = till.post(f"/redemptions/{number}/refunds", {"refund_id": "R1", "points": 100}, key=None)
    again = till.post(f"/redemptions/{number}/refunds", {"refund_id": "R1", "points": 100}, key=None)
    too_much = till.post(f"/redemptions/{number}/refunds", {"refund_id": "R2", "points": 201})
    rest = till.post(f"/redemptions/{number}/refunds", {"refund_id": "R3"})
    nothing = till.post(f"/redemptions/{number}/refunds", {"refund_id": "R4"})

    assert (first.json["refunded_points"], first.json["refunded"]["amount"]) == (100, 100)
    assert again.json["refunded_points"] == 100
    assert (too_much.status_code, nothing.status_code) == (422, 422)
    assert (rest.json["refunded_points"], rest.json["refunded"]["amount"]) == (300, 300)
    entries = till.get(f"/members/{member_id}/ledger").json["entries"]
    assert balance_of(member_id, MONDAY).available == 500
    assert {entry["corrects"] for entry in entries if entry["kind"] == "restore"} == {entries[-2]["id"]}


def test_a_refund_name_stands_for_one_refund(till):
    number = held(till, make_member(points=500))
    till.post(f"/redemptions/{number}/capture")
    till.post(f"/redemptions/{number}/refunds", {"refund_id": "R1", "points": 100})

    answer = till.post(f"/redemptions/{number}/refunds", {"refund_id": "R1", "points": 50})

    assert answer.json["code"] == "key_reused"


def test_what_was_never_taken_cannot_go_back(till):
    number = held(till, make_member(points=500))

    assert till.post(f"/redemptions/{number}/refunds", {"refund_id": "R1"}).status_code == 409


def test_another_store_s_till_does_not_know_it(client, clock):
    mine, other = (make_till(client, store_id=make_store(name)) for name in ("这家", "那家"))
    number = held(mine, make_member(points=500))

    answers = [
        other.get(f"/redemptions/{number}"),
        other.post(f"/redemptions/{number}/capture"),
        other.post(f"/redemptions/{number}/void"),
        other.post(f"/redemptions/{number}/refunds", {"refund_id": "R1"}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert make_till(client).get(f"/redemptions/{number}").status_code == 200


def test_many_captures_and_voids_at_one_moment_have_one_end(app, till):
    member_id = make_member(points=500)
    number = held(till, member_id)

    def end(deed: str) -> int:
        return (
            Till(app.test_client(), till.token, till.key_id).post(f"/redemptions/{number}/{deed}").status_code
        )

    run_together([lambda deed=deed: end(deed) for deed in ("capture", "void") * 5])

    left = balance_of(member_id, MONDAY)
    assert (left.available, left.held) in ((200, 0), (500, 0))


def test_twenty_tills_cannot_spend_the_same_points(app, till):
    member_id = make_member(points=1000)

    def hold() -> int:
        each = Till(app.test_client(), till.token, till.key_id)
        return each.post("/redemptions", {**BILL, "member": member_id}).status_code

    outcomes = run_together([hold] * 20)

    assert sorted(outcome.result for outcome in outcomes) == [201] * 3 + [409] * 17


def test_a_window_for_a_tier_counts_at_the_till_too(till):
    twice = OffsetWindow(
        name="青枝周",
        starts_at=MONDAY - timedelta(days=1),
        ends_at=MONDAY + timedelta(days=1),
        points=50,
        per_cents=100,
        tiers=("branch",),
    )
    make_rulebook(replace(AT_ONCE, offset=replace(AT_ONCE.offset, windows=(twice,))))
    member_id, other_id = make_member(points=2000, tier_code="branch"), make_member(points=2000)

    bill = {"amount": 12690, "points": 300}
    quoted = till.post("/redemptions/quote", {**bill, "member": member_id}, key=None).json
    others = till.post("/redemptions/quote", {**bill, "member": other_id}, key=None).json
    number = held(till, member_id)

    assert (quoted["off"]["amount"], others["off"]["amount"]) == (600, 300)
    assert till.get(f"/redemptions/{number}").json["off"]["amount"] == 600
